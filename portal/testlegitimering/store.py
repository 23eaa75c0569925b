"""Values with a limited lifetime, in memory, under random keys."""

import secrets
import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Store(Generic[T]):
    """A thread-safe dictionary whose values expire after `lifetime` seconds."""

    def __init__(self, lifetime: float) -> None:
        self.lifetime = lifetime
        self._entries: dict[str, tuple[float, T]] = {}
        self._lock = Lock()

    def put(self, value: T, key: str | None = None) -> str:
        """Store a value; returns its key, a random one of 256 bits unless it is given."""
        key = key or secrets.token_urlsafe(32)
        with self._lock:
            self._remove_expired()
            self._entries[key] = (time.time() + self.lifetime, value)
        return key

    def get(self, key: str) -> T | None:
        """Return the value; None if it is missing or has expired."""
        with self._lock:
            self._remove_expired()
            entry = self._entries.get(key)
        return entry[1] if entry else None

    def take(self, key: str) -> T | None:
        """Remove and return the value; None if it is missing or has expired."""
        with self._lock:
            self._remove_expired()
            entry = self._entries.pop(key, None)
        return entry[1] if entry else None

    def put_if_absent(self, key: str, value: T) -> bool:
        """Store a value unless the key exists; returns whether it was stored."""
        with self._lock:
            self._remove_expired()
            is_absent = key not in self._entries
            self._entries.setdefault(key, (time.time() + self.lifetime, value))
        return is_absent

    def values(self) -> list[T]:
        """Return the values that have not expired, oldest first."""
        with self._lock:
            self._remove_expired()
            return [value for _expires, value in self._entries.values()]

    def discard(self, condition: Callable[[T], bool]) -> None:
        """Remove the values that meet a condition."""
        with self._lock:
            self._entries = {key: entry for key, entry in self._entries.items() if not condition(entry[1])}

    def _remove_expired(self) -> None:
        now = time.time()
        self._entries = {key: entry for key, entry in self._entries.items() if entry[0] > now}
