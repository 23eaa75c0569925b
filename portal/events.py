"""Events and who hears them. A listener runs in the transaction of the change and only writes rows."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened; each kind is a class of its own."""


Listener = Callable[[Any], None]
_listeners: dict[type[Event], Sequence[Listener]] = {}
_publishing: ContextVar[bool] = ContextVar("publishing", default=False)


def subscribe(table: Mapping[type[Event], Sequence[Listener]]) -> None:
    """Replace the whole table of who hears what: portal/wiring.py is its only author."""
    _listeners.clear()
    _listeners.update(table)


def publish(event: Event) -> None:
    """Tell each listener, in order. What one of them raises undoes everything."""
    if _publishing.get():
        raise RuntimeError("a listener publishes nothing: a chain of consequences is a command")
    token = _publishing.set(True)
    try:
        for listener in _listeners[type(event)]:
            listener(event)
    finally:
        _publishing.reset(token)
