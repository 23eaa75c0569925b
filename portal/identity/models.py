"""People, how they sign in, what they may do as staff, and the sessions they have open."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.identity.actors import Role
from portal.identity.oidc.identified import KeyKind
from portal.organisation.models import Administration, Board, Unit


class EmergencyEvent(StrEnum):
    """What an emergency access goes through."""

    OPENED = "opened"
    USED = "used"
    ENDED = "ended"


class Person(Base):
    """A human being, known by at most one number and one eIDAS prid (encrypted, found by HMAC indexes)."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    identity_number: Mapped[str | None] = mapped_column(Encrypted)
    identity_number_index: Mapped[bytes | None] = mapped_column(unique=True)
    coordination_level: Mapped[str | None]
    prid: Mapped[str | None] = mapped_column(Encrypted)
    prid_index: Mapped[bytes | None] = mapped_column(unique=True)
    protected: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None]
    phone: Mapped[str | None]
    reply_by: Mapped[str | None]
    created_at: Mapped[datetime]


class Login(Base):
    """A subject at an issuer: the name under which a provider knows a person (OpenID Connect Core, 2)."""

    __tablename__ = "login"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]


class StaffKey(Base):
    """What a staff provider knows a member of staff by, besides a number: given by `member add`."""

    __tablename__ = "staff_key"
    __table_args__ = (UniqueConstraint("issuer", "kind", "value"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str]
    kind: Mapped[KeyKind] = mapped_column(enum(KeyKind))
    value: Mapped[str]


class Membership(Base):
    """A role for a unit, a board, an administration, or (none of them) for all, while it runs.

    A substitute (vikarie) has a membership of their own for the time, which names the one they stand in for.
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


class SignIn(Base):
    """An open session: the cookie holds a random id, this row its fingerprint. Lives 12 hours at most."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    provider: Mapped[str]
    issuer: Mapped[str]
    sid: Mapped[str | None] = mapped_column(index=True)
    id_token: Mapped[str | None] = mapped_column(Encrypted)
    organisation_name: Mapped[str | None] = mapped_column(Encrypted)
    organisation_number: Mapped[str | None] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
    membership: Mapped[Membership | None] = relationship()


class BreakGlass(Base):
    """What happened to an emergency access (nödåtkomst): opened, used, ended.

    Rows are added and never changed. Each seals the one before it: `seal` is SHA-256 over both.
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
    """The one-time code of an emergency access: its fingerprint, until it is used or too old."""

    __tablename__ = "break_glass_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[bytes] = mapped_column(unique=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), unique=True)
    expires_at: Mapped[datetime]


class LogoutToken(Base):
    """A logout token that a provider has sent, so that it works once. Kept until it would have expired."""

    __tablename__ = "logout_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
