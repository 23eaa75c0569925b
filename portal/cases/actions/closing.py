"""Closing without an answer: moved, outside the process, or the same as another case; and undoing that."""

from portal import clock
from portal.cases import clocks
from portal.cases.lifecycle import Action, CloseReason
from portal.cases.models import Case
from portal.cases.transitions import contacted, may, move, shut, shut_so
from portal.identity.actors import Staff


def move_out(actor: Staff, case: Case, system: str, number: str, version: int | None = None) -> None:
    """Close a case that lives on in another system: which, and its number there."""
    if shut_so(case, CloseReason.MOVED, system=system, number=number):
        return
    may(actor, case, Action.MOVE, version)
    _shut(case, CloseReason.MOVED, system=system, number=number)
    move(actor, case, Action.MOVE)


def redirect(actor: Staff, case: Case, reason: str, way: str, version: int | None = None) -> None:
    """Close a case that the process is not for: why, and the right way."""
    if shut_so(case, CloseReason.OUTSIDE, reason=reason, way=way):
        return
    may(actor, case, Action.REDIRECT, version)
    _shut(case, CloseReason.OUTSIDE, reason=reason, way=way)
    move(actor, case, Action.REDIRECT)


def _shut(case: Case, why: CloseReason, /, **details: str) -> None:
    """The sender is told where to go by a human being: that is a contact."""
    moment = clock.now()
    clocks.resume(case, moment)
    contacted(case, moment)
    shut(case, why, **details)
