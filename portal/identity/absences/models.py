"""The table of absences. Why somebody is away is not kept."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.identity.models import Membership


class StaffAbsence(Base):
    """The days of an absence, both included, and who substitutes. Deleted when they are over."""

    __tablename__ = "staff_absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_staff_absence_days", "last_day", "first_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    # None: what comes meanwhile goes to the unit.
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    membership: Mapped[Membership] = relationship(foreign_keys=[membership_id])
    substitute: Mapped[Membership | None] = relationship(foreign_keys=[substitute_id])
    written_by: Mapped[Membership] = relationship(foreign_keys=[written_by_id])
