"""An answer as its sender will read it, and the message that tells of it."""

from typing import Any

from portal.cases import parties
from portal.cases.models import Case
from portal.identity import snapshots
from portal.identity.actors import Staff
from portal.notifications.preview import render_preview
from portal.notifications.rules import Medium
from portal.translation import gettext as _
from portal.translation import in_language
from portal.web.support import case_presenter
from portal.words.masks import masked_email, masked_phone


def answer_message(actor: Staff, case: Case, body: str) -> case_presenter.ThreadMessage:
    """The answer as it will be in the case."""
    # The sender reads the case in their own language, which need not be the officer's.
    with in_language(case.language):
        return case_presenter.answer_message(snapshots.as_now(actor.membership or 0), body)


def letter(actor: Staff, case: Case, body: str) -> dict[str, Any] | None:
    """The message that tells of the answer; None if the sender gets none."""
    preview = render_preview(actor, case, body)
    if preview is None:
        return None
    hidden = case.hide_sender or parties.is_protected(case)
    mail = preview.medium is Medium.EMAIL
    to = masked_email(preview.to) if mail else masked_phone(preview.to)
    # Of a protected or hidden sender not even a masked address is shown.
    to = _("avsändarens dolda adress") if hidden else to
    return {
        "heading": _("Mejlet") if mail else _("Sms:et"),
        "to": _("Till %(to)s", to=to),
        "subject": preview.open.subject,
        "text": preview.open.text,
        "closing": preview.closing.text,
    }
