"""Tables of what staff are notified of, and how they want it by e-mail."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, exists, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import OPEN
from portal.cases.models import Case
from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.notifications.staff.rules import MailChoice, NoticeKind

_UNSEEN = text("seen_at IS NULL")


class StaffNotice(Base):
    """Something that happened in a case, for one membership, or an improvement that is overdue.

    What they may not read is never shown.
    """

    __tablename__ = "staff_notice"
    __table_args__ = (
        Index("ix_staff_notice_newest", "membership_id", "created_at", "id"),
        # The few that are counted on every page of staff.
        Index("ix_staff_notice_unseen", "membership_id", postgresql_where=_UNSEEN, sqlite_where=_UNSEEN),
        Index("ix_staff_notice_created_at", "created_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    improvement_id: Mapped[int | None] = mapped_column(ForeignKey("improvement.id"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(enum(NoticeKind))
    # The day by which a case that is about to be late is due, or by which an improvement was.
    due: Mapped[date | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    # When it was in a message, at once or in a digest: never in two.
    mailed_at: Mapped[datetime | None]
    case: Mapped[Case | None] = relationship()
    improvement: Mapped[Improvement | None] = relationship()


class StaffMail(Base):
    """The work address of a member of staff, and when they want their notices there."""

    __tablename__ = "staff_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    address: Mapped[str | None] = mapped_column(Encrypted)
    choice: Mapped[MailChoice] = mapped_column(enum(MailChoice))


def is_still_overdue() -> ColumnElement[bool]:
    """The condition on a notice that its improvement is not done since then, nor has got another day."""
    same = Improvement.id == StaffNotice.improvement_id, Improvement.due_on == StaffNotice.due
    return exists().where(*same, Improvement.state.in_(OPEN)).correlate(StaffNotice)
