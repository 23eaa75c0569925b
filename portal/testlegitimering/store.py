"""What is remembered for a short while, in memory, under keys that cannot be guessed."""

import secrets
import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Store(Generic[T]):
    """Values that expire; safe to use from several threads."""

    def __init__(self, lifetime: float) -> None:
        self.lifetime = lifetime
        self._entries: dict[str, tuple[float, T]] = {}
        self._lock = Lock()

    def put(self, value: T, key: str | None = None) -> str:
        """Remember a value, and say under which key."""
        key = key or secrets.token_urlsafe(32)
        with self._lock:
            self._forget_expired()
            self._entries[key] = (time.time() + self.lifetime, value)
        return key

    def get(self, key: str) -> T | None:
        """The value, while it lives."""
        with self._lock:
            self._forget_expired()
            entry = self._entries.get(key)
        return entry[1] if entry else None

    def take(self, key: str) -> T | None:
        """The value, once: whoever comes after finds nothing."""
        with self._lock:
            self._forget_expired()
            entry = self._entries.pop(key, None)
        return entry[1] if entry else None

    def first(self, key: str, value: T) -> bool:
        """Remember a value unless the key is taken; whether it was free."""
        with self._lock:
            self._forget_expired()
            free = key not in self._entries
            self._entries.setdefault(key, (time.time() + self.lifetime, value))
        return free

    def values(self) -> list[T]:
        """Every value that lives, the oldest first."""
        with self._lock:
            self._forget_expired()
            return [value for _expires, value in self._entries.values()]

    def discard(self, unwanted: Callable[[T], bool]) -> None:
        """Forget every value that is unwanted."""
        with self._lock:
            self._entries = {key: entry for key, entry in self._entries.items() if not unwanted(entry[1])}

    def _forget_expired(self) -> None:
        now = time.time()
        self._entries = {key: entry for key, entry in self._entries.items() if entry[0] > now}
