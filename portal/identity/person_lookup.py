"""Find or create the person that a command names by identity number, by staff identifiers, or by both."""

from collections.abc import Sequence

from sqlalchemy import update

from portal import clock
from portal.db import session
from portal.identity import account_linking, sessions, staff_identifiers
from portal.identity.models import Login, Membership, Person, StaffKey
from portal.identity.oidc.identified import Key


class ConflictingIdentities(ValueError):
    """Number and keys belong to two people with a number each. The message names neither of them."""


def find_or_create(name: str, number: str | None, keys: Sequence[Key] = ()) -> Person:
    """Return the person with this number and these keys, or a new one. Raises ConflictingIdentities.

    A missing number or key is added to the person; people named by different keys are merged.
    """
    people: dict[int, Person] = {}
    for owner in (account_linking.number_owner(number), *map(staff_identifiers.key_owner, keys)):
        if owner:
            people[owner.id] = owner
    person = _merge_target(list(people.values()), number) or _create(name)
    for other in people.values():
        if other is not person:
            _merge(other, person)
    if number and person.identity_number is None:
        account_linking.set_number(person, number)
    session().flush()
    staff_identifiers.assign(person, keys)
    return person


def _merge_target(people: Sequence[Person], number: str | None) -> Person | None:
    """The person with a number, of whom there may be one; otherwise the oldest."""
    if number and any(person.identity_number not in (None, number) for person in people):
        raise ConflictingIdentities("a key belongs to somebody with another number")
    numbered = [person for person in people if person.identity_number or person.prid]
    if len(numbered) > 1:
        raise ConflictingIdentities("the keys belong to two people who have a number each")
    return numbered[0] if numbered else min(people, key=lambda person: person.id, default=None)


def _create(name: str) -> Person:
    person = Person(name=name, created_at=clock.to_hour(clock.now()))
    session().add(person)
    session().flush()
    return person


def _merge(source: Person, target: Person) -> None:
    # Cases are not moved: a case belongs to the person who sent it, and staff keys say nothing about that.
    sessions.end(source.id)
    for table in (Membership, StaffKey, Login):
        session().execute(update(table).where(table.person_id == source.id).values(person_id=target.id))
