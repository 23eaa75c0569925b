"""Who the sender of a case is, and what may be shown of them. Whoever shows a sender asks here first.

A sender is protected (skyddade personuppgifter) where party or person is: a sign-in or staff have said so.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.cases.access import Capacity, capacity
from portal.cases.enums import ForWhom
from portal.cases.models import Case, Party
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Person


@dataclass(frozen=True)
class Sender:
    """What may be shown of a sender; all is empty of whoever is anonymous or protected."""

    anonymous: bool = False
    protected: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Principal:
    """For whom a sender says that they write, as far as it may be shown; it gives nobody any power."""

    kind: ForWhom
    vouched: bool
    name: str = ""
    organisation_number: str = ""


def is_protected(case: Case) -> bool:
    """Whether the sender's details are protected."""
    party = case.party
    return party is not None and (party.protected or bool(party.person and party.person.protected))


def protected_among(cases: Collection[int]) -> set[int]:
    """Which of these cases have a protected sender; for lists, which must ask for all at once."""
    query = select(Case.id).join(Party, Case.party_id == Party.id).outerjoin(Party.person)
    flagged = or_(Party.protected, Person.protected)
    return set(session().scalars(query.where(Case.id.in_(cases), flagged)))


def sender(case: Case, revealed: bool = False) -> Sender:
    """What may be shown of the sender, who may be revealed to whoever may_reveal() lets."""
    party, protected = case.party, is_protected(case)
    if protected and not revealed:
        return Sender(protected=True)
    if party is None or (case.hide_sender and not protected):
        return Sender(anonymous=True)
    details = party.name or "", party.email or "", party.phone or "", party.address or ""
    return Sender(False, protected, *details)


def reached_at(case: Case) -> tuple[str | None, str | None]:
    """E-mail address and telephone, for a message to go to: nothing to show."""
    return (case.party.email, case.party.phone) if case.party else (None, None)


def principal(case: Case, revealed: bool = False) -> Principal | None:
    """For whom the sender says that they write; of a protected or hidden one, no name that leads to them."""
    protected = is_protected(case)
    said, hidden = case.representation, not revealed if protected else case.hide_sender
    return Principal(said.kind, said.vouched) if said and hidden else own_principal(case)


def own_principal(case: Case) -> Principal | None:
    """The same for the sender alone, who said it."""
    said = case.representation
    return Principal(said.kind, said.vouched, said.name, said.organisation_number or "") if said else None


def may_reveal(actor: Staff, case: Case) -> bool:
    """Whether somebody may see a protected sender's details: the one who has the case, and nobody else."""
    has_it = actor.membership is not None and actor.membership == case.officer_id
    return has_it and capacity(actor) is Capacity.HANDLER and is_protected(case)


def give(party: Party, person_id: int) -> None:
    """The sender turns out to be this person, who is protected from now on if the sender was."""
    party.person = session().get_one(Person, person_id)
    party.person.protected = bool(party.person.protected or party.protected)
