"""Who a session belongs to, and who is staff."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import session
from portal.identity import sessions
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person, SignIn
from portal.identity.sessions import running


def open_session(token: str) -> SignIn | None:
    """The session with this id, unless it is too old or has been idle too long."""
    query = select(SignIn).options(joinedload(SignIn.person))
    return session().scalar(query.where(SignIn.token == sessions.fingerprint(token), sessions.is_open()))


def memberships_of(person_id: int) -> Sequence[Membership]:
    """What a person is now as staff, in the order it was given; as a substitute comes last."""
    query = select(Membership).where(running(), Membership.person_id == person_id)
    return session().scalars(query.order_by(Membership.substitute_for_id.is_not(None), Membership.id)).all()


def staff(person_id: int, chosen: int | None = None) -> Staff:
    """The person as staff, as the membership they chose or else the first; without one they reach nothing."""
    mine = memberships_of(person_id)
    membership = next((each for each in mine if each.id == chosen), mine[0] if mine else None)
    return as_staff(membership) if membership else Staff(person_id)


def as_staff(membership: Membership) -> Staff:
    """A membership as an actor."""
    where = membership.unit_id, membership.board_id, membership.administration_id
    return Staff(membership.person_id, membership.id, membership.role, *where)


def members() -> Sequence[Membership]:
    """Every membership that runs, in the order they were given."""
    query = select(Membership).options(joinedload(Membership.person)).where(running())
    return session().scalars(query.order_by(Membership.id)).all()


def membership(membership_id: int | None) -> Membership | None:
    """One membership, running or ended, with its person."""
    query = select(Membership).options(joinedload(Membership.person))
    return session().scalar(query.where(Membership.id == membership_id)) if membership_id else None


def names() -> dict[int, str]:
    """The name behind every membership, running or ended, by its id."""
    query = select(Membership).options(joinedload(Membership.person))
    return {membership.id: membership.person.name for membership in session().scalars(query)}


def person(person_id: int) -> Person:
    """One person."""
    return session().get_one(Person, person_id)


def contact_choices(person_id: int) -> dict[str, str]:
    """How a person wants to hear from us, as the fields of a form; empty until they have chosen."""
    found = person(person_id)
    values = {"reply_by": found.reply_by, "email": found.email, "phone": found.phone}
    return {name: value for name, value in values.items() if value}
