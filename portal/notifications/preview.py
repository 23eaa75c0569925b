"""Preview of the message that an answer would send, by the renderer of the real one."""

from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.cases import events
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.notifications.outbox import routes
from portal.notifications.rendering import Rendered, render
from portal.notifications.rules import MESSAGES, Medium, medium_for


@dataclass(frozen=True)
class Preview:
    """The medium and address of a message, and its content if the case stays open or is closed."""

    medium: Medium
    to: str
    open: Rendered
    closing: Rendered


def render_preview(actor: Staff, case: Case, body: str) -> Preview | None:
    """Render the message of an answer with this text; None if the sender receives no messages."""
    ways = routes(case, medium_for(case.notify_by))
    if not ways:
        return None
    medium, to = ways[0]
    fields = _event_fields(actor, case)
    answered = _render(medium, case, events.CaseAnswered(**fields), body)
    closed = _render(medium, case, events.CaseAnsweredAndClosed(**fields), body)
    return Preview(medium, to, answered, closed)


def _event_fields(actor: Staff, case: Case) -> dict[str, Any]:
    # The event is not published, and the answer is no row yet: the draft takes the place of message 0.
    return {"case": case.id, "at": clock.now(), "actor": actor, "message": 0}


def _render(medium: Medium, case: Case, event: events.CaseEvent, body: str) -> Rendered:
    return render(MESSAGES[type(event)], medium, case, event, draft=body)
