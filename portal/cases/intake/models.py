"""Models of access by code, of earlier readers, and of drafts of the form."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Encrypted
from portal.db import Base


class CodeGrant(Base):
    """Access to a case by its code from one browser; expires after 30 minutes."""

    __tablename__ = "code_grant"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CodeLink(Base):
    """A one-time link that replaces a lost code, spent by POST; expires after 24 hours."""

    __tablename__ = "code_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CodeRequest(Base):
    """A request for a link to a new code, until the worker has answered it; it may name no case at all."""

    __tablename__ = "code_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    email: Mapped[str] = mapped_column(Encrypted)


class EarlierReader(Base):
    """How a case was read and its sender reached before the reader changed; contestable until it expires.

    `token` is the fingerprint of the link in the letter, `code` that of the earlier code.
    """

    __tablename__ = "earlier_reader"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    token: Mapped[bytes] = mapped_column(unique=True)
    code: Mapped[bytes | None] = mapped_column(index=True)
    contact: Mapped[str] = mapped_column(Encrypted)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Draft(Base):
    """The fields of the public form while its sender signs in. Encrypted; expires after an hour."""

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes] = mapped_column(unique=True)
    content: Mapped[str] = mapped_column(Encrypted)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SavedDraft(Base):
    """A form that a signed-in person has saved to send later. Encrypted; expires after 30 days.

    `handle` names it in addresses. It opens nothing for anybody but its person.
    """

    __tablename__ = "saved_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    content: Mapped[str] = mapped_column(Encrypted)
    expires_at: Mapped[datetime] = mapped_column(index=True)
