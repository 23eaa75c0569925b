"""How an attempt to send a message ended, and what that makes of the message."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.notifications.channels import DeliveryFailure, PermanentFailure, UncertainFailure
from portal.notifications.delivery import retries
from portal.notifications.delivery.claims import Claim
from portal.notifications.models import State
from portal.notifications.rules import Medium, Problem

# An e-mail whose end is not known is sent once more, under the same Message-ID.
MAX_UNCERTAIN = 2


@dataclass(frozen=True)
class Outcome:
    """The new state of a message, and the problem and the code of the reply if it failed.

    `wait` is in seconds, for one that is queued again. `counts` says that the message itself was tried, and
    `is_uncertain` that the end is not known.
    """

    state: State
    problem: Problem | None = None
    code: int | None = None
    wait: float = 0.0
    counts: bool = True
    is_uncertain: bool = False
    gateway_id: str | None = None


SENT = Outcome(State.SENT)
KEPT = Outcome(State.KEPT)
NO_CHANNEL = Outcome(State.FAILED, Problem.NO_CHANNEL, counts=False)
OUT_OF_REACH = Outcome(State.FAILED, Problem.COUNTRY)
UNREADABLE = Outcome(State.UNREADABLE, Problem.UNREADABLE)


def of_failure(claim: Claim, failure: DeliveryFailure, now: datetime, draw: float, is_own: bool) -> Outcome:
    """The outcome of a failure; `is_own` says that it is the message's, since others get through."""
    outcome = Outcome(State.QUEUED, failure.problem, failure.code)
    if isinstance(failure, UncertainFailure):
        return _uncertain(claim, outcome, draw)
    if isinstance(failure, PermanentFailure) or (is_own and failure.problem is Problem.RELAY_DENIED):
        return replace(outcome, state=State.FAILED)
    if not is_own:
        return replace(outcome, counts=False, wait=failure.hold or 0.0)
    return _tried_again(claim, outcome, now, draw)


def of_error(claim: Claim, now: datetime, draw: float, has_begun: bool) -> Outcome:
    """The outcome of an error that no channel expects, such as a fault in the portal."""
    outcome = Outcome(State.QUEUED, Problem.INTERNAL)
    # It is not known how far the transmission came, and a text message is not sent twice.
    if has_begun and claim.medium is Medium.SMS:
        return replace(outcome, state=State.UNCERTAIN)
    return _tried_again(claim, outcome, now, draw)


def _uncertain(claim: Claim, outcome: Outcome, draw: float) -> Outcome:
    is_last = claim.medium is Medium.SMS or claim.uncertain_tries + 1 >= MAX_UNCERTAIN
    state = State.UNCERTAIN if is_last else State.QUEUED
    return replace(outcome, state=state, wait=retries.delay(1, draw), is_uncertain=True)


def _tried_again(claim: Claim, outcome: Outcome, now: datetime, draw: float) -> Outcome:
    attempts = claim.tries + 1
    if retries.is_given_up(attempts, now - claim.created_at):
        return replace(outcome, state=State.FAILED)
    return replace(outcome, wait=retries.delay(attempts, draw))
