"""Queries for sessions, people and memberships."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import session
from portal.identity import sessions
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person, SignIn
from portal.identity.sessions import running


def open_session(token: str) -> SignIn | None:
    """Return the session with this id, with its person; None if it has ended."""
    query = select(SignIn).options(joinedload(SignIn.person))
    return session().scalar(query.where(SignIn.token == sessions.fingerprint(token), sessions.is_open()))


def memberships_of(person_id: int) -> Sequence[Membership]:
    """Return the current memberships of a person, oldest first, those as a substitute last."""
    query = select(Membership).where(running(), Membership.person_id == person_id)
    return session().scalars(query.order_by(Membership.substitute_for_id.is_not(None), Membership.id)).all()


def staff(person_id: int, chosen: int | None = None) -> Staff:
    """Return the person as a Staff actor, under the chosen membership or else the first.

    A person without a membership is an actor without role and scope.
    """
    memberships = {membership.id: membership for membership in memberships_of(person_id)}
    if not memberships:
        return Staff(person_id)
    # A chosen membership that has ended since then falls back to one that has not.
    first = next(iter(memberships.values()))
    return as_staff(memberships.get(chosen or 0, first))


def as_staff(membership: Membership) -> Staff:
    """Return the actor of a membership."""
    return Staff(
        person=membership.person_id,
        membership=membership.id,
        role=membership.role,
        unit=membership.unit_id,
        board=membership.board_id,
        administration=membership.administration_id,
    )


def members() -> Sequence[Membership]:
    """Return every current membership with its person, oldest first."""
    query = select(Membership).options(joinedload(Membership.person)).where(running())
    return session().scalars(query.order_by(Membership.id)).all()


def membership(membership_id: int | None) -> Membership | None:
    """Return a membership with its person, also if it has ended; None if there is none."""
    query = select(Membership).options(joinedload(Membership.person))
    return session().scalar(query.where(Membership.id == membership_id)) if membership_id else None


def names() -> dict[int, str]:
    """Return the names of people by membership id, of current and ended memberships."""
    query = select(Membership).options(joinedload(Membership.person))
    return {membership.id: membership.person.name for membership in session().scalars(query)}


def person(person_id: int) -> Person:
    """Return the person with this id. Raises NoResultFound."""
    return session().get_one(Person, person_id)


def contact_choices(person_id: int) -> dict[str, str]:
    """Return the saved contact choices of a person by form field; empty until they have chosen."""
    row = person(person_id)
    values = {"reply_by": row.reply_by, "email": row.email, "phone": row.phone}
    return {name: value for name, value in values.items() if value}
