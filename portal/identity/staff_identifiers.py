"""What a staff provider knows people by: subject, affiliation, e-mail.

A key leads to a person only at a sign-in of staff, and only while nothing speaks against it. The number (or
prid) of a sign-in decides; a key that names somebody else is passed over. An affiliation or an e-mail can be
handed on to another human: it leads only to whoever first came with it, until `member add` names the new
subject.
"""

import logging
from collections.abc import Sequence

from sqlalchemy import delete, select

from portal.db import session
from portal.identity.models import Login, Membership, Person, StaffKey
from portal.identity.oidc.identified import Identified, Key, KeyKind
from portal.identity.sessions import running

log = logging.getLogger(__name__)
HANDED_ON = (KeyKind.AFFILIATION, KeyKind.EMAIL)


def owner(key: Key) -> Person | None:
    """Whom a key was given for."""
    query = select(Person).join(StaffKey, StaffKey.person_id == Person.id)
    mine = (StaffKey.issuer == key.issuer, StaffKey.kind == key.kind, StaffKey.value == key.value)
    return session().scalar(query.where(*mine))


def give(person: Person, keys: Sequence[Key]) -> None:
    """Let these lead to a person; each is nobody's or theirs already."""
    for key in keys:
        if owner(key) is None:
            session().add(StaffKey(person_id=person.id, issuer=key.issuer, kind=key.kind, value=key.value))
            session().flush()


def of(person_id: int) -> Sequence[StaffKey]:
    """What leads to a person."""
    return (
        session().scalars(select(StaffKey).where(StaffKey.person_id == person_id).order_by(StaffKey.id)).all()
    )


def forget(person_id: int) -> None:
    """Whoever works here no more leaves affiliation and e-mail to the next one who gets them."""
    session().flush()
    left = select(Membership.id).where(Membership.person_id == person_id, running())
    if session().scalar(left.limit(1)) is None:
        theirs = (StaffKey.person_id == person_id, StaffKey.kind.in_(HANDED_ON))
        session().execute(delete(StaffKey).where(*theirs))


def named(who: Identified, certain: Person | None, known: Person | None) -> Person | None:
    """Whom the keys of a sign-in name; nobody where something speaks against it, which is logged."""
    found = {key.kind: person for key in who.keys if (person := owner(key))}
    if not found:
        return None
    person = next(iter(found.values()))
    why = "two keys name two people" if len({each.id for each in found.values()}) > 1 else ""
    if certain is None:
        why = why or _doubt(who, person, known, sure=KeyKind.SUBJECT in found)
    elif certain is not person:
        why = why or "the number is somebody else's"
    if why:
        log.warning("a key of staff was passed over: %s", why)
    return None if why else person


def _doubt(who: Identified, person: Person, known: Person | None, sure: bool) -> str:
    """Why this might be another human, where no number says who it is."""
    if _differ(person.identity_number, who.identity_number) or _differ(person.prid, who.prid):
        return "its person has another number"
    if known is person:
        return ""
    if known and (known.identity_number or known.prid):
        return "the subject is somebody else's, with a number"
    return "" if sure or not _came_before(person, who) else "its person came with another subject"


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one != other)


def _came_before(person: Person, who: Identified) -> bool:
    """Whether its person has signed in at this issuer; that was not this subject, or they would be known."""
    before = select(Login.id).where(Login.person_id == person.id, Login.issuer == who.issuer)
    return session().scalar(before.limit(1)) is not None
