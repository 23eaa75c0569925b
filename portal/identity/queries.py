"""Queries for sessions, people and memberships."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, exists, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.db import moment, once_per_read, session
from portal.identity import sessions
from portal.identity.actors import Role, Staff
from portal.identity.models import BreakGlass, EmergencyEvent, Login, Membership, Person, SignIn, StaffAbsence
from portal.identity.sessions import is_running
from portal.organisation import queries as organisation

# What the choice of a membership names, and in which order.
_WHERE = joinedload(Membership.unit), joinedload(Membership.board), joinedload(Membership.administration)
_ORDER = Membership.substitute_for_id.is_not(None), Membership.id


@dataclass(frozen=True)
class OpenSession:
    """An open session with its person, and the memberships that the person has now.

    `emergency` tells whether the time of anybody's emergency access has not passed (emergency_access.py).
    """

    sign_in: SignIn
    memberships: Sequence[Membership]
    emergency: bool


def open_session(token: str) -> OpenSession | None:
    """The session with this id, unless it is too old or has been idle too long. One statement."""
    rows = session().execute(_open_session(), {"token": sessions.fingerprint(token)}).all()
    if not rows:
        return None
    sign_in, _membership, emergency = rows[0]
    return OpenSession(sign_in, [row[1] for row in rows if row[1]], bool(emergency))


@cache
def _open_session() -> Select[SignIn, Membership, bool]:
    own = and_(Membership.person_id == SignIn.person_id, is_running())
    emergency = exists().where(BreakGlass.event == EmergencyEvent.OPENED, BreakGlass.until > moment())
    query = select(SignIn, Membership, emergency).outerjoin(Membership, own)
    # The person's other columns are encrypted, and no page needs them.
    person = joinedload(SignIn.person).load_only(Person.name)
    query = query.where(SignIn.token == bindparam("token"), sessions.is_open())
    return query.options(person, *_WHERE).order_by(*_ORDER)


def memberships_of(person_id: int) -> Sequence[Membership]:
    """What a person is now as staff, in the order it was given; as a substitute comes last."""
    query = select(Membership).options(*_WHERE).where(is_running(), Membership.person_id == person_id)
    return session().scalars(query.order_by(*_ORDER)).all()


def staff(person_id: int, chosen: int | None = None) -> Staff:
    """The person as staff, as the membership they chose or else the first; without one they reach nothing."""
    return staff_with(person_id, memberships_of(person_id), chosen)


def staff_with(person_id: int, memberships: Sequence[Membership], chosen: int | None) -> Staff:
    """The same of memberships that have been read already."""
    first = memberships[0] if memberships else None
    membership = next((row for row in memberships if row.id == chosen), first)
    return as_staff(membership) if membership else Staff(person_id)


class Member(NamedTuple):
    """A running membership as pages list it: nothing of the person that is encrypted but the name."""

    id: int
    person_id: int
    role: Role
    unit_id: int | None
    board_id: int | None
    administration_id: int | None
    name: str
    # The last day of an absence that they are on today, and who substitutes.
    away_until: date | None = None
    substitute_id: int | None = None


def as_staff(membership: Membership | Member) -> Staff:
    """Return the actor of a membership."""
    keeps_all = membership.role is Role.RECORDS_OFFICER and membership.board_id is None
    return Staff(
        person=membership.person_id,
        membership=membership.id,
        role=membership.role,
        unit=membership.unit_id,
        board=membership.board_id,
        administration=membership.administration_id,
        common_registry=keeps_all and organisation.profile().common_registry,
    )


@once_per_read
def member_rows() -> Sequence[Member]:
    """What members() gives, as rows."""
    return [Member(*row) for row in session().execute(_member_rows())]


@cache
def _member_rows() -> Select[*tuple[Any, ...]]:
    own = Membership.id, Membership.person_id, Membership.role
    where = Membership.unit_id, Membership.board_id, Membership.administration_id
    away = StaffAbsence.last_day, StaffAbsence.substitute_id
    query = select(*own, *where, Person.name, *away).join(Person, Person.id == Membership.person_id)
    query = query.outerjoin(StaffAbsence, (StaffAbsence.membership_id == Membership.id) & _includes_today())
    return query.where(is_running()).order_by(Membership.id)


def _includes_today() -> ColumnElement[bool]:
    today: BindParameter[date] = bindparam(None, callable_=clock.today, type_=Date())
    return and_(StaffAbsence.first_day <= today, StaffAbsence.last_day >= today)


def members() -> Sequence[Membership]:
    """Every membership that runs, in the order they were given."""
    return [membership for membership, runs in _every_membership() if runs]


@once_per_read
def _every_membership() -> Sequence[tuple[Membership, bool]]:
    """Every membership with the name of its person, and whether it runs. What is encrypted is not read."""
    person = joinedload(Membership.person).load_only(Person.name, Person.protected)
    query = select(Membership, is_running()).options(person).order_by(Membership.id)
    return [(membership, bool(runs)) for membership, runs in session().execute(query)]


def membership(membership_id: int | None) -> Membership | None:
    """Return a membership with its person, also if it has ended; None if there is none."""
    query = select(Membership).options(joinedload(Membership.person))
    return session().scalar(query.where(Membership.id == membership_id)) if membership_id else None


def names() -> dict[int, str]:
    """The name behind every membership, running or ended, by its id."""
    return {membership.id: membership.person.name for membership, _runs in _every_membership()}


def person(person_id: int) -> Person:
    """Return the person with this id. Raises NoResultFound."""
    return session().get_one(Person, person_id)


def logins(person_id: int) -> Sequence[Login]:
    """The identifiers by which providers know a person."""
    return session().scalars(select(Login).where(Login.person_id == person_id).order_by(Login.id)).all()


def contact_choices(person_id: int) -> dict[str, str]:
    """Return the saved contact choices of a person by form field; empty until they have chosen."""
    row = person(person_id)
    values = {"notify_by": row.notify_by, "email": row.email, "phone": row.phone}
    return {name: value for name, value in values.items() if value}
