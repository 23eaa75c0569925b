"""The months of the public statistics as columns, and the sentence about the latest one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.statistics.published.closed_months import following
from portal.statistics.published.queries import PublicRow, Share, figures
from portal.statistics.published.tree import Table
from portal.translation import gettext as _
from portal.translation import page_language
from portal.web.public.figures.rows import Bar, Promised, bar, span_name
from portal.words.dates import formatted_date, month_span

# In the units of the picture: a column and the space beside it.
STEP, WIDTH, HEIGHT = 40, 28, 120


@dataclass(frozen=True)
class Column:
    """A month: its place in the picture, and its share; None where there are too few cases of each kind."""

    left: int
    top: int
    height: int
    number: str
    name: str
    full_name: str
    bar: Bar | None


@dataclass(frozen=True)
class Chart:
    """The columns and the size of the picture; `goal` is the height at which the goal is drawn."""

    columns: list[Column]
    width: int
    height: int
    goal: int | None
    goal_percent: int | None


def chart(rows: Sequence[PublicRow], first: date, last: date, promised: Promised, goal: int | None) -> Chart:
    """The months from first to last. A month's column is of the kinds that have a row of that month alone."""
    columns: list[Column] = []
    month = first
    while month <= last:
        columns.append(_column(len(columns), month, of_month(rows, month, promised)))
        month = following(month)
    height = HEIGHT - HEIGHT * goal // 100 if goal else None
    # As wide as a whole year, however few its months are yet: the picture fills the page.
    return Chart(columns, STEP * max(len(columns), 12), HEIGHT, height, goal)


def of_month(rows: Sequence[PublicRow], month: date, promised: Promised) -> Share | None:
    """The share in time of a month, of the kinds that were enough for a row of their own."""
    own = [row for row in rows if row.table is Table.KIND and row.first == row.last == month]
    return promised.share(figures(own))


def _column(number: int, month: date, share: Share | None) -> Column:
    height = HEIGHT * share.percent // 100 if share else 0
    return Column(
        left=number * STEP + (STEP - WIDTH) // 2,
        top=HEIGHT - height,
        height=height,
        number=f"{share.percent}" if share else "–",
        name=formatted_date(month, "MMM", page_language()).replace(".", "")[:3],
        full_name=span_name(month, month),
        bar=bar(share),
    )


def sentence(rows: Sequence[PublicRow], last: date, promised: Promised) -> str:
    """How the latest closed month went. Empty where its cases are too few, or nothing is promised."""
    if not (promised.answer or promised.contact):
        return ""
    share = of_month(rows, last, promised)
    if share is None:
        return ""
    values = {"month": month_span(last, last), "part": share.part, "whole": share.total}
    if promised.answer:
        return _("I %(month)s fick %(part)s av %(whole)s svar i tid.", **values)
    return _("I %(month)s fick %(part)s av %(whole)s en första kontakt i tid.", **values)
