"""The 409 page: what has changed in the case since the form was read, and the posted text."""

from collections.abc import Sequence
from typing import Any

import structlog
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.audit import read_log, trail
from portal.audit.trail import Entry
from portal.cases import queries
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions, held_back
from portal.files.queries import attachments
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web import current
from portal.web.attachments import rows
from portal.web.backoffice.answers import draft_panel
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.case_list.address import next_href
from portal.web.backoffice.legal_forms import why_held
from portal.web.support import case_presenter

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# Trail entries to show if the form does not say which entry was read last.
LATEST = 5


def render(
    actor: Staff, number: str, action: str, form: Any, allowed: frozenset[Action] | None = None
) -> ResponseReturnValue:
    """The page for an action that was not run: the case had changed, or no longer allows it.

    `allowed` is given in the second case, and lists the actions that are possible instead.
    """
    log.info("action.refused", endpoint=request.endpoint, membership=actor.membership)
    case = current.case(actor, number)
    # The page shows the messages since the form was read.
    read_log.log_redisplay(actor, case)
    again = action in (allowed_actions(actor, case) if allowed is None else allowed)
    draft_saved = draft_panel.rescue(actor, number, form)
    fields = form.given_back(to_send=again)
    page = render_template(
        "backoffice/conflict.html",
        form=form,
        fields=fields,
        left_undone=_left_undone(bool(fields), draft_saved),
        again_href=url_for("backoffice.act", number=number, action=action) if again else "",
        case_href=url_for("backoffice.case", number=number),
        next_href=next_href(),
        held=why_held(actor, case) if _pressed(action) & held_back(case) else "",
        allowed=None if allowed is None else sorted(str(SPECS[action].label) for action in allowed),
        why=_why(case, action),
        **_changes_since(actor, case, form.read_to()),
    )
    return page, 409


def _left_undone(written: bool, draft_saved: bool) -> str:
    """What was not done, and where the text is that was written."""
    if draft_saved:
        return _("Svaret är inte skickat. Din text är sparad som utkast.")
    return _("Det du skrev är inte sparat. Texten finns kvar här nedanför.") if written else ""


def _pressed(action: str) -> set[str]:
    """The action, and that of the second button of its form if it was pressed."""
    return {action, Action.ANSWER_AND_CLOSE} if "close" in request.form else {action}


def _why(case: Case, action: str) -> str:
    """Why a closed case is not corrected; else empty."""
    if action == Action.RECLASSIFY and case.status is Status.CLOSED:
        return _("Ärendet är avslutat, så det går inte att rätta. Öppna det igen först.")
    return ""


def _changes_since(actor: Staff, case: Case, read_to: int | None) -> dict[str, Any]:
    """The trail entries since the page was read, and their messages."""
    new = since(trail.timeline(actor, case), read_to)
    message_ids = {entry.details.get("message") for entry in new}
    sender = case_presenter.sender_name(case)
    files = attachments(actor, case)
    messages = []
    for message in queries.messages(actor, case):
        if message.id in message_ids:
            shown = case_presenter.staff_message(message, sender)
            messages.append(rows.with_files(shown, message.id, files, rows.staff_address(case.reference)))
    return {
        "happened": case_presenter.timeline(new, staff=True),
        "messages": messages,
    }


def since(entries: Sequence[Entry], read_to: int | None) -> Sequence[Entry]:
    """The entries after `read_to`; the latest few if that is not known."""
    if read_to is None:
        return entries[-LATEST:]
    return [entry for entry in entries if entry.sequence > read_to]
