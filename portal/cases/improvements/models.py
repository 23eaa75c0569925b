"""The tables of improvements: their links to cases, their log, and the texts that are published."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.improvements.rules import EntryKind, ImprovementState
from portal.cases.models import Case
from portal.db import Base, enum
from portal.identity.models import Membership, MembershipSnapshot
from portal.organisation.models import Board, Unit

_CURRENT = text("ended_at IS NULL")
_WAITING = text("publication_id IS NOT NULL AND informed_at IS NULL")


class Improvement(Base):
    """A measure of its own: what is to be done, by whom, until when. It holds no data of a case."""

    __tablename__ = "improvement"
    __table_args__ = (Index("ix_improvement_board", "board_id", "due_on", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    plan: Mapped[str]
    state: Mapped[ImprovementState] = mapped_column(enum(ImprovementState))
    due_on: Mapped[date]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    # That of the unit when it was made: it stays with the board when a unit moves.
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    # None: the unit as a function.
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    created_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
    board: Mapped[Board] = relationship()
    responsible: Mapped[Membership | None] = relationship(foreign_keys=[responsible_id])


class ImprovementCase(Base):
    """A case that leads to an improvement.

    `publication_id` is the text that its sender is to be informed of, and `informed_at` when that was done.
    """

    __tablename__ = "improvement_case"
    __table_args__ = (
        UniqueConstraint("improvement_id", "case_id"),
        Index("ix_improvement_case_waiting", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvement.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    linked_at: Mapped[datetime]
    author_snapshot_id: Mapped[int] = mapped_column(ForeignKey("membership_snapshot.id"))
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))
    informed_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    improvement: Mapped[Improvement] = relationship()


class ImprovementEntry(Base):
    """An entry of the log of an improvement: who changed what, from what to what. Rows never change."""

    __tablename__ = "improvement_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvement.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[EntryKind] = mapped_column(enum(EntryKind))
    # Field: [before, after]. Ids, days and states, and of the texts the texts.
    details: Mapped[dict[str, Any]]
    author_snapshot_id: Mapped[int] = mapped_column(ForeignKey("membership_snapshot.id"))

    author: Mapped[MembershipSnapshot] = relationship()


class Publication(Base):
    """A version of the public text of an improvement: "ni sa" and "vi gjorde". Its texts never change.

    A correction ends it and adds another, which keeps `first_published_at`.
    """

    __tablename__ = "publication"
    __table_args__ = (
        Index("ix_publication_newest", "first_published_at", "id"),
        # At most one of an improvement is public, however many publish it at once.
        Index(
            "uq_publication_current",
            "improvement_id",
            unique=True,
            postgresql_where=_CURRENT,
            sqlite_where=_CURRENT,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvement.id"))
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    you_said: Mapped[str]
    we_did: Mapped[str]
    first_published_at: Mapped[datetime]
    published_at: Mapped[datetime]
    author_snapshot_id: Mapped[int] = mapped_column(ForeignKey("membership_snapshot.id"))
    ended_at: Mapped[datetime | None]
    ended_by_snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("membership_snapshot.id"))

    improvement: Mapped[Improvement] = relationship()
    board: Mapped[Board] = relationship()
    author: Mapped[MembershipSnapshot] = relationship(foreign_keys=[author_snapshot_id])
