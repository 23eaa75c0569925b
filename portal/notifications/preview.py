"""The message that an answer would send: rendered by what renders it, and nothing is sent or written."""

from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.cases import events, parties
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.notifications.rendering import Rendered, render
from portal.notifications.rules import MESSAGES, Medium, medium_for


@dataclass(frozen=True)
class Preview:
    """By what it travels, to where, and what it says if the case stays open and if it is closed."""

    medium: Medium
    to: str
    open: Rendered
    closing: Rendered


def preview(actor: Staff, case: Case, body: str) -> Preview | None:
    """The message of an answer with this text; None where the sender looks for themselves."""
    medium, (email, phone) = medium_for(case.reply_by), parties.reached_at(case)
    to = email if medium is Medium.EMAIL else phone
    if medium is None or not to:
        return None
    kinds = events.CaseAnswered, events.CaseAnsweredAndClosed
    both = [_rendered(medium, case, kind(**_about(actor, case)), body) for kind in kinds]
    return Preview(medium, to, *both)


def _about(actor: Staff, case: Case) -> dict[str, Any]:
    """An event that has not happened; there is no message yet."""
    return {"case": case.id, "at": clock.now(), "actor": actor, "message": 0}


def _rendered(medium: Medium, case: Case, event: events.CaseEvent, body: str) -> Rendered:
    return render(MESSAGES[type(event)], medium, case, event, draft=body)
