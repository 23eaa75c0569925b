"""The messages to the sender of a case: what was sent, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for

from portal.audit.dossier import Dossier
from portal.files.queries import attachments
from portal.identity.actors import Role
from portal.notifications.delivery_words import MessageLine, staff_lines
from portal.notifications.sent.messages import can_resend, messages_to_sender
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web.attachments import rows
from portal.web.support import case_presenter
from portal.web.support.case_presenter import ThreadMessage


@dataclass(frozen=True)
class SentPanel:
    """The list of messages, and how many of them did not arrive."""

    lines: Sequence[MessageLine]
    heading: str
    failed: str


def thread(dossier: Dossier, sender: str) -> list[ThreadMessage]:
    """The messages of the case with their files."""
    files = attachments(dossier.actor, dossier.case)
    address = rows.staff_address(dossier.case.reference)
    originals = dossier.actor.role is Role.RECORDS_OFFICER
    shown = []
    for message in dossier.messages:
        drawn = case_presenter.staff_message(message, sender)
        shown.append(rows.with_files(drawn, message.id, files, address, originals))
    return shown


def panel(dossier: Dossier) -> SentPanel:
    """The messages of the case, with an address for each that may be sent again."""
    case = dossier.case
    to_sender = messages_to_sender(case)
    lines = []
    for message, line in zip(to_sender, staff_lines(to_sender), strict=True):
        href = url_for("backoffice.resend_message", number=case.reference, message=message.id)
        lines.append(replace(line, href=href if can_resend(dossier.actor, case, message) else ""))
    failed = sum(line.is_failed for line in lines)
    return SentPanel(
        lines=lines,
        heading=ngettext(
            "%(num)s meddelande till avsändaren", "%(num)s meddelanden till avsändaren", len(lines)
        ),
        failed=_("%(count)s kom inte fram", count=failed) if failed else "",
    )


def _heading(count: int) -> str:
    return ngettext("%(num)s meddelande till avsändaren", "%(num)s meddelanden till avsändaren", count)
