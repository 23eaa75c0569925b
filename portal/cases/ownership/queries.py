"""Cases without a handler as SQL: the rules of rules.py, and the list of those who may place them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload

from portal.cases.lifecycle import Status
from portal.cases.models import Case, CaseBar
from portal.cases.ownership.rules import OFFICERS, PLACERS, OwnerFacts
from portal.cases.queries import case_scope
from portal.cases.visibility import visible_to
from portal.db import in_transaction, session
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.identity.models import Membership
from portal.identity.sessions import is_running
from portal.organisation.models import Unit
from portal.pagination import BEGINNING, Order, Page, Place, page

OLDEST = Order("oldest", Case.received_at.expression, Case.id.expression, moments=True)
MAX_COUNT = 1000


def without_handler() -> ColumnElement[bool]:
    """The condition that an open case has no handler: rules.is_without_handler() as SQL."""
    unit_closed = exists().where(Unit.id == Case.handling_unit_id, Unit.closed_at.is_not(None))
    handled = exists().where(is_running(), _handles(), *_not_own(Membership.person_id))
    nobody = or_(unit_closed.correlate(Case), ~handled.correlate(Case))
    return and_(Case.status != Status.CLOSED, Case.id.in_(_perhaps_without_handler()), nobody)


def _perhaps_without_handler() -> CompoundSelect[int]:
    """Ids of cases whose handling unit has no officer, or whose sender or barred persons may be its officers.

    All others have a handler: of them, the memberships need not be read once for each case.
    """
    own = exists().where(is_running(), Membership.role.in_(OFFICERS), Membership.unit_id == Unit.id)
    empty = select(Unit.id).where(or_(Unit.closed_at.is_not(None), ~own.correlate(Unit)))
    candidate = aliased(Case)
    ways: list[ColumnElement[bool]] = [
        candidate.handling_unit_id.in_(empty),
        candidate.sender_person_id.in_(select(Membership.person_id)),
        candidate.id.in_(select(CaseBar.case_id)),
    ]
    # Written out, as the index of these cases has it.
    unclosed = candidate.status != literal_column(f"'{Status.CLOSED.value}'")
    return union_all(*[select(candidate.id).where(unclosed, way) for way in ways])


def _handles() -> ColumnElement[bool]:
    first_line = exists().where(Unit.id == Case.handling_unit_id, Unit.first_line).correlate(Case)
    of_unit = Membership.unit_id.in_([Case.handling_unit_id, Case.responsible_unit_id])
    of_board = Membership.board_id.in_([Case.handling_board_id, Case.responsible_board_id])
    everywhere = and_(Membership.unit_id.is_(None), Membership.board_id.is_(None))
    public = Case.secrecy.is_(None)
    officer = and_(Membership.role.in_(OFFICERS), or_(of_unit, and_(public, or_(of_board, everywhere))))
    return or_(officer, and_(Membership.role == Role.REGISTRAR, public, first_line))


def _not_own(person: Any) -> tuple[ColumnElement[bool], ...]:
    barred = exists().where(CaseBar.case_id == Case.id, CaseBar.person_id == person)
    return Case.sender_person_id.is_distinct_from(person), ~barred.correlate(Case, Membership)


def placeable_by(actor: Staff) -> ColumnElement[bool]:
    """The gate of cases without a handler, for those who place them unread: rules.may_place() as SQL."""
    administration, person = literal(actor.administration, Integer), literal(actor.person)
    return _placeable_by(actor.role, actor.board, actor.common_registry, administration, person)


def _placeable_by(
    role: Role | None, board: Any, common_registry: bool, administration: Any, person: Any
) -> ColumnElement[bool]:
    places = _places(role, board, common_registry, administration)
    return and_(without_handler(), places, *_not_own(person))


def _places(role: Role | None, board: Any, common_registry: bool, administration: Any) -> ColumnElement[bool]:
    match role:
        case Role.HEAD_OF_ADMINISTRATION:
            return _of_administration(administration)
        case Role.REGISTRAR:
            is_head = and_(is_running(), Membership.role == Role.HEAD_OF_ADMINISTRATION)
            of_case = _of_administration(Membership.administration_id)
            heads = exists().where(is_head, of_case, *_not_own(Membership.person_id))
            return ~heads.correlate(Case)
        case Role.RECORDS_OFFICER if board is not None:
            return and_(Case.responsible_board_id == board)
        case Role.RECORDS_OFFICER:
            return true() if common_registry else false()
        case _:
            return false()


def _of_administration(administration: Any) -> ColumnElement[bool]:
    return or_(
        Case.handling_administration_id == administration,
        Case.responsible_administration_id == administration,
    )


def places_cases(actor: Staff) -> bool:
    """Whether the actor's role may place cases without a handler."""
    return actor.role in PLACERS


def list_placeable(actor: Staff, where: Place = BEGINNING) -> Page:
    """The page of cases that the actor may place, which begins at a place; the oldest case first."""
    return page(_placeable(actor), OLDEST, where)


def count_placeable(actor: Staff) -> int:
    """The number of cases that the actor may place, at most MAX_COUNT + 1."""
    values = {"person": actor.person, "board": actor.board, "administration": actor.administration}
    query = _count_placeable(actor.role, actor.board is not None, actor.common_registry)
    return session().scalar(query, values) or 0


@cache
def _count_placeable(role: Role | None, has_board: bool, common_registry: bool) -> Select[int]:
    board, administration, person = [
        bindparam(name, type_=Integer) for name in ("board", "administration", "person")
    ]
    placeable = _placeable_by(role, board if has_board else None, common_registry, administration, person)
    rows = select(literal(1)).select_from(Case).where(placeable).limit(MAX_COUNT + 1)
    return select(func.count()).select_from(rows.subquery())


def readable_ids(actor: Staff, cases: Sequence[Case]) -> frozenset[int]:
    """Ids of the cases among these that the actor may read as well."""
    ids = [case.id for case in cases]
    return frozenset(session().scalars(select(Case.id).where(visible_to(actor), Case.id.in_(ids))))


def placeable_case(actor: Staff, year: int, number: int) -> Case | None:
    """The case with this number, if the actor may place it; locked inside a transaction."""
    query = _placeable(actor).where(Case.year == year, Case.number == number)
    return session().scalar(query.with_for_update(of=Case) if in_transaction() else query)


def may_be_placed_by(actor: Staff, case: Case) -> bool:
    """Whether the actor may place the case, as the database has it now."""
    return session().scalar(select(Case.id).where(placeable_by(actor), Case.id == case.id)) is not None


def _placeable(actor: Staff) -> Select[Case]:
    parts = joinedload(Case.category), joinedload(Case.handling_unit), joinedload(Case.responsible_unit)
    return select(Case).where(placeable_by(actor)).options(*parts)


def owner_facts(case: Case) -> OwnerFacts:
    """The attributes of a case that ownership depends on."""
    unit = case.handling_unit
    return OwnerFacts(
        case_scope(case),
        closed=case.status is Status.CLOSED,
        unit_closed=unit.closed_at is not None,
        first_line=unit.first_line,
    )


def count_without_handler() -> int:
    """The number of open cases without a handler."""
    return _count(without_handler())


def count_without_placer() -> int:
    """The number of open cases without a handler that no running membership may place."""
    placers = [member for member in people.members() if member.role in PLACERS]
    placeable = [placeable_by(people.as_staff(member)) for member in placers]
    return _count(and_(without_handler(), ~or_(false(), *placeable)))


def _count(condition: ColumnElement[bool]) -> int:
    return session().scalar(select(func.count()).select_from(Case).where(condition)) or 0
