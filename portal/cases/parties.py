"""Who the sender of a case is, and what may be shown of them. Whoever shows a sender asks here first."""

from dataclasses import dataclass

from portal.cases.models import Case
from portal.db import session
from portal.identity.models import Person


@dataclass(frozen=True)
class Sender:
    """What may be shown of a sender; all is empty of whoever is anonymous or protected."""

    anonymous: bool = False
    protected: bool = False
    name: str = ""


def is_protected(case: Case) -> bool:
    """Whether the sender's details are protected."""
    party = case.party
    person = session().get(Person, party.person_id) if party and party.person_id else None
    return party is not None and (party.protected or bool(person and person.protected))


def sender(case: Case) -> Sender:
    """What may be shown of the sender."""
    if is_protected(case):
        return Sender(protected=True)
    if case.party is None or case.hide_sender:
        return Sender(anonymous=True)
    return Sender(name=case.party.name or "")


def reached_at(case: Case) -> tuple[str | None, str | None]:
    """E-mail address and telephone, for a message to go to: nothing to show."""
    return (case.party.email, case.party.phone) if case.party else (None, None)
