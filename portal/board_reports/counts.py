"""Count a report: the figures and tables of the counted months, the patterns and the improvements."""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

from portal import clock
from portal.board_reports import definitions, improvements, patterns, tables
from portal.board_reports.content import (
    FATE,
    TABLES,
    Figure,
    Growth,
    ProposalLine,
    ReportContent,
    Row,
    Shown,
    Table,
)
from portal.board_reports.rules import is_compared
from portal.board_reports.tables import Line, rounded, rounded_value
from portal.cases.enums import Kind
from portal.identity.actors import Role, Staff, System
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.sums import Sums
from portal.statistics.inside import queries
from portal.statistics.inside.measures import shown_measures
from portal.statistics.inside.rules import (
    Group,
    Hidden,
    Measure,
    Months,
    Narrowed,
    following,
    paired,
    value,
    whole,
)

# Its figures are what a reader without a scope gets: of closed months, and of all cases.
READER = Staff(person=0, role=Role.PROCESS_OWNER)
MAX_TOPICS = 10
DAYS = frozenset({Measure.MEDIAN, Measure.NINE_OF_TEN, Measure.SOLVED})


def count(board: Board, months: Months) -> ReportContent | None:
    """The content of a report on counted months; None if nothing came in."""
    counted = queries.counted_months()
    assert counted
    compared = is_compared(months, counted)
    groups = {by: _groups(board.id, months, by, compared) for by in TABLES if isinstance(by, Dimension)}
    everything = whole(groups[Dimension.KIND])
    if not everything.sums["cases"]:
        return None
    rows: dict[str, list[Line]] = {by: tables.lines(own, compared) for by, own in groups.items()}
    rows[FATE] = tables.lines(tables.fate_groups(everything), compared)
    suggestions = _suggestions(board.id, months)
    seen = patterns.patterns(System(), board.id, months, compared)
    known = improvements.improvements(System(), board.id, months)
    return ReportContent(
        board=board.name,
        first=months.first,
        last=months.last,
        counted_on=clock.today(),
        compared=compared,
        too_many=seen.too_many,
        figures=tuple(_figure(measure, everything, compared) for measure in shown_measures()),
        tables=tuple(_table(by, rows[by], compared) for by in TABLES),
        grown_topics=_grown_topics(rows[Dimension.TOPIC]) if compared else (),
        grown_words=seen.words,
        places=seen.places,
        repeated_senders=seen.repeated_senders,
        decided=known.decided,
        done=known.done,
        overdue=known.overdue,
        proposals=_proposals(suggestions),
        suggestions=rounded(whole(suggestions).sums["cases"]),
        staff_proposals=improvements.staff_proposals(System(), board.id, months),
        definitions=definitions.of_now(shown_measures()),
    )


def _groups(board: int, months: Months, by: Dimension, compared: bool) -> list[Group]:
    narrowed = Narrowed(board=board)
    now = queries.figures(READER, months, narrowed, by)
    if by is Dimension.MONTH:
        # A month without a case has a row, beside which the year before is shown.
        now = {month: now.get(month, Sums()) for month in _each_month(months)}
    before = queries.figures(READER, months.year_before(), narrowed, by) if compared else {}
    return paired(now, before, by)


def _each_month(months: Months) -> list[date]:
    every = [months.first]
    while every[-1] < months.last:
        every.append(following(every[-1]))
    return every


def _figure(measure: Measure, everything: Group, compared: bool) -> Figure:
    before = _shown(measure, everything.before) if compared else Hidden.NONE
    return Figure(measure, _shown(measure, everything.sums), before)


def _shown(measure: Measure, sums: Sums) -> Shown:
    own = value(measure, sums, exact=False)
    # Days are no count of cases.
    return own if measure in DAYS and isinstance(own, int) else rounded_value(own)


def _table(by: str, rows: list[Line], compared: bool) -> Table:
    return Table(by, tuple(_row(by, line, compared) for line in rows))


def _row(by: str, line: Line, compared: bool) -> Row:
    now, before = rounded(line.cases), rounded(line.cases_before) if compared else Hidden.NONE
    if line.merged:
        return Row("", "", now, before, merged=True)
    name = _names(by).get(line.key, "") if line.key is not None else ""
    return Row(_key(line.key), name, now, before)


def _key(key: Hashable) -> str:
    if isinstance(key, date):
        return key.isoformat()
    return "" if key is None else str(key)


def _names(by: str) -> Mapping[Any, str]:
    match by:
        case Dimension.TOPIC:
            return organisation.topic_names()
        case Dimension.UNIT:
            return organisation.unit_names()
        case _:
            return {}


def _grown_topics(rows: list[Line]) -> tuple[Growth, ...]:
    """The topics that have grown most."""
    names = _names(Dimension.TOPIC)
    grown = []
    for row in rows:
        is_topic = isinstance(row.key, int) and not row.merged
        if is_topic and tables.has_grown(row.cases, row.cases_before):
            topic = Growth(names[row.key], rounded(row.cases), rounded(row.cases_before))
            grown.append((row.cases_before - row.cases, topic))
    grown.sort(key=lambda topic: (topic[0], topic[1].name))
    return tuple(topic for _more, topic in grown[:MAX_TOPICS])


def _suggestions(board: int, months: Months) -> list[Group]:
    """The suggestions of people by topic."""
    narrowed = Narrowed(board=board, kind=Kind.SUGGESTION)
    return paired(queries.figures(READER, months, narrowed, Dimension.TOPIC), {}, Dimension.TOPIC)


def _proposals(suggestions: list[Group]) -> tuple[ProposalLine, ...]:
    """The topics of suggestions, the small ones together; none if there are few suggestions in all."""
    names = _names(Dimension.TOPIC)
    lines = []
    for row in tables.lines(suggestions, compared=False):
        name = "" if row.merged else names.get(row.key, "")
        lines.append(ProposalLine(name, rounded(row.cases), row.merged))
    return () if all(line.merged for line in lines) else tuple(lines)
