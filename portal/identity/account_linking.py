"""Link sign-ins to people: by issuer and subject, and across providers by identity number or prid."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal import clock, crypto
from portal.db import advisory_lock, session
from portal.identity import staff_identifiers
from portal.identity.models import Login, Person
from portal.identity.oidc.identified import Identified

NUMBERS = "identity-number"
PRIDS = "prid"


def person_for(who: Identified, staff: bool = False) -> Person:
    """Return the person behind a sign-in; creates one for an unknown identity.

    `staff` enables lookup by staff identifiers, and is set only for a provider whose audience is staff.
    """
    # Two concurrent first sign-ins of one human must not create two people.
    for key in _lock_keys(who, staff):
        advisory_lock(key)
    login = session().scalar(select(Login).where(Login.issuer == who.issuer, Login.subject == who.subject))
    login_person = session().get_one(Person, login.person_id) if login else None
    certain = _by_number(who) or _by_prid(who)
    known = _unless_contradicted(login_person, who)
    by_keys = staff_identifiers.person_for_keys(who, certain, known) if staff else None
    # A number identifies a human; a key or a subject only an account, which can be reused.
    person = certain or by_keys or known or _create(who.name)
    _update_from_sign_in(person, who)
    session().flush()
    if login is None:
        session().add(Login(person_id=person.id, issuer=who.issuer, subject=who.subject))
    else:
        login.person_id = person.id
    return person


def _lock_keys(who: Identified, staff: bool) -> list[bytes]:
    subject = f"{who.issuer}\0{who.subject}"
    texts = [("login", subject), (NUMBERS, who.identity_number), (PRIDS, who.prid)]
    if staff:
        texts += [("staff-key", f"{key.issuer}\0{key.kind}\0{key.value}") for key in who.keys]
    # Sorted, because two sign-ins that take the same locks in different orders would deadlock.
    return sorted(crypto.fingerprint(purpose, text) for purpose, text in texts if text)


def _by_number(who: Identified) -> Person | None:
    # A personnummer replaces the samordningsnummer of the same human, so the previous number identifies too.
    return number_owner(who.identity_number) or number_owner(who.previous_number)


def number_owner(number: str | None) -> Person | None:
    """Return the person with this personnummer or samordningsnummer."""
    return _select_person(_has_index(Person.identity_number_index, NUMBERS, number)) if number else None


def _by_prid(who: Identified) -> Person | None:
    """Return the person with this eIDAS prid, at any provider, unless their numbers differ."""
    person = _select_person(_has_index(Person.prid_index, PRIDS, who.prid)) if who.prid else None
    return _unless_contradicted(person, who)


def _unless_contradicted(person: Person | None, who: Identified) -> Person | None:
    if person is None or not (person.identity_number and who.identity_number):
        return person
    # Some providers reuse a subject against the standard, but a number is never reassigned to another human.
    return person if person.identity_number == who.identity_number else None


def _has_index(column: InstrumentedAttribute[bytes | None], purpose: str, value: str) -> ColumnElement[bool]:
    # One index for each key that is in use, so that people are found while keys are being rotated.
    return or_(*(column == index for index in crypto.blind_indexes(purpose, value)))


def _select_person(condition: ColumnElement[bool]) -> Person | None:
    return session().scalar(select(Person).where(condition))


def _create(name: str) -> Person:
    person = Person(name=name, created_at=clock.to_hour(clock.now()), protected=False)
    session().add(person)
    return person


def _update_from_sign_in(person: Person, who: Identified) -> None:
    person.name = who.name or person.name
    # Only staff remove protection, with a reason: a provider without that claim says nothing about it.
    person.protected = person.protected or who.protected
    if who.identity_number and who.identity_number != person.identity_number:
        set_number(person, who.identity_number)
    if who.identity_number:
        person.coordination_level = who.level
    # The column is unique: after a contradicted number, the prid still belongs to another person.
    if (
        who.prid
        and not person.prid
        and _select_person(_has_index(Person.prid_index, PRIDS, who.prid)) is None
    ):
        person.prid = who.prid
        person.prid_index = crypto.blind_index(PRIDS, who.prid)


def set_number(person: Person, number: str) -> None:
    """Set a person's identity number and the HMAC index that it is looked up by."""
    person.identity_number = number
    person.identity_number_index = crypto.blind_index(NUMBERS, number)
