"""Tables of people, logins, staff identifiers, memberships, absences, sessions and emergency access."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.identity.actors import Role
from portal.identity.oidc.identified import KeyKind
from portal.organisation.models import Administration, Board, Unit


class EmergencyEvent(StrEnum):
    """An event in the life of an emergency access."""

    OPENED = "opened"
    USED = "used"
    ENDED = "ended"


class Person(Base):
    """A human being, with at most one identity number and one eIDAS prid.

    Both are encrypted and looked up by an HMAC index.
    """

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Encrypted)
    identity_number: Mapped[str | None] = mapped_column(Encrypted)
    identity_number_index: Mapped[bytes | None] = mapped_column(unique=True)
    coordination_level: Mapped[str | None]
    prid: Mapped[str | None] = mapped_column(Encrypted)
    prid_index: Mapped[bytes | None] = mapped_column(unique=True)
    protected: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(Encrypted)
    phone: Mapped[str | None] = mapped_column(Encrypted)
    # How they want to be notified about new cases, a value of NotifyBy; None until they have chosen.
    notify_by: Mapped[str | None]
    created_at: Mapped[datetime]


class Login(Base):
    """A subject identifier at an issuer (OpenID Connect Core 1.0, section 2), linked to a person."""

    __tablename__ = "login"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]


class StaffKey(Base):
    """A staff identifier at a provider, besides the number; added with `member add`."""

    __tablename__ = "staff_key"
    __table_args__ = (UniqueConstraint("issuer", "kind", "value"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str]
    kind: Mapped[KeyKind] = mapped_column(enum(KeyKind))
    value: Mapped[str]


class Membership(Base):
    """A role for one unit, board or administration, or for all of them when none is set.

    A substitute (vikarie) has their own membership for the period; `substitute_for_id` is the replaced one.
    """

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(enum(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    administration_id: Mapped[int | None] = mapped_column(ForeignKey("administration.id"))
    substitute_for_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit | None] = relationship()
    board: Mapped[Board | None] = relationship()
    administration: Mapped[Administration | None] = relationship()


class StaffAbsence(Base):
    """The days on which a membership is away, both included, and who substitutes. Why is not kept.

    Rows are deleted when their days are over.
    """

    __tablename__ = "staff_absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_staff_absence_days", "last_day", "first_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    # None: what comes during the absence goes to the unit.
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    membership: Mapped[Membership] = relationship(foreign_keys=[membership_id])
    substitute: Mapped[Membership | None] = relationship(foreign_keys=[substitute_id])
    written_by: Mapped[Membership] = relationship(foreign_keys=[written_by_id])


class MembershipSnapshot(Base):
    """A membership as it was when its holder did something: a row for each state. Rows never change.

    The names are copies: a person, a unit or a board may have another name later, or another place.
    """

    __tablename__ = "membership_snapshot"
    __table_args__ = (UniqueConstraint("membership_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    # Counts the states of a membership from 1.
    number: Mapped[int]
    name: Mapped[str] = mapped_column(Encrypted)
    role: Mapped[Role] = mapped_column(enum(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str | None]
    administration_name: Mapped[str | None]
    # That of the unit, for a member of one.
    board_name: Mapped[str | None]
    taken_at: Mapped[datetime]


class SignIn(Base):
    """An open session, at most 12 hours old."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    # A fingerprint: a copy of the database holds no session id that a browser could present.
    token: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    provider: Mapped[str]
    issuer: Mapped[str]
    sid: Mapped[str | None] = mapped_column(index=True)
    organisation_name: Mapped[str | None] = mapped_column(Encrypted)
    organisation_number: Mapped[str | None] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
    membership: Mapped[Membership | None] = relationship()


class BreakGlass(Base):
    """One row of the append-only log of emergency access (nödåtkomst).

    `seal` is the SHA-256 of the previous seal and this row, so that a changed or deleted row is detectable.
    """

    __tablename__ = "break_glass"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[EmergencyEvent] = mapped_column(enum(EmergencyEvent))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    role: Mapped[Role] = mapped_column(enum(Role))
    until: Mapped[datetime]
    reason: Mapped[str]
    seal: Mapped[bytes]
    membership: Mapped[Membership] = relationship()


class BreakGlassCode(Base):
    """The fingerprint of an unused one-time code of an emergency access."""

    __tablename__ = "break_glass_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[bytes] = mapped_column(unique=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), unique=True)
    expires_at: Mapped[datetime]


class LogoutToken(Base):
    """The fingerprint of a received logout token, kept until it expires to refuse a replay."""

    __tablename__ = "logout_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
