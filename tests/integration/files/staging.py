"""Uploads and attachments of tests."""

import io
from pathlib import Path

import sqlalchemy as sa

from portal import db
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case, Message
from portal.config import settings
from portal.files import uploads
from portal.files.attachments import attach
from portal.files.enums import Sender
from portal.files.uploads import Upload
from portal.identity.actors import Actor, CodeHolder


def staged(content: bytes, name: str = "bild.jpg", sender: Sender = Sender.KNOWN) -> Upload:
    """An upload."""
    db.close_read_session()
    return uploads.stage(io.BytesIO(content), name, sender)


def attached(
    receipt: Receipt,
    *handles: str,
    sender: Sender = Sender.KNOWN,
    actor: Actor | None = None,
    **alt: str,
) -> int:
    """Attach uploads to the first message of a case; returns the id of the message."""
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        message = writer.scalars(sa.select(Message).filter_by(case_id=case.id).order_by(Message.id)).first()
        assert message
        attach(actor or CodeHolder(case.id), case, message, handles, alt, sender)
        return message.id


def stored_names() -> set[str]:
    """The names of what is in the storage folder."""
    return {path.parent.name + path.name for path in Path(settings().storage).glob("??/*")}


def change(path: Path) -> None:
    """Change the last byte of a stored file, whatever it is."""
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
