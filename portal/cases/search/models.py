"""Models of the full-text index: its texts, and the cases that wait for it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.cases.enums import Piece
from portal.db import Base, enum


class SearchPending(Base):
    """A case whose texts have changed since they were indexed. `due_at` is set when indexing has failed."""

    __tablename__ = "search_pending"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    due_at: Mapped[datetime | None]


class SearchText(Base):
    """Stems of the texts of a case, in their order: what is read to see whether a case matches."""

    __tablename__ = "search_text"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    piece: Mapped[Piece] = mapped_column(enum(Piece))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    stems: Mapped[str]


class SearchCase(Base):
    """The lexemes of a case (lexemes.py). Migration 0033 makes the full-text index on them (search_fts)."""

    __tablename__ = "search_case"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]
    lexemes: Mapped[str]


class SearchFrequency(Base):
    """About how many cases have a word: its checksum and no text, so that it tells nothing of a case."""

    __tablename__ = "search_frequency"
    word: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cases: Mapped[int]
