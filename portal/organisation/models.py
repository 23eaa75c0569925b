"""The municipality's organisation, current and past, as rows."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base


class ProfileVersion(Base):
    """The text of a profile file that was applied. A case refers to the version it was created under."""

    __tablename__ = "profile_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[str]
    fingerprint: Mapped[bytes]
    text: Mapped[str]
    applied_at: Mapped[datetime]


class Board(Base):
    """A board (nämnd)."""

    __tablename__ = "board"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    # Its secrecy cannot be broken by the general clause (OSL 10:27, second paragraph).
    social_services: Mapped[bool] = mapped_column(default=False, server_default=false())
    opened_at: Mapped[datetime]
    # Rows are closed and never deleted, here and below: cases refer to them for as long as they are kept.
    closed_at: Mapped[datetime | None]


class Administration(Base):
    """An administration (förvaltning)."""

    __tablename__ = "administration"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Unit(Base):
    """A unit (enhet), the smallest part of the organisation that handles cases."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"), index=True)
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    first_line: Mapped[bool]
    # Units of one board with different branches are authorities to each other (OSL 8:2).
    branch: Mapped[str] = mapped_column(default="", server_default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    board: Mapped[Board] = relationship()
    administration: Mapped[Administration] = relationship()


class UnitHistory(Base):
    """Former name, board and administration of a unit: a row for each change."""

    __tablename__ = "unit_history"
    __table_args__ = (UniqueConstraint("unit_id", "ended_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"))
    ended_at: Mapped[datetime]


class Category(Base):
    """A category (ämne) of cases, with its responsible unit and its handling unit."""

    __tablename__ = "category"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    position: Mapped[int]
    responsible_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    handling_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    rosa_level: Mapped[int | None]
    secrecy_default: Mapped[bool]
    secrecy_provision: Mapped[str | None]
    answer_by_email: Mapped[bool]
    special_procedure: Mapped[str] = mapped_column(server_default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    responsible_unit: Mapped[Unit] = relationship(foreign_keys=[responsible_unit_id])
    handling_unit: Mapped[Unit] = relationship(foreign_keys=[handling_unit_id])
