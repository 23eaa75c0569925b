"""Domain events: publish and subscribe, synchronously and in the transaction of the change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events; each kind is a subclass."""


@dataclass(frozen=True, kw_only=True)
class SecurityEvent(Event):
    """Base of the events of the security log: who may do what, and with which keys. Ids and codes only."""


Value = TypeVar("Value")
Listener = Callable[[Any], None]
_listeners: dict[type[Event], Sequence[Listener]] = {}
_publishing: ContextVar[bool] = ContextVar("publishing", default=False)


def kinds(base: type[Event]) -> Iterator[type[Event]]:
    """The classes below a base, or itself, that have no class below themselves: only these are published."""
    below = base.__subclasses__()
    if not below:
        yield base
    for event in below:
        yield from kinds(event)


def nearest(table: Mapping[type[Event], Value], event: type[Event]) -> Value | None:
    """What a table says of a class: its own row, or else that of its nearest base class."""
    for base in event.__mro__:
        if base in table:
            return table[base]
    return None


def by_kind(table: Mapping[type[Event], Value]) -> dict[type[Event], Value]:
    """The table with a row for each kind of event: its own, or that of its nearest base class, if any."""
    rows = {}
    for kind in kinds(Event):
        row = nearest(table, kind)
        if row is not None:
            rows[kind] = row
    return rows


def subscribe(table: Mapping[type[Event], Sequence[Listener]]) -> None:
    """Replace the table of listeners by event type; portal/wiring.py holds the table."""
    _listeners.clear()
    _listeners.update(table)


def publish(event: Event) -> None:
    """Call the listeners of the event in order.

    An exception rolls the transaction back. Raises RuntimeError when called by a listener, and KeyError
    for an event type without an entry.
    """
    # Chained events would hide the order of their effects; a command that has several publishes several.
    if _publishing.get():
        raise RuntimeError("a listener publishes nothing: a chain of consequences is a command")
    token = _publishing.set(True)
    try:
        # No default: an event that the table lacks is a mistake, not an event without listeners.
        for listener in _listeners[type(event)]:
            listener(event)
    finally:
        _publishing.reset(token)
