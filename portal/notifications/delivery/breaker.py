"""Circuit breaker of a channel: while nothing gets through, one message at a time probes it. Pure.

A failure of the channel is no failure of the message that met it: the server is away, or refuses all of us.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# Failures in a row, without a message that got through between them.
OPENS_AFTER = 3
FIRST_SECONDS = 5.0
MAX_SECONDS = 300.0
# A server may ask for a longer pause (Retry-After), but not for any.
MAX_HOLD_SECONDS = 3600.0
JITTER = 0.2


@dataclass(frozen=True)
class Breaker:
    """The failures of a channel in a row, and when it may be probed again if that is not now."""

    failures: int = 0
    is_open: bool = False
    probe_at: datetime | None = None

    def permitted(self, now: datetime, batch: int) -> int:
        """The number of messages that may be tried now: a batch, or a single one while it is open."""
        if not self.is_open:
            return batch
        # A clock that was put back must not keep it open until the old time comes again.
        is_due = self.probe_at is None or not now < self.probe_at <= now + _longest()
        return 1 if is_due else 0

    def after_failure(self, now: datetime, draw: float, hold: float | None = None) -> "Breaker":
        """The breaker after a failure: `draw` from [0, 1) is for the jitter, `hold` what the server asked."""
        failures = self.failures + 1
        wait = pause(failures, draw)
        if hold is not None:
            wait = max(wait, min(hold, MAX_HOLD_SECONDS))
        opens = self.is_open or failures >= OPENS_AFTER or hold is not None
        return Breaker(failures, opens, now + timedelta(seconds=wait))

    def after_success(self) -> "Breaker":
        """The breaker after a message got through."""
        return replace(self, failures=0, is_open=False, probe_at=None)


def pause(failures: int, draw: float) -> float:
    """Seconds until the channel is tried again: exponential, with jitter so that workers spread."""
    # The exponent is bounded: an outage of a week has thousands of failures.
    seconds = min(FIRST_SECONDS * 2.0 ** min(failures - 1, 20), MAX_SECONDS)
    return seconds * (1 - JITTER + 2 * JITTER * draw)


def _longest() -> timedelta:
    return timedelta(seconds=max(MAX_HOLD_SECONDS, MAX_SECONDS * (1 + JITTER)))


class Suspects:
    """Messages that met a failure of their channel, to tell one that causes it from those that suffer it.

    A message fails by itself if others have got through since it failed before.
    """

    MAX = 1000

    def __init__(self) -> None:
        self._seen: dict[int, tuple[str, bool]] = {}

    def is_own_failure(self, message: int, recipient: str) -> bool:
        """Whether the failure is the message's own; the first time it is taken for the channel's."""
        if message not in self._seen:
            while len(self._seen) >= self.MAX:
                del self._seen[next(iter(self._seen))]
            self._seen[message] = (recipient, False)
        return self._seen[message][1]

    def got_through(self, message: int, recipient: str) -> None:
        """A message to this recipient was accepted."""
        self._seen.pop(message, None)
        for other, (address, _is_own) in self._seen.items():
            if address != recipient:
                self._seen[other] = (address, True)
