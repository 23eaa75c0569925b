"""The table of jobs: one row each, made when it is first seen by a worker."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, enum


class Result(StrEnum):
    """How the last run of a job ended."""

    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """When a job is due, and its last run. While one worker runs it, `lease_until` keeps others away."""

    __tablename__ = "job"
    name: Mapped[str] = mapped_column(primary_key=True)
    next_due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[Result | None] = mapped_column(enum(Result))
    # How much the last run did.
    count: Mapped[int | None]
    # The kind of exception that ended the last run.
    problem: Mapped[str | None]
