"""The model of a task."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.cases.enums import TaskKind
from portal.db import Base, enum


class Task(Base):
    """A problem that the portal cannot solve and a member of staff must (att ta hand om)."""

    __tablename__ = "task"
    _undone = text("done_at IS NULL")
    __table_args__ = (Index("ix_task_undone", "case_id", postgresql_where=_undone, sqlite_where=_undone),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[TaskKind] = mapped_column(enum(TaskKind))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
