"""The lane of a channel: claims its messages, sends them in order, and stops while nothing gets through."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random, SystemRandom
from threading import Event
from time import monotonic

import structlog
from cryptography.fernet import InvalidToken

from portal import db
from portal.config import settings
from portal.database.errors import DatabaseUnavailable
from portal.notifications.channels import DeliveryFailure
from portal.notifications.delivery import claims, database_clock, outcomes, settlement
from portal.notifications.delivery.breaker import Breaker, Suspects
from portal.notifications.delivery.claims import Claim
from portal.notifications.delivery.dispatch import Channel, Letter, channel_for, is_reached, opened
from portal.notifications.delivery.outcomes import Outcome
from portal.notifications.models import State
from portal.notifications.rules import Medium

log: structlog.stdlib.BoundLogger = structlog.get_logger()
BATCH = 20
# Within this time all that waited for a channel is sent again, so that several workers do not begin at once.
SPREAD_SECONDS = 5.0
# How often the messages of vanished workers are looked for.
LOST_STEP = timedelta(seconds=5)
# An idle connection takes one of the server's few.
MAX_IDLE_SECONDS = 30.0


def safely(task: Callable[[], int]) -> int:
    """Run a task of the worker and return its result; 0 if it failed, which is logged."""
    try:
        return task()
    # The database comes back, and the worker has to be running then: a line each time, no traceback.
    except DatabaseUnavailable as error:
        log.error("worker.waiting", outage=error.outage.value)
    except Exception:
        log.exception("worker.failed")
    finally:
        db.close_read_session()
    return 0


class Lane:
    """Delivers the messages of one medium. It belongs to one thread; only interrupt() is for others."""

    def __init__(self, medium: Medium, channel: Channel | None = None, rng: Random | None = None) -> None:
        self.medium = medium
        self.channel = channel or channel_for(medium)
        self.breaker = Breaker()
        self._suspects = Suspects()
        self._rng = rng or SystemRandom()
        # What is known, until it is written: the database may be away just then.
        self._sent: list[Claim] = []
        self._unsettled: list[tuple[Claim, Outcome]] = []
        self._unsent: list[Claim] = []
        self._is_back = False
        self._next_search = database_clock.now()

    def run(self, stop: Event, wake: Event, pause: Callable[[], float]) -> None:
        """Deliver until `stop` is set; `pause` gives the seconds until it looks again if it is not woken."""
        busy_at = monotonic()
        while not stop.is_set():
            if safely(lambda: self.turn(stop.is_set)):
                busy_at = monotonic()
                continue
            if monotonic() - busy_at > MAX_IDLE_SECONDS:
                self.channel.close()
            wake.wait(pause())
            wake.clear()
        safely(self._write)
        self.channel.close()

    def turn(self, should_stop: Callable[[], bool] = lambda: False) -> int:
        """Deliver at most BATCH due messages; returns the number of attempts."""
        self._write()
        self._search_lost()
        attempts = 0
        while attempts < BATCH and not should_stop():
            permitted = self.breaker.permitted(database_clock.now(), BATCH - attempts)
            batch = claims.claim(self.medium, permitted) if permitted else []
            if not batch:
                break
            attempts += self._deliver(batch, should_stop)
        return attempts

    def interrupt(self) -> None:
        """End what a server keeps this lane waiting for."""
        self.channel.interrupt()

    def _search_lost(self) -> None:
        now = database_clock.now()
        # A clock that was put back must not keep it from that.
        if not now < self._next_search <= now + LOST_STEP:
            settlement.settle_lost(self.medium)
            self._next_search = now + LOST_STEP

    def _deliver(self, batch: Sequence[Claim], should_stop: Callable[[], bool]) -> int:
        """Send the messages of a batch; returns how many were tried."""
        self._unsent = list(batch)
        tried = 0
        while self._unsent:
            claim = self._unsent[0]
            # Outside any transaction: a slow mail server must not hold the write lock of SQLite.
            if should_stop() or not claim.has_time() or (tried and self.breaker.is_open):
                break
            self._attempt(claim)
            tried += 1
        self._write()
        return tried

    def _attempt(self, claim: Claim) -> None:
        ready = self._prepare(claim)
        # Only now: if the database was away before the transmission began, the message is put back.
        self._unsent.remove(claim)
        outcome = self._transmit(ready) if isinstance(ready, Letter) else ready
        if outcome is None:
            return
        # One statement for all of a batch, but a copy of such a message must not be sent.
        if outcome.state is State.SENT and not claim.is_careful:
            self._sent.append(claim)
        else:
            self._unsettled.append((claim, outcome))
            self._settle()

    def _write(self) -> int:
        """Write what is known of the messages, and what follows from it."""
        self._settle()
        if self._sent:
            claims.mark_sent(self._sent)
            self._sent = []
        if self._unsent:
            claims.put_back(self._unsent)
            self._unsent = []
        if self._is_back:
            claims.bring_forward(self.medium, SPREAD_SECONDS, self._rng)
            self._is_back = False
        return 0

    def _settle(self) -> None:
        while self._unsettled:
            claim, outcome = self._unsettled[0]
            try:
                settlement.settle(claim, outcome)
            except DatabaseUnavailable:
                raise
            # It is left to its lease: it must not stop the others.
            except Exception:
                log.exception("delivery.error", outbox=claim.id, medium=self.medium)
            del self._unsettled[0]

    def _prepare(self, claim: Claim) -> Letter | Outcome | None:
        """The message to be sent now, or why it is not; None if another worker has taken it over."""
        using = settings()
        try:
            letter = opened(claim)
            if not self.channel.is_configured(using):
                return outcomes.KEPT if using.development else outcomes.NO_CHANNEL
            # Before it begins: an SMS that did not leave must not be taken for one that may have.
            if not is_reached(letter):
                return outcomes.OUT_OF_REACH
            if claim.is_careful and not claims.begin(claim):
                return None
        except DatabaseUnavailable:
            raise
        except InvalidToken:
            return outcomes.UNREADABLE
        except Exception:
            return self._after_error(claim, has_begun=False)
        return letter

    def _transmit(self, letter: Letter) -> Outcome:
        """Send a message once."""
        try:
            gateway_id = self.channel.send(letter, settings())
        except DeliveryFailure as failure:
            return self._after_failure(letter, failure)
        except Exception:
            return self._after_error(letter.claim, has_begun=True)
        self._suspects.got_through(letter.claim.id, letter.recipient)
        self._close_breaker()
        return replace(outcomes.SENT, gateway_id=gateway_id)

    def _after_error(self, claim: Claim, has_begun: bool) -> Outcome:
        log.exception("delivery.error", outbox=claim.id, medium=self.medium)
        return outcomes.of_error(claim, database_clock.now(), self._rng.random(), has_begun)

    def _after_failure(self, letter: Letter, failure: DeliveryFailure) -> Outcome:
        claim = letter.claim
        is_own = True
        if failure.of_channel:
            is_own = self._suspects.is_own_failure(claim.id, letter.recipient)
        elif failure.code is not None:
            # The server has answered about this message, so it can be reached.
            self._close_breaker()
        now = database_clock.now()
        outcome = outcomes.of_failure(claim, failure, now, self._rng.random(), is_own)
        if is_own:
            return outcome
        self._count_failure(failure)
        assert self.breaker.probe_at is not None
        wait = (self.breaker.probe_at - now).total_seconds()
        return replace(outcome, wait=max(outcome.wait, wait))

    def _count_failure(self, failure: DeliveryFailure) -> None:
        was_open = self.breaker.is_open
        self.breaker = self.breaker.after_failure(database_clock.now(), self._rng.random(), failure.hold)
        if self.breaker.is_open and not was_open:
            log.error(
                "delivery.blocked", medium=self.medium, problem=failure.problem.value, reply=failure.code
            )

    def _close_breaker(self) -> None:
        was_open = self.breaker.is_open
        self.breaker = self.breaker.after_success()
        if was_open:
            log.warning("delivery.resumed", medium=self.medium)
            # Written after the outcome of this message, which must not be lost if that fails.
            self._is_back = True
