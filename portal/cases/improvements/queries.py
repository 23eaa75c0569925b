"""Queries for improvements: those that an actor reads, with the linked cases that the actor may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import joinedload

from portal import clock
from portal.cases.improvements.models import Improvement, ImprovementCase, ImprovementEntry, Publication
from portal.cases.improvements.rules import (
    OPEN,
    READS_ALL,
    ImprovementState,
    UnitPlace,
    may_edit,
    may_read,
)
from portal.cases.models import Case
from portal.cases.visibility import visible_to
from portal.db import once_per_read, session
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.identity.models import Membership, Person
from portal.identity.queries import Member
from portal.organisation import queries as organisation
from portal.organisation.models import Board, Unit
from portal.organisation.queries import UnitRow
from portal.pagination import BEGINNING, Order, Page, Place, page

# The nearest last day first, so that what is overdue begins the list of what is open.
BY_DAY = Order("improvements", Improvement.due_on.expression, Improvement.id.expression, moments=False)
NEWEST = Order(
    "publications",
    Publication.first_published_at.expression,
    Publication.id.expression,
    moments=True,
    down=True,
)
# Whether anything is public now: a column for a query that asks for more.
_PUBLIC = Publication.__table__.c
HAS_PUBLIC_TEXTS = select(_PUBLIC.id).where(_PUBLIC.ended_at.is_(None)).exists()
MAX_LINKED, MAX_LOG, MAX_CHOICES = 500, 200, 200


@dataclass(frozen=True)
class ImprovementFilter:
    """Which improvements: in a state, of a unit. Without a state those that are not over."""

    state: ImprovementState | None = None
    unit: int | None = None


class Linked(NamedTuple):
    """A case of an improvement, and whether its sender has been informed or is about to be."""

    case: Case
    publication: int | None
    informed: bool


def board_of(actor: Staff) -> int | None:
    """The board of an actor: that of their unit, or of their membership; None for all boards."""
    return organisation.boards_of_units()[actor.unit] if actor.unit is not None else actor.board


def place_of(improvement: Improvement) -> UnitPlace:
    """The unit of an improvement, as the rules ask for it."""
    return UnitPlace(improvement.unit_id, improvement.board_id, improvement.unit.administration_id)


def reads(actor: Staff, improvement: Improvement) -> bool:
    """Whether an actor reads an improvement."""
    return may_read(actor, place_of(improvement), board_of(actor))


def readable(actor: Staff) -> ColumnElement[bool]:
    """The condition on an improvement joined to its unit: rules.may_read() as SQL."""
    match actor.role:
        case Role.HEAD_OF_ADMINISTRATION:
            return Unit.administration_id == actor.administration
        case Role.OFFICER | Role.HEAD_OF_UNIT:
            board = board_of(actor)
            return true() if board is None else Improvement.board_id == board
        case Role.RECORDS_OFFICER if actor.board is not None:
            return Improvement.board_id == actor.board
        case Role.RECORDS_OFFICER:
            return true() if actor.common_registry else false()
        case role:
            return true() if role in READS_ALL else false()


def improvement(actor: Staff, improvement_id: int | None) -> Improvement | None:
    """The improvement with this id; None if there is none that the actor reads."""
    return (
        session().scalar(_readable(actor).where(Improvement.id == improvement_id)) if improvement_id else None
    )


def locked(actor: Staff, improvement_id: int | None) -> Improvement | None:
    """The same, locked until the end of the transaction, so that changes are serialised."""
    if improvement(actor, improvement_id) is None:
        return None
    query = select(Improvement).where(Improvement.id == improvement_id).with_for_update()
    return session().scalar(query.execution_options(populate_existing=True))


def _readable(actor: Staff) -> Select[Improvement]:
    query = select(Improvement).join(Improvement.unit).where(readable(actor))
    person = joinedload(Improvement.responsible).joinedload(Membership.person)
    return query.options(
        joinedload(Improvement.unit),
        joinedload(Improvement.board),
        person.load_only(Person.name, Person.protected),
    )


def list_improvements(actor: Staff, wanted: ImprovementFilter, where: Place = BEGINNING) -> Page:
    """A page of the improvements that the actor reads, by their last day."""
    states = [wanted.state] if wanted.state else sorted(OPEN)
    query = _readable(actor).where(Improvement.state.in_(states))
    if wanted.unit is not None:
        query = query.where(Improvement.unit_id == wanted.unit)
    return page(query, BY_DAY, where)


def overdue(actor: Staff, today: date) -> Sequence[Improvement]:
    """The overdue improvements that the actor may change, longest first."""
    query = _readable(actor).where(Improvement.state.in_(OPEN), Improvement.due_on < today)
    if actor.unit is not None:
        # Before the limit: those of the other units of the board may be older.
        query = query.where(Improvement.unit_id == actor.unit)
    rows = session().scalars(query.order_by(Improvement.due_on, Improvement.id).limit(MAX_CHOICES))
    return [row for row in rows if may_edit(actor, place_of(row))]


def open_improvements(actor: Staff) -> Sequence[Improvement]:
    """The improvements that a case can be linked to, by title."""
    query = _readable(actor).where(Improvement.state.in_(OPEN))
    return session().scalars(query.order_by(Improvement.title, Improvement.id).limit(MAX_CHOICES)).all()


@once_per_read
def editable_units(actor: Staff) -> list[UnitRow]:
    """The open units whose improvements the actor makes, by name."""
    units = []
    for unit in organisation.open_units():
        if may_edit(actor, UnitPlace(unit.id, unit.board_id, unit.administration_id)):
            units.append(unit)
    return units


def units(actor: Staff) -> Sequence[Unit]:
    """The units that have improvements which the actor reads, by name."""
    theirs = select(Improvement.unit_id).join(Improvement.unit).where(readable(actor))
    return session().scalars(select(Unit).where(Unit.id.in_(theirs)).order_by(Unit.name, Unit.id)).all()


def candidates(places: Sequence[UnitPlace]) -> list[Member]:
    """Who can be responsible for improvements of these units, by name."""
    members = []
    for member in people.member_rows():
        if any(may_edit(people.as_staff(member), place) for place in places):
            members.append(member)
    return sorted(members, key=lambda member: (member.name.casefold(), member.id))


def linked_cases(actor: Staff, improvement: Improvement) -> list[Linked]:
    """The linked cases that the actor may see, the newest first. The others do not exist for them."""
    query = select(Case, ImprovementCase.publication_id, ImprovementCase.informed_at)
    query = query.join(Case, Case.id == ImprovementCase.case_id)
    query = query.where(ImprovementCase.improvement_id == improvement.id, visible_to(actor))
    query = query.options(joinedload(Case.handling_unit), joinedload(Case.category))
    rows = session().execute(query.order_by(Case.received_at.desc(), Case.id.desc()).limit(MAX_LINKED))
    return [Linked(case, publication, informed is not None) for case, publication, informed in rows]


def counts(actor: Staff, improvement_ids: Sequence[int]) -> dict[int, int]:
    """How many linked cases of each improvement the actor may see."""
    query = select(ImprovementCase.improvement_id, func.count()).join(ImprovementCase.case)
    query = query.where(ImprovementCase.improvement_id.in_(improvement_ids), visible_to(actor))
    return {row[0]: row[1] for row in session().execute(query.group_by(ImprovementCase.improvement_id))}


def of_case(actor: Staff, case: Case) -> Sequence[Improvement]:
    """The improvements that a case which the actor may see leads to, of those that they read."""
    query = _readable(actor).join(ImprovementCase, ImprovementCase.improvement_id == Improvement.id)
    return session().scalars(query.where(ImprovementCase.case_id == case.id).order_by(Improvement.id)).all()


def by_id(actor: Staff, improvement_ids: Collection[int]) -> dict[int, Improvement]:
    """Those of some improvements that the actor reads, by id."""
    if not improvement_ids:
        return {}
    rows = session().scalars(_readable(actor).where(Improvement.id.in_(improvement_ids)))
    return {row.id: row for row in rows}


def log(improvement: Improvement) -> Sequence[ImprovementEntry]:
    """The latest entries of the log, the newest first."""
    query = select(ImprovementEntry).filter_by(improvement_id=improvement.id)
    query = query.options(joinedload(ImprovementEntry.author))
    return session().scalars(query.order_by(ImprovementEntry.id.desc()).limit(MAX_LOG)).all()


def publication(improvement_id: int) -> Publication | None:
    """The public text of an improvement; None if there is none now."""
    query = select(Publication).filter_by(improvement_id=improvement_id, ended_at=None)
    return session().scalar(query)


def versions(improvement: Improvement) -> Sequence[Publication]:
    """Every text that was published of an improvement, the newest first."""
    query = select(Publication).filter_by(improvement_id=improvement.id)
    query = query.options(joinedload(Publication.author))
    return session().scalars(query.order_by(Publication.id.desc()).limit(MAX_LOG)).all()


def published(board: int | None, where: Place = BEGINNING) -> Page:
    """A page of what is public, of one board or of all, the newest first."""
    query = select(Publication).where(Publication.ended_at.is_(None)).options(joinedload(Publication.board))
    if board is not None:
        query = query.where(Publication.board_id == board)
    return page(query, NEWEST, where)


def publishing_boards() -> Sequence[tuple[int, str, str]]:
    """Id, key and name of the boards that have published, by name."""
    with_text = select(Publication.board_id).where(Publication.ended_at.is_(None))
    query = select(Board.id, Board.key, Board.name).where(Board.id.in_(with_text))
    rows = session().execute(query.order_by(Board.name, Board.id))
    return [(board, key, name) for board, key, name in rows]


def shared_with(improvement_ids: Sequence[int]) -> Sequence[Publication]:
    """The public texts of the improvements that the sender of a case was informed of; none is not public."""
    query = select(Publication).where(Publication.improvement_id.in_(improvement_ids))
    query = query.where(Publication.ended_at.is_(None))
    return session().scalars(query.order_by(Publication.first_published_at, Publication.id)).all()


def is_overdue(row: Improvement) -> bool:
    """Whether the last day has passed and it is not done."""
    return row.state in OPEN and row.due_on < clock.today()
