"""Queries for cases. The actor is the first argument of each, and limits what it returns."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from portal.cases import reference_numbers
from portal.cases.access import HANDLERS, Bar, CaseScope, Scope, may_read, scope
from portal.cases.enums import ANSWERS, Direction, Kind, KnownBy, Purpose, Via
from portal.cases.lifecycle import CloseReason, Status
from portal.cases.models import Case, CaseBar, Message, Party, PastClock
from portal.cases.visibility import (
    ScopeKind,
    kind_of,
    message_visible_to,
    parametrised,
    scope_values,
    visible_to,
)
from portal.db import in_transaction, once_per_read, remember, session
from portal.identity import queries as people
from portal.identity.actors import Actor, Citizen, Staff
from portal.identity.models import Membership, MembershipSnapshot, Person
from portal.identity.queries import Member
from portal.identity.sessions import runs
from portal.identity.snapshots import Author, author, author_columns

# Of a person's own cases: those that are not closed, and how many closed ones may be asked for.
MAX_UNCLOSED, MAX_CLOSED = 200, 1000


def case_for(actor: Actor, year: int, number: int) -> Case | None:
    """The case with this number; None if it does not exist or the actor may not see it."""
    values = {"year": year, "number": number, **scope_values(actor)}
    return _unless_barred(actor, session().scalar(_by_number(kind_of(actor), in_transaction()), values))


def case_by_id(actor: Actor, case_id: int) -> Case | None:
    """The case with this id; None if it does not exist or the actor may not see it."""
    values = {"case_id": case_id, **scope_values(actor)}
    return _unless_barred(actor, session().scalar(_by_id(kind_of(actor), in_transaction()), values))


@cache
def _by_number(kind: ScopeKind, lock: bool) -> Select[Case]:
    same = Case.year == bindparam("year"), Case.number == bindparam("number")
    return _cases(parametrised(kind), lock).where(*same)


@cache
def _by_id(kind: ScopeKind, lock: bool) -> Select[Case]:
    return _cases(parametrised(kind), lock).where(Case.id == bindparam("case_id"))


def _unless_barred(actor: Actor, case: Case | None) -> Case | None:
    """The locked case, unless the actor was barred from it while the lock was waited for.

    PostgreSQL then checks the row of the case once more, but not the rows of other tables.
    """
    if case is None or not in_transaction() or not isinstance(actor, Staff):
        return case
    return None if actor.person in _barred(case.id) else case


def _cases(to: Scope, lock: bool) -> Select[Case]:
    """Visible cases; locked for update inside a transaction, so that changes are serialised."""
    parts = joinedload(Case.category), joinedload(Case.handling_unit), joinedload(Case.location)
    sender = joinedload(Case.party).joinedload(Party.person)
    query = select(Case).where(visible_to(to)).options(*parts, sender)
    # PostgreSQL cannot lock the nullable side of an outer join: lock the case alone.
    return query.with_for_update(of=Case) if lock else query


def cases_by_reference(actor: Actor, references: Collection[tuple[int, int]]) -> dict[tuple[int, int], Case]:
    """The visible cases with these years and numbers, by year and number; one query."""
    query = _cases(scope(actor), in_transaction()).where(tuple_(Case.year, Case.number).in_(references))
    query = query.options(joinedload(Case.officer).joinedload(Membership.person))
    return {(case.year, case.number): case for case in session().scalars(query)}


def readers(case: Case) -> frozenset[int]:
    """Ids of the memberships that may see a case."""
    facts = case_scope(case)
    return frozenset(member.id for member, reach in _scopes() if may_read(reach, facts))


@once_per_read
def _scopes() -> Sequence[tuple[Member, Scope]]:
    return [(member, scope(people.as_staff(member))) for member in people.member_rows()]


def handlers(*cases: Case) -> list[Member]:
    """Handlers who may have one of the cases: they see it, and answered no earlier round if one failed."""
    # Once for each case, not for each membership: both read the database.
    targets: list[tuple[CaseScope, frozenset[int]]] = []
    for case in cases:
        barred = answerers_of_earlier_rounds(case) if case.unsatisfied else frozenset()
        targets.append((case_scope(case), barred))
    return [member for member, reach in _scopes() if _is_assignable(member, reach, targets)]


def _is_assignable(member: Member, reach: Scope, targets: Sequence[tuple[CaseScope, frozenset[int]]]) -> bool:
    if member.role not in HANDLERS:
        return False
    return any(member.person_id not in barred and may_read(reach, facts) for facts, barred in targets)


def officer_of(case: Case) -> Membership | None:
    """The officer of a case; None if there is none, or if their membership has ended."""
    return case.officer if case.officer and runs(case.officer) else None


def contact_of(case: Case) -> Membership | None:
    """The contact person of the sender; None as of officer_of()."""
    return case.contact if case.contact and runs(case.contact) else None


def case_scope(case: Case) -> CaseScope:
    """The attributes of a case that access depends on."""
    return CaseScope(
        case=case.id,
        units=frozenset({case.handling_unit_id, case.responsible_unit_id}),
        boards=frozenset({case.handling_board_id, case.responsible_board_id}),
        administrations=frozenset({case.handling_administration_id, case.responsible_administration_id}),
        responsible_board=case.responsible_board_id,
        sender=case.sender_person_id,
        secret=case.secrecy is not None,
        contested=case.reader_contested_at is not None,
        barred=_barred(case.id),
        responsible_branch=case.responsible_branch,
    )


def bars(case: Case) -> Sequence[Bar]:
    """Who is barred from a case, in the order of the bars."""
    return _bars(case.id)


def know_bars(cases: Collection[Case], none: bool = False) -> None:
    """Read at once who is barred from each of the cases; `none`: the page has read that no one is."""
    known = {} if none else _read_bars([case.id for case in cases])
    for case in cases:
        remember(_bars, known.get(case.id, []), case.id)


def _barred(case_id: int) -> frozenset[int]:
    return frozenset(bar.person for bar in _bars(case_id))


@once_per_read
def _bars(case_id: int) -> Sequence[Bar]:
    return _read_bars([case_id]).get(case_id, [])


def _read_bars(case_ids: Collection[int]) -> dict[int, list[Bar]]:
    theirs = Membership.person_id == CaseBar.person_id
    latest = select(func.max(Membership.id)).where(theirs).correlate(CaseBar).scalar_subquery()
    query = select(CaseBar.case_id, CaseBar.person_id, latest, Person.name, CaseBar.kind)
    query = query.join(Person, Person.id == CaseBar.person_id).where(CaseBar.case_id.in_(case_ids))
    known: dict[int, list[Bar]] = {}
    for case_id, *values in session().execute(query.order_by(CaseBar.id)):
        known.setdefault(case_id, []).append(Bar(*values))
    return known


class OwnCase(NamedTuple):
    """A case as the list of its sender shows it."""

    id: int
    year: int
    number: int
    kind: Kind
    status: Status
    close_reason: CloseReason | None
    language: str
    public_subject: str
    received_at: datetime
    closed_at: datetime | None

    @property
    def reference(self) -> str:
        """As that of a case."""
        return reference_numbers.reference(self.year, self.number)


def cases_of(actor: Citizen, closed: int = MAX_CLOSED) -> Sequence[OwnCase]:
    """A citizen's own cases, newest first: those that are not closed, and so many that are."""
    values = scope_values(actor) | {"closed": min(closed, MAX_CLOSED)}
    return [OwnCase(*row) for row in session().execute(_cases_of(kind_of(actor)), values)]


@cache
def _cases_of(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    columns = [getattr(Case, name) for name in OwnCase._fields]
    own = select(*columns).where(visible_to(parametrised(kind))).order_by(Case.id.desc())
    unclosed = own.where(Case.status != Status.CLOSED).limit(MAX_UNCLOSED).subquery()
    closed = own.where(Case.status == Status.CLOSED).limit(bindparam("closed", type_=Integer)).subquery()
    both = union_all(select(unclosed), select(closed)).subquery()
    return select(both).order_by(both.c.id.desc())


def cases_by_ids(actor: Actor, case_ids: Collection[int]) -> dict[int, Case]:
    """Those of these cases that the actor may see, by id; one query, and none for no ids."""
    if not case_ids:
        return {}
    values = {"case_ids": list(case_ids), **scope_values(actor)}
    return {case.id: case for case in session().scalars(_by_ids(kind_of(actor)), values)}


@cache
def _by_ids(kind: ScopeKind) -> Select[Case]:
    own = Case.id.in_(bindparam("case_ids", expanding=True))
    return select(Case).where(visible_to(parametrised(kind)), own)


class MessageRow(NamedTuple):
    """A message as pages show it, with its author."""

    id: int
    case_id: int
    direction: Direction
    purpose: Purpose | None
    via: Via
    known: KnownBy | None
    author_id: int | None
    language: str
    body: str
    arrived_at: datetime
    secrecy_provision: str | None
    secrecy_marked_on: date | None
    secrecy_board_id: int | None
    author: Author | None


def messages(actor: Actor, case: Case) -> Sequence[MessageRow]:
    """Messages of a case, oldest first; internal ones only for staff."""
    return messages_of(actor, [case.id])


def messages_of(actor: Actor, case_ids: Collection[int]) -> Sequence[MessageRow]:
    """The same of several cases, a case at a time."""
    values = {"case_ids": list(case_ids), **scope_values(actor)}
    return [_message(row) for row in session().execute(_messages(kind_of(actor)), values)]


# The columns of a message before those of its author.
_OWN = len(MessageRow._fields) - 1


def _message(row: Sequence[Any]) -> MessageRow:
    return MessageRow._make((*row[:_OWN], author(row[_OWN:])))


@cache
def _messages(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    query = _message_rows().join(Case, Message.case_id == Case.id)
    own = Case.id.in_(bindparam("case_ids", expanding=True))
    query = query.where(message_visible_to(parametrised(kind)), own)
    return query.order_by(Message.case_id, Message.id)


def _message_rows() -> Select[*tuple[Any, ...]]:
    own = [getattr(Message, name) for name in MessageRow._fields[:_OWN]]
    query = select(*own, *author_columns(MembershipSnapshot)).select_from(Message)
    return query.outerjoin(MembershipSnapshot, MembershipSnapshot.id == Message.author_snapshot_id)


def latest_from_us(actor: Actor, case_ids: Collection[int]) -> dict[int, MessageRow]:
    """The last answer or question in each of the cases that the actor may see, by the id of the case."""
    if not case_ids:
        return {}
    values = {"case_ids": list(case_ids), **scope_values(actor)}
    latest = map(_message, session().execute(_latest_from_us(kind_of(actor)), values))
    return {message.case_id: message for message in latest}


@cache
def _latest_from_us(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    latest = select(func.max(Message.id)).join(Case, Message.case_id == Case.id).group_by(Message.case_id)
    asked_or_answered = Message.purpose.in_(ANSWERS | {Purpose.QUESTION})
    latest = latest.where(message_visible_to(parametrised(kind)), asked_or_answered)
    latest = latest.where(Case.id.in_(bindparam("case_ids", expanding=True))).correlate(None)
    return _message_rows().where(Message.id.in_(latest))


def answerers_of_earlier_rounds(case: Case) -> frozenset[int]:
    """Person ids of those who answered in earlier rounds of the case."""
    return _authors_of_answers(case.id)


@once_per_read
def _authors_of_answers(case_id: int) -> frozenset[int]:
    ended = select(func.max(PastClock.ended_at)).where(PastClock.case_id == case_id).scalar_subquery()
    answers = Message.case_id == case_id, Message.purpose.in_(ANSWERS), Message.arrived_at <= ended
    query = select(Membership.person_id).join(Message, Message.author_id == Membership.id)
    return frozenset(session().scalars(query.where(*answers)))
