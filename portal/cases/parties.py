"""The sender of a case and what may be shown of them; every page that shows a sender uses this module.

A sender is protected (skyddade personuppgifter) if the party or the person is, set at sign-in or by staff.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, or_, select

from portal.cases.access import Capacity, capacity
from portal.cases.enums import ForWhom, NotifyBy
from portal.cases.models import Case, Party, Representation
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Person

# Of long lists so many rows are in memory.
ROWS = 1_000


@dataclass(frozen=True)
class Sender:
    """What may be shown of a sender; the details are empty if they are anonymous, hidden or protected."""

    anonymous: bool = False
    hidden: bool = False
    protected: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Contact:
    """Who a sender is, and how messages reach them. Not for display.

    `notify_by` is empty in those that were kept before it was a choice of its own.
    """

    reply_by: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    person_id: int | None = None
    notify_by: str = ""


@dataclass(frozen=True)
class OwnDetails:
    """All that is held of a sender on a case, for the sender alone."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    identity_number: str | None = None


@dataclass(frozen=True)
class Identifiers:
    """What is known of a sender, and of whom they write for, by which a text could name them."""

    names: tuple[str, ...]
    emails: tuple[str, ...]
    numbers: tuple[str, ...]


class Traits(NamedTuple):
    """What counting asks of the sender of a case, by its id. Not for display.

    `same` is equal where the same person or address sent two cases, and empty where that cannot be known.
    """

    case: int
    same: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Principal:
    """Whom a sender claims to represent, as far as it may be shown; it gives no access."""

    kind: ForWhom
    vouched: bool
    name: str = ""
    organisation_number: str = ""


def is_protected(case: Case) -> bool:
    """Whether the sender's details are protected."""
    party = case.party
    return party is not None and (party.protected or bool(party.person and party.person.protected))


def protected_among(cases: Collection[int]) -> set[int]:
    """Ids of those cases whose sender is protected; one query for a whole list."""
    query = select(Case.id).join(Party, Case.party_id == Party.id).outerjoin(Party.person)
    flagged = or_(Party.protected, Person.protected)
    return set(session().scalars(query.where(Case.id.in_(cases), flagged)))


def sender(case: Case, revealed: bool = False) -> Sender:
    """What may be shown of the sender. Pass `revealed` only where may_reveal() allows it."""
    party = case.party
    protected = is_protected(case)
    if protected and not revealed:
        return Sender(protected=True)
    # Revealing a protected sender outweighs a wish to be hidden: the officer must be able to reach them.
    if party is None:
        return Sender(anonymous=True)
    if case.hide_sender and not protected:
        return Sender(hidden=True)
    return Sender(
        protected=protected,
        name=party.name or "",
        email=party.email or "",
        phone=party.phone or "",
        address=party.address or "",
    )


def reached_at(case: Case) -> tuple[str | None, str | None]:
    """Email address and phone number to send messages to. Not for display."""
    return (case.party.email, case.party.phone) if case.party else (None, None)


def also_reached_at(case: Case) -> tuple[str | None, str | None]:
    """Email address and phone number of the sender's own account, if the chosen way fails."""
    person = case.party.person if case.party else None
    return (person.email, person.phone) if person else (None, None)


def is_notified(case: Case) -> bool:
    """Whether the sender gets messages about the case: they want them, and have given an address."""
    return case.notify_by.address(*reached_at(case)) is not None


def identifiers(case: Case) -> Identifiers:
    """What a sender could be recognised by in a text. Not for display."""
    party, principal = case.party, own_principal(case)
    person = party.person if party else None
    known = [holder for holder in (party, person) if holder]
    email, phone = reached_at(case)
    names = [holder.name for holder in (*known, principal) if holder]
    numbers = [phone, *(holder.identity_number for holder in known)]
    return Identifiers(_known(names), _known([email]), _known(numbers))


def traits(cases: Select[int]) -> Iterator[Traits]:
    """The traits of the senders of cases, by a query for their ids. Read a few at a time."""
    own = Case.id, Party.person_id, Party.identity_number_index, Party.email, Party.phone
    names = Party.name, Person.name, Representation.name
    query = select(*own, *names).select_from(Case).join(Party, Case.party_id == Party.id)
    query = query.outerjoin(Party.person).outerjoin(Case.representation).where(Case.id.in_(cases))
    for row in session().execute(query.execution_options(yield_per=ROWS)):
        case, person, number, email, phone, *known = row
        address = email.casefold() if email else phone
        same = person or (number.hex() if number else address)
        yield Traits(case, str(same or ""), _known(known))


def _known(values: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(filter(None, values))


def contact_details(case: Case) -> Contact:
    """The contact of the sender as it is now."""
    party = case.party
    if party is None:
        return Contact(case.reply_by, notify_by=case.notify_by)
    return Contact(case.reply_by, party.name, party.email, party.phone, party.person_id, case.notify_by)


def own_details(case: Case) -> OwnDetails:
    """The details of the sender in full, also where they are protected or hidden, for a copy of their own."""
    party = case.party
    if party is None:
        return OwnDetails()
    return OwnDetails(party.name, party.email, party.phone, party.address, party.identity_number)


def set_addresses(party: Party, email: str | None, phone: str | None) -> None:
    """Replace the addresses for messages."""
    party.email = email
    party.phone = phone


def set_contact(party: Party, known: Contact) -> None:
    """Set name and addresses to those of an earlier contact."""
    party.name = known.name
    set_addresses(party, known.email, known.phone)


def principal(case: Case, revealed: bool = False) -> Principal | None:
    """Whom the sender represents; without a name if the sender is protected or hidden."""
    # The name of a child or a firm leads to a sender who is protected or hidden.
    hidden = not revealed if is_protected(case) else case.hide_sender
    representation = case.representation
    if representation and hidden:
        return Principal(representation.kind, representation.vouched)
    return own_principal(case)


def own_principal(case: Case) -> Principal | None:
    """Whom the sender represents, in full, for the sender's own pages."""
    representation = case.representation
    if representation is None:
        return None
    return Principal(
        representation.kind,
        representation.vouched,
        representation.name,
        representation.organisation_number or "",
    )


def may_reveal(actor: Staff, case: Case) -> bool:
    """Whether a member of staff may see a protected sender's details: only the officer of the case."""
    is_officer = actor.membership is not None and actor.membership == case.officer_id
    return is_officer and capacity(actor) is Capacity.HANDLER and is_protected(case)


def notify_as_saved(case: Case, party: Party, person: Person) -> None:
    """Notify the sender as the person has chosen for new cases, if they have; else of nothing."""
    way = NotifyBy(person.notify_by or NotifyBy.NONE)
    address = way.address(person.email, person.phone)
    case.notify_by = way if address else NotifyBy.NONE
    set_addresses(
        party,
        email=address if case.notify_by is NotifyBy.EMAIL else None,
        phone=address if case.notify_by is NotifyBy.SMS else None,
    )


def link_person(case: Case, party: Party, person_id: int) -> None:
    """Make a person the sender, under their own name; they are protected from now on if the party was."""
    case.party = party
    case.sender_person_id = person_id
    party.person = session().get_one(Person, person_id)
    # The name that the sender once wrote may be another's.
    party.name = party.person.name
    party.person.protected = bool(party.person.protected or party.protected)
