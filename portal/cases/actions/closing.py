"""Closing without an answer: moved, outside the process, or the same as another case; and undoing that."""

from portal import clock
from portal.cases import clocks
from portal.cases.lifecycle import Action, CloseReason
from portal.cases.models import Case
from portal.cases.transitions import is_closed_as, mark_contacted, move, require_allowed, set_closed
from portal.identity.actors import Staff


def close_as_transferred(
    actor: Staff, case: Case, system: str, number: str, version: int | None = None
) -> None:
    """Close a case that lives on in another system: which, and its number there."""
    if is_closed_as(case, CloseReason.TRANSFERRED, system=system, number=number):
        return
    require_allowed(actor, case, Action.TRANSFER, version)
    _close_with_directions(case, CloseReason.TRANSFERRED, system=system, number=number)
    move(actor, case, Action.TRANSFER)


def redirect(actor: Staff, case: Case, reason: str, way: str, version: int | None = None) -> None:
    """Close a case that the process is not for: why, and the right way."""
    if is_closed_as(case, CloseReason.OUTSIDE, reason=reason, way=way):
        return
    require_allowed(actor, case, Action.REDIRECT, version)
    _close_with_directions(case, CloseReason.OUTSIDE, reason=reason, way=way)
    move(actor, case, Action.REDIRECT)


def _close_with_directions(case: Case, why: CloseReason, /, **details: str) -> None:
    """The sender is told where to go by a human being: that is a contact."""
    moment = clock.now()
    clocks.resume(case, moment)
    mark_contacted(case, moment)
    set_closed(case, why, **details)
