"""Which person it is who signs in: known by issuer and subject, joined by number or prid."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal import clock, crypto
from portal.db import advisory_lock, session
from portal.identity import staff_identifiers
from portal.identity.models import Login, Person
from portal.identity.oidc.identified import Identified

NUMBERS, PRIDS = "identity-number", "prid"


def person_for(who: Identified, staff: bool = False) -> Person:
    """The person behind a sign-in. Two sign-ins of one new human at once make one person.

    Keys of staff are looked at for a provider of theirs alone, and never against a number: see staff_keys.py.
    """
    for key in _keys(who, staff):
        advisory_lock(key)
    login = session().scalar(select(Login).where(Login.issuer == who.issuer, Login.subject == who.subject))
    known = session().get_one(Person, login.person_id) if login else None
    certain, known = _by_number(who) or _by_prid(who), _still(known, who)
    keyed = staff_identifiers.named(who, certain, known) if staff else None
    person = certain or keyed or known or _new(who.name)
    _learn(person, who)
    session().flush()
    if login is None:
        session().add(Login(person_id=person.id, issuer=who.issuer, subject=who.subject))
    else:
        login.person_id = person.id
    return person


def _keys(who: Identified, staff: bool) -> list[bytes]:
    """In one order for all, or two of them could wait for each other."""
    given = {"login": f"{who.issuer}\0{who.subject}", NUMBERS: who.identity_number, PRIDS: who.prid}
    texts = [(purpose, value) for purpose, value in given.items() if value]
    texts += [("staff-key", f"{key.issuer}\0{key.kind}\0{key.value}") for key in who.keys if staff]
    return sorted(crypto.fingerprint(*text) for text in texts)


def _by_number(who: Identified) -> Person | None:
    """A number that replaces a samordningsnummer is the same person's."""
    return number_owner(who.identity_number) or number_owner(who.previous_number)


def number_owner(number: str | None) -> Person | None:
    """The person with this number."""
    return _one(_indexed(Person.identity_number_index, NUMBERS, number)) if number else None


def _by_prid(who: Identified) -> Person | None:
    """An eIDAS person at any provider; a number that contradicts it makes another person."""
    found = _one(_indexed(Person.prid_index, PRIDS, who.prid)) if who.prid else None
    return _still(found, who)


def _still(known: Person | None, who: Identified) -> Person | None:
    """A subject with another number than before is somebody else: a number is never handed on."""
    if known is None or not (known.identity_number and who.identity_number):
        return known
    return known if known.identity_number == who.identity_number else None


def _indexed(column: InstrumentedAttribute[bytes | None], purpose: str, value: str) -> ColumnElement[bool]:
    return or_(*(column == index for index in crypto.blind_indexes(purpose, value)))


def _one(condition: ColumnElement[bool]) -> Person | None:
    return session().scalar(select(Person).where(condition))


def _new(name: str) -> Person:
    person = Person(name=name, created_at=clock.now(), protected=False)
    session().add(person)
    return person


def _learn(person: Person, who: Identified) -> None:
    """What this sign-in tells of the person; what it does not tell stays."""
    person.name = who.name or person.name
    person.protected = person.protected or who.protected
    if who.identity_number and who.identity_number != person.identity_number:
        set_number(person, who.identity_number)
    if who.identity_number:
        person.coordination_level = who.level
    if who.prid and not person.prid and _one(_indexed(Person.prid_index, PRIDS, who.prid)) is None:
        person.prid, person.prid_index = who.prid, crypto.blind_index(PRIDS, who.prid)


def set_number(person: Person, number: str) -> None:
    """Give a person a number, encrypted and found by its index."""
    person.identity_number = number
    person.identity_number_index = crypto.blind_index(NUMBERS, number)
