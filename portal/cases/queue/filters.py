"""View, filters and sort order of the queue, parsed from a query string. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from portal.cases.enums import Channel, Kind
from portal.cases.lifecycle import Status
from portal.formats import cleaning
from portal.formats.days import iso_day


class View(StrEnum):
    """The views of the queue."""

    MINE = "mine"
    UNIT = "unit"
    OPEN = "open"
    UNASSIGNED = "unassigned"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    OVERDUE_THRICE = "overdue_thrice"
    AWAITING = "awaiting"
    NEWEST = "newest"
    REOPENED = "reopened"
    UNSATISFIED = "unsatisfied"
    UNDELIVERED = "undelivered"


class Sort(StrEnum):
    """The sort orders of the queue."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"
    CHANGED = "changed"


class Promise(StrEnum):
    """The state of the promise of an open case."""

    IN_TIME = "in_time"
    SOON = "soon"
    LATE = "late"
    # The last day is today or later, in the week of today.
    WEEK = "week"
    # Late, or late soon.
    PRESSING = "pressing"


# Views under an earlier name: saved addresses and bookmarks still have it.
EARLIER = {"due": View.OPEN.value}
ME = "me"
NOBODY = "nobody"
KEY = re.compile(r"[a-z][a-z0-9_-]{0,79}")
OFFICER = re.compile(rf"{ME}|{NOBODY}|[1-9][0-9]{{0,8}}")
LEVEL = re.compile(r"[1-6]")
MAX_QUERY = 10_000


@dataclass(frozen=True)
class Filters:
    """Which cases, in which order. Category and unit are keys; officer is a membership id or a keyword."""

    view: View = View.OPEN
    words: str = ""
    kind: Kind | None = None
    category: str = ""
    officer: str = ""
    status: Status | None = None
    unit: str = ""
    channel: Channel | None = None
    # By the ROSA method, 1 to 6.
    level: int | None = None
    first: date | None = None
    last: date | None = None
    promise: Promise | None = None
    sort: Sort = Sort.DUE


@dataclass(frozen=True)
class ParsedFilters:
    """A parsed query string: its filters, its canonical parameters, and the names of the invalid ones."""

    filters: Filters
    address: Mapping[str, str] = field(default_factory=dict)
    passed_over: tuple[str, ...] = ()


def _view(text: str) -> View:
    return View(EARLIER.get(text, text))


def _day(text: str) -> date:
    day = iso_day(text)
    if day is None:
        raise ValueError(text)
    return day


def _level(text: str) -> int:
    return int(_matching(LEVEL)(text))


def _words(text: str) -> str:
    return cleaning.printable_line(text[:MAX_QUERY])


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text

    return parse


# Query parameter: its filter and its parser, which raises ValueError for an invalid value.
PARAMETERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "vy": ("view", _view),
    "q": ("words", _words),
    "typ": ("kind", Kind.from_slug),
    "amne": ("category", _matching(KEY)),
    "handlaggare": ("officer", _matching(OFFICER)),
    "lage": ("status", Status),
    "enhet": ("unit", _matching(KEY)),
    "vag": ("channel", Channel),
    "niva": ("level", _level),
    "fran": ("first", _day),
    "till": ("last", _day),
    "lofte": ("promise", Promise),
    "ordning": ("sort", Sort),
}
NARROWING = [name for name in PARAMETERS if name not in {"vy", "ordning"}]


def read(parameters: Mapping[str, str], views: Collection[View] = tuple(View)) -> ParsedFilters:
    """Parse query parameters. Invalid ones are ignored and named in the result; none is an error."""
    address = canonical(parameters)
    values: dict[str, Any] = {}
    invalid = []
    for name, text in address.items():
        field_name, parse = PARAMETERS[name]
        try:
            values[field_name] = parse(text)
        except ValueError:
            invalid.append(name)
    if values.get("view", View.OPEN) not in views:
        invalid.append("vy")
        del values["view"]
    # The default order depends on the view and the words, so it cannot be a default of the dataclass.
    values.setdefault("sort", usual_sort(values.get("view", View.OPEN), values.get("words", "")))
    return ParsedFilters(Filters(**values), address, tuple(invalid))


def canonical(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters without empty and default ones, in a fixed order: equal queries compare equal."""
    values = {name: parameters.get(name, "").strip() for name in PARAMETERS}
    view = EARLIER.get(values["vy"], values["vy"])
    values["vy"] = "" if view == View.OPEN else view
    if view in {"", *View} and values["ordning"] == usual_sort(View(view or View.OPEN), values["q"]):
        values["ordning"] = ""
    return {name: text for name, text in values.items() if text}


def usual_sort(view: View, words: str = "") -> Sort:
    """The default order of a view; newest first when words are searched for."""
    return Sort.NEWEST if words or view is View.NEWEST else Sort.DUE
