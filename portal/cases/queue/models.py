"""The model of a saved filter of the queue."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SavedView(Base):
    """Named query parameters of the queue, of one membership; shared with a unit if it has one."""

    __tablename__ = "saved_view"
    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
