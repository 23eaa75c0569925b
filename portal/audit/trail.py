"""The trail of changes: append to it, and read it as a timeline."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from portal import clock, hash_chain
from portal.audit.models import TrailEntry
from portal.cases.authority.models import CaseHandover
from portal.cases.events import CaseEvent, Code, NewCaseEvent, OfficerEvent, SenderNotSatisfied
from portal.cases.events.handovers import CaseHandedToAuthority, NewAuthorityEvent
from portal.cases.events.messages import UnverifiedReplyRecorded
from portal.cases.events.registration import ClosedAtFirstContact
from portal.cases.lifecycle import TABLE, Action
from portal.cases.models import Case
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import session
from portal.identity import snapshots
from portal.identity.actors import Actor, Citizen, CodeHolder, Staff
from portal.identity.models import Membership, MembershipSnapshot, Person
from portal.identity.snapshots import Author, author, author_columns

# The kind of an actor who is staff without a membership: their id is that of the person.
STAFF_PERSON = "staff_person"
JUST_NOW = timedelta(minutes=10)
# What an action publishes instead of the event of its row in the transition table.
MORE_EVENTS: dict[Action, set[type[CaseEvent]]] = {
    Action.HAND_OVER: {CaseHandedToAuthority},
    Action.RECORD_REPLY: {UnverifiedReplyRecorded},
    Action.CLOSE: {ClosedAtFirstContact},
}


_LAST = (
    select(TrailEntry)
    .where(TrailEntry.case_id == bindparam("case"))
    .order_by(TrailEntry.sequence.desc())
    .limit(1)
)


class Entry(NamedTuple):
    """An entry of the trail as pages show it, with the staff that it names as they were then."""

    id: int
    case_id: int
    sequence: int
    at: datetime
    event: str
    actor_kind: str
    actor_id: int | None
    actor_snapshot_id: int | None
    details: dict[str, Any]
    seal: bytes
    actor: Author | None
    officer: Author | None


def append_to_trail(event: CaseEvent) -> None:
    """Listener: add the event to its case's trail."""
    # It is the first event of every case.
    last = None if isinstance(event, NewCaseEvent) else _last(event.case)
    actor_kind, actor_id = _actor(event.actor)
    entry = TrailEntry(
        case_id=event.case,
        # Safe while the row of the case is locked; without that, the unique constraint fails.
        sequence=last.sequence + 1 if last else 1,
        at=event.at,
        event=type(event).__name__,
        details=_details(event),
        actor_kind=actor_kind,
        actor_id=actor_id,
        actor_snapshot_id=snapshots.snapshot_id(event.actor),
    )
    entry.seal = seal(last.seal if last else hash_chain.GENESIS_SEAL, entry)
    session().add(entry)
    session().flush()


def mark_end_of_trail(event: NewAuthorityEvent) -> None:
    """Listener, after the trail: note which entry was the last before a handover to another authority."""
    last = _last(event.case)
    assert last
    session().get_one(CaseHandover, event.handover).last_sequence = last.sequence - 1


def entries_until(handover: CaseHandover) -> Sequence[Entry]:
    """The trail of a case up to a handover to another authority, oldest first."""
    until = TrailEntry.case_id == handover.case_id, TrailEntry.sequence <= handover.last_sequence
    return [_entry(row) for row in session().execute(_entries().where(*until))]


def _last(case: int) -> TrailEntry | None:
    return session().scalars(_LAST, {"case": case}).first()


def _details(event: CaseEvent) -> dict[str, Any]:
    """Ids, flags and codes of the event. A free text could hold personal data, so none goes in."""
    details: dict[str, Any] = {}
    for field in fields(event):
        value = getattr(event, field.name)
        # The case has a column of its own.
        if field.name != "case" and isinstance(value, int | Enum | Code):
            details[field.name] = value
    if isinstance(event, OfficerEvent | SenderNotSatisfied) and event.officer:
        details["officer_snapshot"] = snapshots.snapshot_of(event.officer).id
    return details


def _actor(actor: Actor) -> tuple[str, int | None]:
    match actor:
        # They have registered a case, which all staff may.
        case Staff(person=person, membership=None):
            return STAFF_PERSON, person
        case Staff(membership=membership):
            return "staff", membership
        case Citizen(person=person):
            return "citizen", person
        case CodeHolder():
            return "code_holder", None
        case _:
            return "system", None


def seal(before: bytes, entry: TrailEntry | Entry) -> bytes:
    """Return the seal of an entry after the seal before it."""
    content: list[object] = [
        entry.case_id,
        entry.sequence,
        entry.at.isoformat(),
        entry.event,
        entry.actor_kind,
        entry.actor_id,
        entry.details,
    ]
    # An entry from before there were snapshots keeps the seal that it has.
    if entry.actor_snapshot_id is not None:
        content.append(entry.actor_snapshot_id)
    return hash_chain.seal(before, content)


def timeline(actor: Actor, case: Case) -> Sequence[Entry]:
    """What has happened to a case that the actor may see, oldest first, with the staff that it names."""
    return timelines(actor, [case.id])


def timelines(actor: Actor, case_ids: Collection[int]) -> Sequence[Entry]:
    """The same of several cases, a case at a time."""
    values = {"case_ids": list(case_ids), **scope_values(actor)}
    return [_entry(row) for row in session().execute(_timeline(kind_of(actor)), values)]


def _entry(row: Sequence[Any]) -> Entry:
    by = author(row[10:16]) or _person(row[22])
    return Entry._make((*row[:10], by, author(row[16:22])))


def _person(name: str | None) -> Author | None:
    return Author(name, None, None, None, None) if name else None


@cache
def _timeline(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    query = _entries().join(Case, TrailEntry.case_id == Case.id)
    own = Case.id.in_(bindparam("case_ids", expanding=True))
    return query.where(visible_to(parametrised(kind)), own)


def _entries() -> Select[*tuple[Any, ...]]:
    """Entries with the staff that they name, oldest first."""
    actor, officer = aliased(MembershipSnapshot), aliased(MembershipSnapshot)
    own = [getattr(TrailEntry, name) for name in Entry._fields[:10]]
    query = select(*own, *author_columns(actor), *author_columns(officer), Person.name)
    query = query.outerjoin(TrailEntry.actor.of_type(actor)).outerjoin(TrailEntry.officer.of_type(officer))
    without_membership = TrailEntry.actor_kind == STAFF_PERSON, TrailEntry.actor_id == Person.id
    return query.outerjoin(Person, and_(*without_membership)).order_by(
        TrailEntry.case_id, TrailEntry.sequence
    )


def was_done_by(actor: Staff, action: Action, year: int, number: int) -> bool:
    """Whether the actor's person has just done this with the case, which they may have lost by it.

    It tells nothing that they do not know: it is what they did themselves.
    """
    done = {row.event for row in TABLE if row.action is action} | MORE_EVENTS.get(action, set())
    memberships = select(Membership.id).where(Membership.person_id == actor.person)
    entries = select(TrailEntry.id).join(Case, TrailEntry.case_id == Case.id)
    entries = entries.where(Case.year == year, Case.number == number, TrailEntry.at > clock.now() - JUST_NOW)
    entries = entries.where(TrailEntry.actor_kind == "staff", TrailEntry.actor_id.in_(memberships))
    entries = entries.where(TrailEntry.event.in_([event.__name__ for event in done]))
    return session().scalar(entries.limit(1)) is not None
