"""The public statistics page: how the promise was kept, never about fewer than five cases."""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_percent
from markupsafe import Markup

from portal import clock
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.organisation.sections import Promise
from portal.statistics.queries import statistics as public_statistics
from portal.statistics.rules import Figures, KindStatistics, PromiseShare, Span, Statistics
from portal.translation import gettext as _
from portal.translation import ngettext, page_language
from portal.web.public import public
from portal.words.dates import capital, month_span
from portal.words.kinds import KINDS


class Promised(NamedTuple):
    """The promise of a municipality in working days; None where it promises none."""

    answer_working_days: int | None
    contact_working_days: int | None


@dataclass(frozen=True)
class Share:
    """A share in words, in per cent and as the length of a bar (0 to 100)."""

    text: str
    percent: str
    length: int
    notes: list[str]


@dataclass(frozen=True)
class Row:
    """One row of figures in words; empty or None for a suppressed figure."""

    name: str
    received: str
    answered: int
    median: str
    percentile_90: str
    answer: Share | None
    contact: Share | None


@dataclass(frozen=True)
class KindRows:
    """A kind and its months; `row` is None for fewer than five cases."""

    name: str
    row: Row | None
    months: list[Row]


@public.get("/statistik")
def statistics_page() -> ResponseReturnValue:
    # The portal itself is the actor: the reader sees no case, so no reader's access applies.
    statistics = public_statistics(System())
    profile = organisation.profile()
    promise = profile.promise
    promised = Promised(promise.answer_working_days, promise.contact_working_days)
    return render_template(
        "public/figures.html",
        heading=_heading(promise),
        lead=" ".join([*_promise_texts(promise), *_period_text(statistics)]),
        promise=promise,
        tables=_tables(statistics, promised, tuple(profile.kinds), clock.today(), page_language()),
    )


# The same figures are the same for everybody. The arguments are all that the tables depend on.
@lru_cache(maxsize=8)
def _tables(
    statistics: Statistics, promise: Promised, kinds: tuple[str, ...], _today: date, _language: str
) -> Markup | None:
    """The figures as HTML; None if there are too few cases."""
    if statistics.figures is None:
        return None
    rows = _Rows()
    # A kind that the profile no longer accepts is shown as long as it has figures.
    shown = [kind for kind in statistics.kinds if kind.figures is not None or kind.kind in kinds]
    tables = render_template(
        "public/_figures.html",
        promise=promise,
        total=rows.row("", statistics.figures),
        kinds=[rows.kind(kind) for kind in shown],
    )
    # Our own template has escaped what it was given.
    return Markup(tables)  # noqa: S704


def _heading(promise: Promise) -> str:
    promised = promise.answer_working_days or promise.contact_working_days
    return _("Håller vi vad vi lovar?") if promised else _("Hur snabbt svarar vi?")


def _promise_texts(promise: Promise) -> list[str]:
    texts = []
    if contact := promise.contact_working_days:
        texts.append(
            ngettext(
                "Vi lovar en första kontakt inom %(num)s arbetsdag.",
                "Vi lovar en första kontakt inom %(num)s arbetsdagar.",
                contact,
            )
        )
    if answer := promise.answer_working_days:
        texts.append(
            ngettext(
                "Vi lovar svar inom %(num)s arbetsdag.", "Vi lovar svar inom %(num)s arbetsdagar.", answer
            )
        )
    return texts


def _period_text(statistics: Statistics) -> list[str]:
    spans: list[Span] = []
    for kind in statistics.kinds:
        spans.extend(kind.spans)
    if not spans:
        return []
    period = month_span(min(span.first for span in spans), max(span.last for span in spans))
    return [_("Så gick det %(period)s.", period=period)]


class _Rows:
    """The rows of one page. Months and numbers come again for each kind, so words are kept."""

    def __init__(self) -> None:
        self.span_name = cache(_span_name)
        self.days = cache(_days)
        self.received = cache(_received)
        self.percent = cache(format_percent)
        self.share_text = _("%(part)s av %(whole)s")

    def kind(self, kind: KindStatistics) -> KindRows:
        """The rows of a kind, its newest month first."""
        name = capital(str(KINDS[kind.kind].name))
        row = self.row(name, kind.figures) if kind.figures else None
        return KindRows(name, row, [self.month(span) for span in reversed(kind.spans)])

    def month(self, span: Span) -> Row:
        """The row of a month, or of several."""
        return self.row(self.span_name(span.first, span.last), span.figures)

    def row(self, name: str, figures: Figures) -> Row:
        """One row of figures."""
        return Row(
            name=name,
            received=self.received(figures.received),
            answered=figures.answered,
            median=self.days(figures.median),
            percentile_90=self.days(figures.percentile_90),
            answer=self.share(figures.answer),
            contact=self.share(figures.contact),
        )

    def share(self, share: PromiseShare | None) -> Share | None:
        """A share in words."""
        if share is None:
            return None
        # Rounded down, so that 100 % means every one (docs/decisions/0010).
        length = 100 * share.in_time // share.total
        text = self.share_text % {"part": share.in_time, "whole": share.total}
        return Share(text, self.percent(length / 100), length, _notes(share))


def _span_name(first: date, last: date) -> str:
    name = capital(month_span(first, last))
    is_current = last == clock.today().replace(day=1)
    return _("%(month)s, hittills", month=name) if is_current else name


def _received(count: int) -> str:
    return ngettext("%(num)s ärende", "%(num)s ärenden", count)


def _days(days: int | None) -> str:
    # An answer on day zero took 0 working days; "inom 0 arbetsdagar" would puzzle the reader.
    return "" if days is None else ngettext("%(num)s arbetsdag", "%(num)s arbetsdagar", max(1, days))


def _notes(share: PromiseShare) -> list[str]:
    notes = []
    if share.extended:
        notes.append(ngettext("%(num)s fick ett nytt datum", "%(num)s fick ett nytt datum", share.extended))
    if share.waiting:
        notes.append(
            ngettext("%(num)s är sent och väntar än", "%(num)s är sena och väntar än", share.waiting)
        )
    return notes
