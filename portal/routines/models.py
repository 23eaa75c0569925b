"""The table of follow-ups."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.identity.models import MembershipSnapshot


class FollowUp(Base):
    """A routine was followed up on a day. Rows never change.

    `routine` is its key in the profile, which may have dropped it since. `next_on` is the day by which it
    was to be followed up again, by the interval that the profile had then.
    """

    __tablename__ = "routine_follow_up"
    __table_args__ = (UniqueConstraint("routine", "followed_up_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    routine: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    followed_up_on: Mapped[date]
    next_on: Mapped[date]
    note: Mapped[str]
    author_snapshot_id: Mapped[int] = mapped_column(ForeignKey("membership_snapshot.id"))
    created_at: Mapped[datetime]
    author: Mapped[MembershipSnapshot] = relationship()
