"""The trail of changes and the log of readings: ids and codes only, append-only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, enum


class Read(StrEnum):
    """What was shown of a case: its page, a print, a PDF, its protected sender, or a row of a list."""

    CASE = "case"
    PRINT = "print"
    PDF = "pdf"
    SENDER = "sender"
    LIST = "list"


class TrailEntry(Base):
    """One change of a case. Each entry seals the one before it: `seal` is SHA-256 over both."""

    __tablename__ = "trail"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    sequence: Mapped[int]
    at: Mapped[datetime]
    event: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    # Of staff, as they were then. Entries from before there were snapshots have none.
    actor_snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("membership_snapshot.id"))
    details: Mapped[dict[str, Any]]
    seal: Mapped[bytes]


class SecurityEntry(Base):
    """One row of the security log (memberships, keys, profiles), sealed as the trail is."""

    __tablename__ = "security_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str]
    details: Mapped[dict[str, Any]]
    seal: Mapped[bytes]


class Reading(Base):
    """A member of staff was shown a case. Rows are added by portal/audit/read_log.py and never changed.

    `question` is the HMAC of the words of a search: it can confirm a known search, but not reveal its words.
    """

    __tablename__ = "read_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[Read] = mapped_column(enum(Read), default=Read.CASE, server_default=Read.CASE)
    question: Mapped[bytes | None]
