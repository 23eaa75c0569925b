"""Snapshots of memberships: who a member of staff was, as what and from where, when they did something."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.util import AliasedClass

from portal import clock, crypto
from portal.db import advisory_lock, once_per_read, session
from portal.identity.actors import Actor, Role, Staff
from portal.identity.models import Membership, MembershipSnapshot, Person
from portal.organisation import queries as organisation
from portal.organisation.models import Unit

AuthorColumns = type[MembershipSnapshot] | AliasedClass[MembershipSnapshot]


class Author(NamedTuple):
    """What pages tell of the member of staff who wrote or did something, as they were then."""

    name: str
    role: Role | None
    unit_name: str | None
    administration_name: str | None
    board_name: str | None


def author_columns(snapshot: AuthorColumns) -> tuple[Any, ...]:
    """The columns of an Author, and before them the id, which is None where no snapshot is joined."""
    names = snapshot.unit_name, snapshot.administration_name, snapshot.board_name
    return snapshot.id, snapshot.name, snapshot.role, *names


def author(values: Sequence[Any]) -> Author | None:
    """The author that was read with author_columns()."""
    return Author(*values[1:]) if values[0] is not None else None


def author_of(snapshot: MembershipSnapshot) -> Author:
    """The author of a snapshot that was read whole."""
    return Author(
        snapshot.name, snapshot.role, snapshot.unit_name, snapshot.administration_name, snapshot.board_name
    )


# What tells two states of a membership apart.
STATE = ("name", "role", "unit_id", "unit_name", "administration_name", "board_name")


def snapshot_of(membership_id: int) -> MembershipSnapshot:
    """Return the snapshot of a membership as it is now, a new one if it has changed. Inside transaction().

    Raises NoResultFound if there is no such membership.
    """
    present, stored = _read(membership_id)
    if kept := _equal(present, stored):
        return kept
    # One at a time, and what another has stored until now is read again: each state has one row.
    advisory_lock(crypto.fingerprint("membership snapshot", str(membership_id)))
    present, stored = _read(membership_id)
    return _equal(present, stored) or _add(present, len(stored) + 1)


def snapshot_id(actor: Actor) -> int | None:
    """The id of the snapshot of an actor's membership; None for one who is not staff."""
    if not isinstance(actor, Staff) or actor.membership is None:
        return None
    return snapshot_of(actor.membership).id


@once_per_read
def as_now(membership_id: int) -> MembershipSnapshot:
    """A membership as it is now, without a row: for what has not happened yet. Raises NoResultFound."""
    return _read(membership_id)[0]


def _read(membership_id: int) -> tuple[MembershipSnapshot, list[MembershipSnapshot]]:
    """A membership as it is now, and its snapshots, oldest first."""
    rows = session().execute(_membership_and_snapshots(), {"membership": membership_id}).all()
    membership = rows[0][0] if rows else session().get_one(Membership, membership_id)
    return _present(membership), [snapshot for _membership, snapshot in rows if snapshot]


@cache
def _membership_and_snapshots() -> Select[Membership, MembershipSnapshot]:
    own = MembershipSnapshot.membership_id == Membership.id
    query = select(Membership, MembershipSnapshot).outerjoin(MembershipSnapshot, own)
    query = query.options(
        joinedload(Membership.person).load_only(Person.name, Person.protected),
        joinedload(Membership.unit).joinedload(Unit.board),
        joinedload(Membership.administration),
        joinedload(Membership.board),
    )
    return query.where(Membership.id == bindparam("membership")).order_by(MembershipSnapshot.number)


def _present(membership: Membership) -> MembershipSnapshot:
    unit = membership.unit
    # A registrar is the first line, of which no membership is needed.
    if unit is None and membership.role is Role.REGISTRAR:
        unit = organisation.first_line()
    board = membership.board or (unit.board if unit else None)
    return MembershipSnapshot(
        membership_id=membership.id,
        name=membership.person.name,
        role=membership.role,
        unit_id=unit.id if unit else None,
        unit_name=unit.name if unit else None,
        administration_name=membership.administration.name if membership.administration else None,
        board_name=board.name if board else None,
    )


def _equal(present: MembershipSnapshot, stored: Sequence[MembershipSnapshot]) -> MembershipSnapshot | None:
    return next((snapshot for snapshot in stored if _state(snapshot) == _state(present)), None)


def _state(snapshot: MembershipSnapshot) -> list[object]:
    return [getattr(snapshot, column) for column in STATE]


def _add(snapshot: MembershipSnapshot, number: int) -> MembershipSnapshot:
    snapshot.number = number
    snapshot.taken_at = clock.now()
    session().add(snapshot)
    session().flush()
    return snapshot
