"""The model of a measure."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.models.case import Case
from portal.cases.models.marks import Kept
from portal.db import Base, enum
from portal.identity.models import MembershipSnapshot


class Measure(Kept, Base):
    """An action taken (åtgärd), or a proposal for improvement (förbättringsförslag). Not for the sender."""

    __tablename__ = "measure"
    __table_args__ = (Index("ix_measure_newest", "created_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[MeasureKind] = mapped_column(enum(MeasureKind))
    state: Mapped[MeasureState] = mapped_column(enum(MeasureState))
    body: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    author_snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("membership_snapshot.id"))
    created_at: Mapped[datetime]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    settled_by_snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("membership_snapshot.id"))
    settled_at: Mapped[datetime | None]
    # The improvement that a proposal became.
    improvement_id: Mapped[int | None] = mapped_column(ForeignKey("improvement.id"), index=True)

    case: Mapped[Case] = relationship()
    # As they were when they wrote and settled it.
    author: Mapped[MembershipSnapshot | None] = relationship(foreign_keys=[author_snapshot_id])
    settled_by: Mapped[MembershipSnapshot | None] = relationship(foreign_keys=[settled_by_snapshot_id])
