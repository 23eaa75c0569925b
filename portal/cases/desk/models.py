"""The model of a visit at the desk."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.cases.desk.rules import VisitState, visit_state
from portal.cases.models import Case
from portal.crypto import Encrypted
from portal.db import Base
from portal.identity.models import Membership, Person


class DeskVisit(Base):
    """A person whom one member of staff serves, known by the code of `case` or by a sign-in (`person`).

    `number` is typed once at the screen of the desk, and is gone when it has been; `screen` is the
    fingerprint of what that browser holds instead.
    """

    __tablename__ = "desk_visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    number: Mapped[str | None] = mapped_column(Encrypted)
    number_mac: Mapped[bytes | None] = mapped_column(unique=True)
    screen: Mapped[bytes | None] = mapped_column(unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    claimed_at: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    membership: Mapped[Membership] = relationship()
    case: Mapped[Case | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def state(self) -> VisitState:
        """How far the visit has come now."""
        times = self.created_at, self.claimed_at, self.known_at, self.ended_at
        return visit_state(clock.now(), *times)
