"""The trail of changes and the log of readings: ids and codes only, append-only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from portal.db import Base, enum
from portal.identity.actors import Role
from portal.identity.models import MembershipSnapshot


class Read(StrEnum):
    """What was shown of a case: its page, a print, a PDF, its protected sender, or a row of a list.

    A file that came with a message, and what arrived of it before it was made safe to show.
    At the desk: the sender's own view, known by its code or their sign-in, or only what is public.
    """

    CASE = "case"
    PRINT = "print"
    PDF = "pdf"
    SENDER = "sender"
    LIST = "list"
    FILE = "file"
    ORIGINAL = "original"
    DESK_CODE = "desk_code"
    DESK_SIGN_IN = "desk_sign_in"
    DESK_PUBLIC = "desk_public"


# These show all that the actor may read of a case.
OPENINGS = frozenset({Read.CASE, Read.PRINT, Read.PDF, Read.SENDER})


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
    # The member of staff who did it, and the one whom it is about, as they were then: read by timeline().
    actor: Mapped[MembershipSnapshot | None] = relationship(
        primaryjoin=lambda: _snapshot(
            foreign(TrailEntry.actor_snapshot_id.expression),
            foreign(TrailEntry.actor_id.expression),
            TrailEntry.actor_kind == "staff",
        ),
        viewonly=True,
        lazy="raise",
    )
    officer: Mapped[MembershipSnapshot | None] = relationship(
        primaryjoin=lambda: _snapshot(
            foreign(TrailEntry.details)["officer_snapshot"].as_integer(),
            foreign(TrailEntry.details)["officer"].as_integer(),
        ),
        viewonly=True,
        lazy="raise",
    )


def _snapshot(
    snapshot: ColumnElement[Any], membership: ColumnElement[Any], *of_staff: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The snapshot of an entry; of one from before there were snapshots, the first of the membership."""
    own = remote(MembershipSnapshot.membership_id) == membership
    first = and_(snapshot.is_(None), own, MembershipSnapshot.number == 1, *of_staff)
    return or_(remote(MembershipSnapshot.id) == snapshot, first)


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
    Role and place are those of the membership then; rows from before they were kept have none.
    """

    __tablename__ = "read_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[Read] = mapped_column(enum(Read), default=Read.CASE, server_default=Read.CASE)
    question: Mapped[bytes | None]
    role: Mapped[Role | None] = mapped_column(enum(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    administration_id: Mapped[int | None] = mapped_column(ForeignKey("administration.id"))
