"""Counts in the memory of the process, or in Redis for several, under a salt that lives an hour.

The keys are HMACs, so that what is counted cannot be traced back to an address or a person.
"""

import hashlib
import hmac
import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

from portal import clock
from portal.budgets.rules import Budget, Lane

log: structlog.stdlib.BoundLogger = structlog.get_logger()
SALT_TTL = timedelta(hours=1)
# A page must not wait for a store that is away, so it is left alone for a while.
REDIS_PAUSE = timedelta(seconds=10)
EVERYBODY = "all"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Count:
    """One count: of a budget in a lane, for a key, with the amount that is allowed."""

    budget: Budget
    lane: Lane
    key: str
    amount: int

    @property
    def is_ceiling(self) -> bool:
        """Whether all senders of the lane share the count."""
        return self.key == EVERYBODY


@dataclass(frozen=True)
class Tripped:
    """A count that is used up, and when the next of its kind is allowed."""

    count: Count
    until: datetime


class Salt(Protocol):
    """A secret that all counts of an hour are keyed by."""

    def current(self) -> bytes:
        """The salt of this hour."""


class MemorySalt:
    """The salt of one process."""

    def __init__(self) -> None:
        self._drawn: tuple[datetime, bytes] | None = None

    def current(self) -> bytes:
        """The salt of this hour."""
        if self._drawn is None or clock.now() - self._drawn[0] > SALT_TTL:
            self._drawn = (clock.now(), secrets.token_bytes(16))
        return self._drawn[1]


class Store:
    """Counts in one storage, by moving windows."""

    def __init__(self, storage: Storage, salt: Salt) -> None:
        assert isinstance(storage, MovingWindowSupport)
        self._limiter = MovingWindowRateLimiter(storage)
        self._salt = salt

    def spend(self, counts: Sequence[Count]) -> Tripped | None:
        """Count once under each; the first that is used up is returned, and nothing is counted then."""
        tripped = self.tripped(counts)
        if tripped:
            return tripped
        for count in counts:
            # Another request may have taken the last one since.
            if not self._limiter.hit(_item(count), *self._key(count)):
                return self._tripped(count)
        return None

    def tripped(self, counts: Sequence[Count]) -> Tripped | None:
        """The first of the counts that is used up; None if there is room under all."""
        for count in counts:
            if not self._limiter.test(_item(count), *self._key(count)):
                return self._tripped(count)
        return None

    def _tripped(self, count: Count) -> Tripped:
        statistics = self._limiter.get_window_stats(_item(count), *self._key(count))
        seconds = math.ceil(statistics.reset_time - clock.now().timestamp())
        return Tripped(count, clock.now() + timedelta(seconds=max(seconds, 1)))

    def _key(self, count: Count) -> tuple[str, str]:
        # Without the salt there are few enough addresses to try them all.
        message = f"{count.lane}\0{count.key}".encode()
        return count.budget.name, hmac.new(self._salt.current(), message, hashlib.sha256).hexdigest()


def _item(count: Count) -> RateLimitItemPerSecond:
    seconds = int(count.budget.window.total_seconds())
    return RateLimitItemPerSecond(count.amount, seconds)


class Counters:
    """The counts of an application: in Redis if it has one that answers, else in its own memory."""

    def __init__(self, redis_url: str = "") -> None:
        self._memory = Store(MemoryStorage(), MemorySalt())
        self._redis: Store | None = None
        self._away: tuple[type[Exception], ...] = ()
        self._retry_at: datetime | None = None
        if redis_url:
            self._use_redis(redis_url)

    def _use_redis(self, url: str) -> None:
        # Imported here: a process without Redis need not load its client.
        from portal.budgets import redis_counters

        self._redis = Store(redis_counters.storage(url), redis_counters.RedisSalt(url))
        self._away = (redis_counters.RedisError,)

    def spend(self, counts: Sequence[Count]) -> Tripped | None:
        """Count once under each of the counts, or return the first that is used up."""
        return self._ask(lambda store: store.spend(counts))

    def tripped(self, counts: Sequence[Count]) -> Tripped | None:
        """The first of the counts that is used up, without counting."""
        return self._ask(lambda store: store.tripped(counts))

    def _ask(self, question: Callable[[Store], Result]) -> Result:
        if self._redis and (self._retry_at is None or clock.now() >= self._retry_at):
            try:
                answer = question(self._redis)
            except self._away as error:
                self._leave_alone(error)
            else:
                self._retry_at = None
                return answer
        # Each process counts for itself until then: too generous, but no page fails.
        return question(self._memory)

    def _leave_alone(self, error: Exception) -> None:
        self._retry_at = clock.now() + REDIS_PAUSE
        log.warning("budgets.redis_away", error=type(error).__name__)
