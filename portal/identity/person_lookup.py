"""Whom a command means: somebody named by a number, by keys of a staff provider, or by both."""

from collections.abc import Sequence

from sqlalchemy import update

from portal import clock
from portal.db import session
from portal.identity import account_linking, sessions, staff_identifiers
from portal.identity.models import Login, Membership, Person, StaffKey
from portal.identity.oidc.identified import Key


class TwoPeople(ValueError):
    """What was given belongs to two people who cannot be one; the text says why, never who."""


def person(name: str, number: str | None, keys: Sequence[Key] = ()) -> Person:
    """The person that all of it leads to, or a new one; what is new is learned. Raises TwoPeople.

    Two people named by different keys become one: whoever names them so says that they are.
    """
    found = [account_linking.number_owner(number), *map(staff_identifiers.owner, keys)]
    distinct = list({each.id: each for each in found if each}.values())
    kept = _kept(distinct, number) or _new(name)
    for other in distinct:
        if other is not kept:
            _join(other, kept)
    if number and kept.identity_number is None:
        account_linking.set_number(kept, number)
    session().flush()
    staff_identifiers.give(kept, keys)
    return kept


def _kept(found: Sequence[Person], number: str | None) -> Person | None:
    """The one with a number, who alone may have one; else the one who has been here longest."""
    if number and any(each.identity_number not in (None, number) for each in found):
        raise TwoPeople("a key belongs to somebody with another number")
    numbered = [each for each in found if each.identity_number or each.prid]
    if len(numbered) > 1:
        raise TwoPeople("the keys belong to two people who have a number each")
    return numbered[0] if numbered else min(found, key=lambda each: each.id, default=None)


def _new(name: str) -> Person:
    made = Person(name=name, created_at=clock.now())
    session().add(made)
    session().flush()
    return made


def _join(other: Person, into: Person) -> None:
    """What they are as staff becomes the other's; cases that somebody sent stay with who sent them."""
    sessions.end(other.id)
    for table in (Membership, StaffKey, Login):
        session().execute(update(table).where(table.person_id == other.id).values(person_id=into.id))
