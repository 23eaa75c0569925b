"""The models of files that people send."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.files.enums import FileKind, FileState

# Almost all are ready: the others are scanned and counted by an index of their own. A constant, since a
# parameter would not be known when the statement is planned.
NOT_READY = text("state <> 'ready'")


class StoredContent(Base):
    """What is in the storage folder, encrypted under a key of their own, which the data keys encrypt here.

    `content_mac` is the keyed hash of `name` and `digest`, the SHA-256 of the bytes in hexadecimal. Of equal
    bytes it is another each time: an anonymous case must not be recognised by the file of a known sender.
    """

    __tablename__ = "stored_content"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[FileKind] = mapped_column(enum(FileKind))
    key: Mapped[str] = mapped_column(Encrypted)
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(Encrypted)
    content_mac: Mapped[bytes]


class StoredFile(Base):
    """A file of a message; until its form is sent, an upload of the browser that has its handle.

    `shown` is the derivative that readers get, of an office file the file itself. `original` is what arrived:
    of an anonymous sender, where a decision allows it, without its traces.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_not_ready", "state", "id", postgresql_where=NOT_READY, sqlite_where=NOT_READY),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Encrypted)
    kind: Mapped[FileKind] = mapped_column(enum(FileKind))
    state: Mapped[FileState] = mapped_column(enum(FileState))
    pages: Mapped[int | None]
    has_traces: Mapped[bool]
    original_id: Mapped[int] = mapped_column(ForeignKey("stored_content.id"), index=True)
    shown_id: Mapped[int] = mapped_column(ForeignKey("stored_content.id"), index=True)
    thumbnail_id: Mapped[int | None] = mapped_column(ForeignKey("stored_content.id"), index=True)
    # Of an upload: the fingerprint of its handle, and when it expires, to the hour.
    handle: Mapped[bytes | None] = mapped_column(unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    # Of an attachment.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    alt: Mapped[str | None] = mapped_column(Encrypted)
    original: Mapped[StoredContent] = relationship(foreign_keys=[original_id])
    shown: Mapped[StoredContent] = relationship(foreign_keys=[shown_id])
    thumbnail: Mapped[StoredContent | None] = relationship(foreign_keys=[thumbnail_id])
