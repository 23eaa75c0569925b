"""The table of tripped budgets: which of them, in which hour, and nothing about who."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class BudgetTrip(Base):
    """How many minutes of an hour a budget was used up in a lane, in all processes together."""

    __tablename__ = "budget_trip"
    __table_args__ = (UniqueConstraint("hour", "budget", "lane"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[datetime]
    budget: Mapped[str]
    lane: Mapped[str]
    minutes: Mapped[int]
