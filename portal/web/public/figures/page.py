"""What the page of the public statistics shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from portal.organisation import queries as organisation
from portal.organisation.sections import Promise
from portal.statistics.figures.definitions import DEFINITIONS, Definition
from portal.statistics.published import queries as published
from portal.statistics.published.queries import Extent, PublicRow, figures
from portal.statistics.published.tree import Table
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web.public.figures import chart as charts
from portal.web.public.figures import rows as tables
from portal.web.public.figures.period import YEAR, BadChoice, Choice
from portal.web.public.figures.rows import Promised
from portal.words.dates import month_span


@dataclass(frozen=True)
class Tab:
    """A period that the reader can choose."""

    text: str
    href: str
    current: bool


def what_is_promised() -> Promised:
    """What the municipality promises."""
    promise = organisation.profile().promise
    answer = promise.answer_working_days is not None
    return Promised(answer, not answer and promise.contact_working_days is not None)


def empty(extent: Extent | None, problem: BadChoice | None = None) -> dict[str, object]:
    """The page without figures: there are none yet, or what was asked for cannot be shown."""
    promise = organisation.profile().promise
    return {
        "heading": heading(promise),
        "lead": " ".join(_promise_texts(promise)),
        "tabs": _tabs(extent, None) if extent else [],
        "problem": problem.text if problem else "",
        "definitions": _definitions(what_is_promised()),
    }


def whole(extent: Extent, choice: Choice) -> dict[str, object]:
    """The page of a period, for all boards."""
    first, last = choice.months(extent)
    rows = published.rows(first, last)
    promise = what_is_promised()
    of_kinds = [row for row in rows if row.table is Table.KIND]
    if not of_kinds:
        return empty(extent)
    profile = organisation.profile()
    # A year has its boards when it is complete; the latest twelve months show those of the last one that is.
    of_boards = [row for row in rows if row.table is Table.BOARD] or _latest_boards(choice)
    goal = profile.goal.percent if profile.goal else None
    return empty(extent) | {
        "tabs": _tabs(extent, choice),
        "lead": " ".join([*_promise_texts(profile.promise), _period_text(first, last)]),
        "sentence": charts.sentence(rows, last, promise) if last == extent.last else "",
        "total": tables.row("", figures(of_kinds), promise),
        "answered": figures(of_kinds).answered,
        "promised": promise,
        "goal": goal,
        "boards": tables.boards(of_boards, organisation.every_board(), promise),
        "boards_year": of_boards[0].last.year if of_boards else None,
        "chart": charts.chart(rows, first, last, promise, goal),
        "kinds": tables.kinds(rows, profile.kinds, promise),
        "counts": _counts(rows),
    }


def of_board(extent: Extent | None, choice: Choice) -> dict[str, object]:
    """The page of one board: its years."""
    board = choice.board
    assert board is not None
    rows = [row for row in published.rows_of_boards() if board.id in row.keys]
    chosen = [row for row in rows if choice.year in (None, row.last.year)]
    return empty(extent) | {
        "tabs": [],
        "heading": board.name,
        "is_closed": board.is_closed,
        "is_board": True,
        "promised": what_is_promised(),
        "goal": _goal(),
        "years": tables.of_board(chosen, what_is_promised()),
    }


def _goal() -> int | None:
    goal = organisation.profile().goal
    return goal.percent if goal else None


def _latest_boards(choice: Choice) -> list[PublicRow]:
    if choice.year is not None:
        return []
    rows = published.rows_of_boards()
    return [row for row in rows if row.last == rows[-1].last]


def _counts(rows: Sequence[PublicRow]) -> list[tuple[str, list[tables.Count]]]:
    names = {Table.FATE: DEFINITIONS["fates"].name, Table.TOPIC: _("Ämnen"), Table.UNIT: _("Enheter")}
    sections = []
    for table, name in names.items():
        own = [row for row in rows if row.table is table]
        if own:
            sections.append((f"{name} {own[0].last.year}", tables.counts(own, table)))
    return sections


def _tabs(extent: Extent, choice: Choice | None) -> list[Tab]:
    latest = url_for("public.statistics_page")
    is_latest = choice is not None and choice.year is None
    tabs = [Tab(_("Senaste 12 månaderna"), latest, is_latest)]
    for year in extent.years:
        is_chosen = choice is not None and choice.year == year
        tabs.append(Tab(str(year), f"{latest}?{YEAR}={year}", is_chosen))
    return tabs


def heading(promise: Promise) -> str:
    """The heading: of a promise, where there is one."""
    days = promise.answer_working_days or promise.contact_working_days
    return _("Håller vi vad vi lovar?") if days else _("Hur snabbt svarar vi?")


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


def _period_text(first: date, last: date) -> str:
    return _("Så gick det %(period)s.", period=month_span(first, last))


def _definitions(promise: Promised) -> list[Definition]:
    answer = ("answered_in_time", "closed_in_time", "summer") if promise.answer else ()
    contact = ("contact_in_time",) if promise.contact else ()
    names = ("received", "fates", *answer, *contact, "median", "reopened", "closed_months", "small")
    return [DEFINITIONS[name] for name in names]
