"""The model of a case, and what belongs to its row: relations, past rounds, bars, numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases import reference_numbers
from portal.cases.enums import BarKind, Channel, Kind, LegalMatter, NotifyBy, ReaderChange, ReplyBy, Secrecy
from portal.cases.lifecycle import CloseReason, Status
from portal.cases.models.location import CaseLocation
from portal.cases.models.marks import SecrecyMark
from portal.cases.models.message import Message
from portal.cases.models.party import Party, Representation
from portal.cases.models.task import Task
from portal.database import queue_columns
from portal.database.queue_columns import computed
from portal.db import Base, enum
from portal.identity.models import Membership
from portal.organisation.models import Board, Category, ProfileVersion, Unit


class Case(SecrecyMark, Base):
    """One contact with the municipality (kontaktärende)."""

    __tablename__ = "case"
    __table_args__ = (UniqueConstraint("year", "number"), *queue_columns.indexes())

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    # Optimistic locking: pages send the version back, and an UPDATE of an older one fails.
    __mapper_args__ = {"version_id_col": version}
    year: Mapped[int]
    number: Mapped[int]
    # Fingerprints only. Unique, so that a form makes one case even if its lock were missing.
    submission: Mapped[bytes | None] = mapped_column(unique=True)
    # The fingerprint of what the form held, however the case is corrected later.
    submitted_content: Mapped[bytes | None]
    code: Mapped[bytes | None] = mapped_column(unique=True)

    kind: Mapped[Kind] = mapped_column(enum(Kind))
    status: Mapped[Status] = mapped_column(enum(Status))
    close_reason: Mapped[CloseReason | None] = mapped_column(enum(CloseReason))
    close_details: Mapped[dict[str, Any] | None]
    # False: praise whose sender wants no answer, so that none is promised.
    answer_wanted: Mapped[bool] = mapped_column(default=True, server_default=true())
    # The level of the ROSA method, 1-6: proposed by the topic, judged by staff. None: not judged.
    level: Mapped[int | None]
    # Solved at first contact (cases/answers/first_contact.py). None: not known yet.
    first_contact: Mapped[bool | None]
    # The first-line unit that had it first, wherever it is now; of whose cases these are a share.
    first_line_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    record_request: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Not closed as outside the process before it has been handed to the right board or authority.
    legal_matter: Mapped[LegalMatter | None] = mapped_column(enum(LegalMatter))
    matter_passed_on: Mapped[date | None]
    channel: Mapped[Channel] = mapped_column(enum(Channel))
    reply_by: Mapped[ReplyBy] = mapped_column(enum(ReplyBy))
    notify_by: Mapped[NotifyBy] = mapped_column(enum(NotifyBy), default=NotifyBy.NONE, server_default="none")
    language: Mapped[str]
    # Shown to the sender; staff see internal_subject.
    public_subject: Mapped[str]
    internal_subject: Mapped[str]
    hide_sender: Mapped[bool] = mapped_column(default=False)
    # None: no secrecy. Moving the case never lowers it (cases/authority/placement.py).
    secrecy: Mapped[Secrecy | None] = mapped_column(enum(Secrecy))
    # The membership that has asked for a lift that takes two.
    secrecy_lift_by_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))

    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    responsible_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    handling_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    # The independent branch of its authority (OSL 8:2); empty where the board has none.
    responsible_branch: Mapped[str] = mapped_column(default="", server_default="")
    # What access asks: copied from the units and the party, so that no query has to join them.
    responsible_board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    handling_board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    responsible_administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"))
    handling_administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"))
    sender_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    # The earliest date promised in the cases that wait for its answer (cases/authority/groups.py).
    group_due: Mapped[date | None]
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))

    profile_version_id: Mapped[int] = mapped_column(ForeignKey("profile_version.id"))
    # The working days promised when the case came in; a later profile does not change them.
    promise: Mapped[dict[str, Any]]
    clock_started_on: Mapped[date]
    paused_on: Mapped[date | None]
    pauses: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    supplement_due: Mapped[date | None]
    supplement_reminded_on: Mapped[date | None]
    extended_on: Mapped[date | None]
    extended_to: Mapped[date | None]
    extension_reason: Mapped[str | None]
    extended_for_summer: Mapped[bool] = mapped_column(default=False, server_default=false())
    # An inner day that presses where no promise does; the sender sees it only if it is shared.
    next_step_on: Mapped[date | None]
    next_step_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    unsatisfied: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_contact: Mapped[date | None]
    due_answer: Mapped[date | None]
    reopened: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Of this round: whether an officer was named at the first contact, and the words of its first answer.
    # None: not known (cases/answers/policies.py).
    contact_named: Mapped[bool | None]
    answer_thanks: Mapped[bool | None]
    answer_regrets: Mapped[bool | None]
    answer_lix: Mapped[int | None]
    # What the queue sorts and counts by, computed by the database.
    keep_by: Mapped[date | None] = mapped_column(computed(queue_columns.KEEP_BY), deferred=True)
    urgency: Mapped[date | None] = mapped_column(computed(queue_columns.URGENCY), deferred=True)
    promised_days: Mapped[int | None] = mapped_column(computed(queue_columns.PROMISED_DAYS), deferred=True)

    # While it is contested, no sender reads the case and no message is sent (cases/actions/readers.py).
    reader_change: Mapped[ReaderChange | None] = mapped_column(enum(ReaderChange))
    reader_changed_at: Mapped[datetime | None]
    reader_contested_at: Mapped[datetime | None]

    received_at: Mapped[datetime]
    contacted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)

    category: Mapped[Category | None] = relationship()
    responsible_unit: Mapped[Unit] = relationship(foreign_keys=[responsible_unit_id])
    handling_unit: Mapped[Unit] = relationship(foreign_keys=[handling_unit_id])
    responsible_board: Mapped[Board] = relationship(foreign_keys=[responsible_board_id])
    officer: Mapped[Membership | None] = relationship(foreign_keys=[officer_id])
    contact: Mapped[Membership | None] = relationship(foreign_keys=[contact_id])
    secrecy_lift_by: Mapped[Membership | None] = relationship(foreign_keys=[secrecy_lift_by_id])
    party: Mapped[Party | None] = relationship()
    representation: Mapped[Representation | None] = relationship()
    location: Mapped[CaseLocation | None] = relationship()
    profile_version: Mapped[ProfileVersion] = relationship()
    messages: Mapped[list[Message]] = relationship(order_by="Message.id", viewonly=True)
    open_tasks: Mapped[list[Task]] = relationship(
        primaryjoin="and_(Task.case_id == Case.id, Task.done_at.is_(None))",
        order_by="Task.id",
        viewonly=True,
    )

    @property
    def reference(self) -> str:
        """Prefix, year and number, as a person reads them: KB-2026-000123."""
        return reference_numbers.reference(self.year, self.number)


class PastClock(Base):
    """The clocks of an earlier round, archived when the case was reopened."""

    __tablename__ = "past_clock"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    # The unit that answered it, whichever has the case now.
    handling_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    started_on: Mapped[date] = mapped_column(index=True)
    pauses: Mapped[list[Any]]
    due_contact: Mapped[date | None]
    due_answer: Mapped[date | None]
    extended_to: Mapped[date | None]
    extended_for_summer: Mapped[bool]
    unsatisfied: Mapped[bool]
    contact_named: Mapped[bool | None]
    answer_thanks: Mapped[bool | None]
    answer_regrets: Mapped[bool | None]
    answer_lix: Mapped[int | None]
    contacted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime]


class CaseRelation(Base):
    """Two related cases; `case_id` is the lower id, so that a pair is stored once."""

    __tablename__ = "case_relation"
    __table_args__ = (UniqueConstraint("case_id", "other_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)


class CaseBar(Base):
    """A person who may neither find nor handle a case (jäv, FL 16-18 §§)."""

    __tablename__ = "case_bar"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[BarKind] = mapped_column(enum(BarKind))
    at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))


class NumberSeries(Base):
    """The last case number allocated in a year of registration."""

    __tablename__ = "number_series"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
