"""What a report holds once it is counted, and the same as JSON. Pure.

Every count in it is rounded (tables.py). It keeps the names of topics and units, and the definitions, as they
were. Kinds, channels, fates and months are kept as their keys, for which pages have the words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

from portal.cases.improvements.rules import ImprovementState
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.inside.rules import Hidden, Measure

T = TypeVar("T")
# The cases by what became of them, which is no dimension of the figures.
FATE = "fate"
TABLES = (Dimension.KIND, Dimension.CHANNEL, Dimension.TOPIC, Dimension.UNIT, Dimension.MONTH, FATE)


@dataclass(frozen=True)
class Share:
    """So many percent of a total."""

    percent: int
    total: int


Shown = int | Share | Hidden


@dataclass(frozen=True)
class Definition:
    """What a figure is called, and how it is counted; `key` is that of its definition."""

    key: str
    name: str
    counted: str


@dataclass(frozen=True)
class Figure:
    """A figure of the whole board; `measure` is a key of its definition."""

    measure: Measure
    now: Shown
    before: Shown


@dataclass(frozen=True)
class Row:
    """How many cases of a group came in, and how many a year earlier.

    `key` is the value of a kind, channel or fate, the first day of a month, or the id of a topic or unit;
    empty for what has no topic. `merged`: the small groups together. `name` is of topics and units alone.
    """

    key: str
    name: str
    now: Shown
    before: Shown
    merged: bool = False


@dataclass(frozen=True)
class Table:
    """The cases in groups, which add up to all: one of TABLES."""

    by: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Growth:
    """A topic with the number of its cases, or a word or a street with that of its senders."""

    name: str
    now: Shown
    before: Shown


@dataclass(frozen=True)
class ImprovementLine:
    """An improvement of the board, with its state at the end of the period."""

    what: str
    responsible: str
    due_on: date
    state: ImprovementState


@dataclass(frozen=True)
class ProposalLine:
    """How many suggestions came in on a topic. `topic` is empty for what has none; `merged`: the others."""

    topic: str
    count: Shown
    merged: bool = False


@dataclass(frozen=True)
class ReportContent:
    """A report as it was counted.

    `compared`: the year before is counted too. `too_many`: the period has more cases than are read, so that
    words, places and repeated senders are left out. `suggestions` are those of people, with their topics in
    `proposals`, and `staff_proposals` those of officers.
    """

    board: str
    first: date
    last: date
    counted_on: date
    compared: bool
    too_many: bool
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    grown_topics: tuple[Growth, ...]
    grown_words: tuple[Growth, ...]
    places: tuple[Growth, ...]
    repeated_senders: Shown
    decided: tuple[ImprovementLine, ...]
    done: tuple[ImprovementLine, ...]
    overdue: tuple[ImprovementLine, ...]
    proposals: tuple[ProposalLine, ...]
    suggestions: Shown
    staff_proposals: Shown
    definitions: tuple[Definition, ...]


def to_json(content: ReportContent) -> dict[str, Any]:
    """The content as it is stored."""
    plain: dict[str, Any] = _plain(content)
    return plain


def _plain(value: Any) -> Any:
    match value:
        case Share(percent, total):
            return [percent, total]
        case Hidden():
            return value.name.lower()
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def from_json(stored: Mapping[str, Any]) -> ReportContent:
    """The content of what to_json() has made."""
    return ReportContent(
        board=stored["board"],
        first=date.fromisoformat(stored["first"]),
        last=date.fromisoformat(stored["last"]),
        counted_on=date.fromisoformat(stored["counted_on"]),
        compared=stored["compared"],
        too_many=stored["too_many"],
        figures=_all(_figure, stored["figures"]),
        tables=_all(_table, stored["tables"]),
        grown_topics=_all(_growth, stored["grown_topics"]),
        grown_words=_all(_growth, stored["grown_words"]),
        places=_all(_growth, stored["places"]),
        repeated_senders=_shown(stored["repeated_senders"]),
        decided=_all(_improvement, stored["decided"]),
        done=_all(_improvement, stored["done"]),
        overdue=_all(_improvement, stored["overdue"]),
        proposals=_all(_proposal, stored["proposals"]),
        suggestions=_shown(stored["suggestions"]),
        staff_proposals=_shown(stored["staff_proposals"]),
        definitions=_all(_definition, stored["definitions"]),
    )


def _all(read: Callable[[Mapping[str, Any]], T], stored: Sequence[Mapping[str, Any]]) -> tuple[T, ...]:
    return tuple(map(read, stored))


def _shown(stored: Any) -> Shown:
    if isinstance(stored, list):
        return Share(*stored)
    return Hidden[stored.upper()] if isinstance(stored, str) else int(stored)


def _figure(stored: Mapping[str, Any]) -> Figure:
    return Figure(Measure(stored["measure"]), _shown(stored["now"]), _shown(stored["before"]))


def _table(stored: Mapping[str, Any]) -> Table:
    return Table(stored["by"], _all(_row, stored["rows"]))


def _row(stored: Mapping[str, Any]) -> Row:
    now, before = _shown(stored["now"]), _shown(stored["before"])
    return Row(stored["key"], stored["name"], now, before, stored["merged"])


def _growth(stored: Mapping[str, Any]) -> Growth:
    return Growth(stored["name"], _shown(stored["now"]), _shown(stored["before"]))


def _improvement(stored: Mapping[str, Any]) -> ImprovementLine:
    due_on, state = date.fromisoformat(stored["due_on"]), ImprovementState(stored["state"])
    return ImprovementLine(stored["what"], stored["responsible"], due_on, state)


def _proposal(stored: Mapping[str, Any]) -> ProposalLine:
    return ProposalLine(stored["topic"], _shown(stored["count"]), stored["merged"])


def _definition(stored: Mapping[str, Any]) -> Definition:
    return Definition(stored["key"], stored["name"], stored["counted"])
