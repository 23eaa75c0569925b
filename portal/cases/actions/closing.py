"""Closing without an answer: moved, outside the process, or a text that needs no answer."""

from portal import clock
from portal.cases import clocks
from portal.cases.lifecycle import Action, CloseReason
from portal.cases.models import Case
from portal.cases.transitions import is_closed_as, mark_contacted, set_closed, transition
from portal.identity.actors import Staff


def close_as_transferred(
    actor: Staff, case: Case, system: str, number: str, version: int | None = None
) -> None:
    """Close a case that is handled in another system: its name, and the case's number there."""
    if is_closed_as(case, CloseReason.TRANSFERRED, system=system, number=number):
        return
    with transition(actor, case, Action.TRANSFER, version):
        _close_with_directions(case, CloseReason.TRANSFERRED, system=system, number=number)


def redirect(actor: Staff, case: Case, reason: str, way: str, version: int | None = None) -> None:
    """Close a case that is outside the process: why, and the right way."""
    if is_closed_as(case, CloseReason.OUTSIDE, reason=reason, way=way):
        return
    with transition(actor, case, Action.REDIRECT, version):
        _close_with_directions(case, CloseReason.OUTSIDE, reason=reason, way=way)


def no_answer_needed(actor: Staff, case: Case, version: int | None = None) -> None:
    """Close a case whose latest text was read and needs no answer. Its promise ends by that, not late."""
    if is_closed_as(case, CloseReason.NO_ANSWER):
        return
    with transition(actor, case, Action.NO_ANSWER_NEEDED, version):
        moment = clock.now()
        mark_contacted(case, moment)
        set_closed(case, CloseReason.NO_ANSWER)


def _close_with_directions(case: Case, why: CloseReason, /, **details: str) -> None:
    """Close, and stop the contact clock: a person tells the sender where to go."""
    moment = clock.now()
    clocks.resume(case, moment)
    mark_contacted(case, moment)
    set_closed(case, why, **details)
