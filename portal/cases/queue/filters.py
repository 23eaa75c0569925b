"""What somebody asks of the queue: a view, filters and an order, read from an address. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from portal.cases.enums import Channel, Kind
from portal.cases.lifecycle import Status


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
    """What stands first in a list."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"
    CHANGED = "changed"


class Promise(StrEnum):
    """How an open case stands to its promise."""

    IN_TIME = "in_time"
    SOON = "soon"
    LATE = "late"
    UNDATED = "undated"


# What an address said before there were more views.
EARLIER = {"due": View.OPEN.value}
ME, NOBODY = "me", "nobody"
KEY = re.compile(r"[a-z][a-z0-9_-]{0,79}")
OFFICER = re.compile(rf"{ME}|{NOBODY}|[1-9][0-9]{{0,8}}")
FIRST_YEAR, LAST_YEAR = 1900, 2999
MAX_QUERY = 10_000


@dataclass(frozen=True)
class Filters:
    """Which cases, and in what order. A category and a unit are keys; an officer is a membership's id."""

    view: View = View.OPEN
    words: str = ""
    kind: Kind | None = None
    category: str = ""
    officer: str = ""
    status: Status | None = None
    unit: str = ""
    channel: Channel | None = None
    first: date | None = None
    last: date | None = None
    promise: Promise | None = None
    sort: Sort = Sort.DUE


@dataclass(frozen=True)
class ParsedFilters:
    """An address as it was read: what it asks for, the parameters as they stood, and those passed over."""

    filters: Filters
    address: Mapping[str, str] = field(default_factory=dict)
    passed_over: tuple[str, ...] = ()


def _view(text: str) -> View:
    return View(EARLIER.get(text, text))


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if len(text) != 10 or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(text)
    return found


def _words(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text[:MAX_QUERY]).split())


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read_one(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text

    return read_one


# Each parameter of an address: the filter that it is, and how it is read (ValueError: it cannot be).
PARAMETERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "vy": ("view", _view),
    "q": ("words", _words),
    "typ": ("kind", Kind),
    "amne": ("category", _matching(KEY)),
    "handlaggare": ("officer", _matching(OFFICER)),
    "lage": ("status", Status),
    "enhet": ("unit", _matching(KEY)),
    "vag": ("channel", Channel),
    "fran": ("first", _day),
    "till": ("last", _day),
    "lofte": ("promise", Promise),
    "ordning": ("sort", Sort),
}
NARROWING = [name for name in PARAMETERS if name not in {"vy", "ordning"}]


def read(given: Mapping[str, str], views: Collection[View] = tuple(View)) -> ParsedFilters:
    """What an address asks for. What cannot be read is passed over and named; nothing is an error."""
    address = canonical(given)
    found: dict[str, Any] = {}
    wrong = []
    for name, text in address.items():
        field_name, reader = PARAMETERS[name]
        try:
            found[field_name] = reader(text)
        except ValueError:
            wrong.append(name)
    if found.get("view", View.OPEN) not in views:
        wrong.append("vy")
        del found["view"]
    filters = Filters(**{"sort": usual_sort(found.get("view", View.OPEN), found.get("words", ""))} | found)
    return ParsedFilters(filters, address, tuple(wrong))


def canonical(given: Mapping[str, str]) -> dict[str, str]:
    """The parameters that say something, in one order: two addresses that ask the same are alike."""
    said = {name: given.get(name, "").strip() for name in PARAMETERS}
    view = EARLIER.get(said["vy"], said["vy"])
    said["vy"] = "" if view == View.OPEN else view
    if view in {"", *View} and said["ordning"] == usual_sort(View(view or View.OPEN), said["q"]):
        said["ordning"] = ""
    return {name: text for name, text in said.items() if text}


def usual_sort(view: View, words: str = "") -> Sort:
    """The order of a view until somebody asks for another; what is searched for comes newest first."""
    return Sort.NEWEST if words or view is View.NEWEST else Sort.DUE
