"""What is kept of the statistics: the counts, and of which promises they were made."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from portal.cases.enums import Kind
from portal.db import Base, enum


class KeptCounts(Base):
    """The counts of the promises in statistics_promise: one row, written by the worker alone."""

    __tablename__ = "statistics_counts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The day they were made for, and a fingerprint of the closed days that they were made with.
    made_on: Mapped[date]
    basis: Mapped[str]
    counts: Mapped[dict[str, Any]]


class CountedPromise(Base):
    """A promise as it was counted. No foreign key: a case that is deleted is still to be taken away."""

    __tablename__ = "statistics_promise"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[Kind] = mapped_column(enum(Kind))
    started_on: Mapped[date]
    due_answer: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    due_contact: Mapped[date | None]
    contacted_at: Mapped[datetime | None]
    extended_to: Mapped[date | None]
    paused_on: Mapped[date | None]
    reopened: Mapped[bool]


class StatisticsPending(Base):
    """A case that has changed since it was counted; written in the transaction of the change."""

    __tablename__ = "statistics_pending"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int]
