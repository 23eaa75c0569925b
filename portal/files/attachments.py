"""Attachments: uploads that have become part of a message."""

from collections.abc import Mapping, Sequence

from portal.cases.models import Case, Message
from portal.db import session
from portal.files import rules, uploads
from portal.files.enums import Refusal, Sender
from portal.files.models import StoredFile
from portal.files.uploads import RefusedFile
from portal.formats import cleaning
from portal.identity.actors import Actor, Citizen, CodeHolder


def attach(
    actor: Actor,
    case: Case,
    message: Message,
    handles: Sequence[str],
    alt_texts: Mapping[str, str],
    sender: Sender,
) -> None:
    """Make uploads part of a message of the case, in the caller's transaction. Raises RefusedFile.

    From an anonymous sender, a file with traces is kept as it is shown, without them.
    """
    if not handles:
        return
    _require_same_case(actor, case, message)
    rows = uploads.staged_rows(handles)
    if len(rows) < len(set(handles)):
        raise RefusedFile("", Refusal.EXPIRED)
    uploads.require_accepted([row for _handle, row in rows], sender)
    for handle, row in rows:
        row.case_id, row.message_id = case.id, message.id
        row.handle = row.expires_at = None
        row.alt = cleaning.printable_line(alt_texts.get(handle, ""))[: rules.MAX_ALT] or None
        if sender is Sender.ANONYMOUS and row.has_traces:
            _strip(row)


def _require_same_case(actor: Actor, case: Case, message: Message) -> None:
    """Raises ValueError for a message of another case, and for the case of another sender.

    Of staff and of a new case, the command that wrote the message has asked.
    """
    # Until then it has no id.
    session().flush()
    is_other = message.case_id != case.id
    if isinstance(actor, CodeHolder):
        is_other = is_other or actor.case != case.id
    if isinstance(actor, Citizen):
        is_other = is_other or actor.person != case.sender_person_id
    if is_other:
        raise ValueError("a file for the message of another case")


def _strip(row: StoredFile) -> None:
    """Let what is shown take the place of what arrived."""
    original = row.original
    row.original = row.shown
    row.kind = row.shown.kind
    row.has_traces = False
    uploads.remove_content(original)
