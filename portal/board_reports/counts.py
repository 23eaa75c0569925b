"""Count a report: the figures and tables of the counted months, the patterns and the improvements."""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

from portal import clock
from portal.board_reports import improvements, patterns, tables
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
from portal.board_reports.tables import Line
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
    total = tables.lines([everything], compared)[0].before
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
        tables=tuple(Table(by, tuple(_row(by, line) for line in rows[by])) for by in TABLES),
        grown_topics=_grown_topics(rows[Dimension.TOPIC], total),
        grown_words=seen.words,
        places=seen.places,
        repeated_senders=seen.repeated_senders,
        decided=known.decided,
        done=known.done,
        overdue=known.overdue,
        proposals=_proposals(board.id, months, rows),
        staff_proposals=improvements.staff_proposals(System(), board.id, months),
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
    before = value(measure, everything.before, exact=False) if compared else Hidden.NONE
    return Figure(measure, value(measure, everything.sums, exact=False), before)


def _row(by: str, line: Line) -> Row:
    if line.merged:
        return Row("", "", line.now, line.before, merged=True)
    names = _names(by)
    name = names.get(line.key, "") if line.key is not None else ""
    return Row(_key(line.key), name, line.now, line.before)


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


def _grown_topics(rows: list[Line], total: Shown) -> tuple[Growth, ...]:
    """The topics that have grown, whatever the counts are that are left out."""
    names = _names(Dimension.TOPIC)
    grown = []
    for row, most in zip(rows, tables.most_before(rows, total), strict=True):
        is_topic = isinstance(row.key, int) and not row.merged
        if is_topic and most is not None and tables.has_grown(row.cases, most):
            grown.append((most - row.cases, Growth(names[row.key], row.cases, row.before)))
    grown.sort(key=lambda topic: (topic[0], topic[1].name))
    return tuple(topic for _more, topic in grown[:MAX_TOPICS])


def _proposals(board: int, months: Months, rows: Mapping[str, list[Line]]) -> tuple[ProposalLine, ...]:
    """The suggestions by topic, where their number is in the table of kinds."""
    if not any(row.key == Kind.SUGGESTION and isinstance(row.now, int) for row in rows[Dimension.KIND]):
        return ()
    narrowed = Narrowed(board=board, kind=Kind.SUGGESTION)
    suggestions = queries.figures(READER, months, narrowed, Dimension.TOPIC)
    own = {topic: sums["cases"] for topic, sums in suggestions.items()}
    names = _names(Dimension.TOPIC)
    lines = []
    for part in tables.split(rows[Dimension.TOPIC], own):
        lines.append(ProposalLine("" if part.merged else names.get(part.key, ""), part.own, part.merged))
    return tuple(lines)
