"""Staff identifiers (keys): the subject, affiliation or e-mail by which a staff provider knows a person.

A key identifies a person only when staff sign in, and only if nothing contradicts it. The number (or prid)
of a sign-in takes precedence: a key of another person is ignored. An affiliation or an e-mail may be
reassigned to another human, so it identifies only the first subject that came with it, until `member add`
names a new one.
"""

from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy import delete, select

from portal.db import session
from portal.identity.models import Login, Membership, Person, StaffKey
from portal.identity.oidc.identified import Identified, Key, KeyKind
from portal.identity.sessions import is_running

log: structlog.stdlib.BoundLogger = structlog.get_logger()
REASSIGNABLE = (KeyKind.AFFILIATION, KeyKind.EMAIL)


def key_owner(key: Key) -> Person | None:
    """Return the person that a key is assigned to."""
    query = select(Person).join(StaffKey, StaffKey.person_id == Person.id)
    same_key = (StaffKey.issuer == key.issuer, StaffKey.kind == key.kind, StaffKey.value == key.value)
    return session().scalar(query.where(*same_key))


def assign(person: Person, keys: Sequence[Key]) -> None:
    """Assign keys to a person; keys that are already assigned are skipped."""
    for key in keys:
        if key_owner(key) is None:
            session().add(StaffKey(person_id=person.id, issuer=key.issuer, kind=key.kind, value=key.value))
            session().flush()


def keys_of(person_id: int) -> Sequence[StaffKey]:
    """Return the keys assigned to a person, oldest first."""
    query = select(StaffKey).where(StaffKey.person_id == person_id)
    return session().scalars(query.order_by(StaffKey.id)).all()


def remove_reassignable(person_id: int) -> None:
    """Remove the affiliations and e-mails of a person without a current membership.

    The employer may give them to another human, who must not get the memberships of the first.
    """
    # The caller has just ended a membership, which the query below must see.
    session().flush()
    current = select(Membership.id).where(Membership.person_id == person_id, is_running())
    if session().scalar(current.limit(1)) is None:
        reassignable = (StaffKey.person_id == person_id, StaffKey.kind.in_(REASSIGNABLE))
        session().execute(delete(StaffKey).where(*reassignable))


def person_for_keys(who: Identified, certain: Person | None, known: Person | None) -> Person | None:
    """Return the person that the keys of a sign-in identify; None, with a log line, if they are contradicted.

    `certain` is the person with the number or prid of the sign-in, `known` the one with its subject.
    """
    owners: dict[KeyKind, Person] = {}
    for key in who.keys:
        if owner := key_owner(key):
            owners[key.kind] = owner
    if not owners:
        return None
    person = next(iter(owners.values()))
    reason = _contradiction(who, owners, certain, known)
    if reason:
        # The reason, and no value of a key: a log line names no person.
        log.warning("staff_identifier.ignored", reason=reason)
    return None if reason else person


def _contradiction(
    who: Identified, owners: Mapping[KeyKind, Person], certain: Person | None, known: Person | None
) -> str:
    person = next(iter(owners.values()))
    if any(owner is not person for owner in owners.values()):
        return "two keys name two people"
    if certain is None:
        return _doubt(who, person, known, has_subject_key=KeyKind.SUBJECT in owners)
    return "" if certain is person else "the number is somebody else's"


def _doubt(who: Identified, person: Person, known: Person | None, has_subject_key: bool) -> str:
    """Why the key may belong to another human, for a sign-in without a known number; empty if it cannot."""
    if _differ(person.identity_number, who.identity_number) or _differ(person.prid, who.prid):
        return "its person has another number"
    if known is person:
        return ""
    if known and (known.identity_number or known.prid):
        return "the subject is somebody else's, with a number"
    # A subject is never reassigned (OpenID Connect Core 1.0, section 2); the other kinds may be.
    if has_subject_key or not _has_login(person, who.issuer):
        return ""
    return "its person came with another subject"


def _differ(first: str | None, second: str | None) -> bool:
    return bool(first and second and first != second)


def _has_login(person: Person, issuer: str) -> bool:
    # Of another subject than the one that signs in now: otherwise the person would be known by it.
    logins = select(Login.id).where(Login.person_id == person.id, Login.issuer == issuer)
    return session().scalar(logins.limit(1)) is not None
