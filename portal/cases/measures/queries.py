"""Queries for measures that an actor may see: of one case, or of all cases a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.cases.access import Scope, scope
from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.models import Case, Measure
from portal.cases.visibility import (
    ScopeKind,
    kind_of,
    not_kept,
    parametrised,
    scope_values,
    visible_to,
)
from portal.db import session
from portal.identity.actors import Staff
from portal.organisation.models import Unit
from portal.pagination import BEGINNING, Order, Page, Place, page

NEWEST = Order("measures", Measure.created_at.expression, Measure.id.expression, moments=True, down=True)
MAX_PROPOSALS = 200


@dataclass(frozen=True)
class MeasureFilter:
    """Which measures: of a kind, in a state, of a unit; None is any."""

    kind: MeasureKind | None = None
    state: MeasureState | None = None
    unit: int | None = None


def _visible(to: Scope) -> ColumnElement[bool]:
    """The condition on a measure joined to its case: no other authority has kept it, as of messages."""
    return and_(visible_to(to), not_kept(to, Measure))


def of_case(actor: Staff, case: Case) -> Sequence[Measure]:
    """The measures of a case, the newest first."""
    return session().scalars(_of_case(kind_of(actor)), {"case_id": case.id, **scope_values(actor)}).all()


@cache
def _of_case(kind: ScopeKind) -> Select[Measure]:
    query = select(Measure).join(Measure.case).where(_visible(parametrised(kind)))
    query = query.where(Case.id == bindparam("case_id"))
    return query.options(joinedload(Measure.author), joinedload(Measure.settled_by)).order_by(
        Measure.id.desc()
    )


def of_improvement(actor: Staff, improvement_id: int) -> Sequence[Measure]:
    """The proposals that became an improvement, each with its case, the oldest first."""
    query = select(Measure).join(Measure.case).where(_visible(scope(actor)))
    query = query.where(Measure.improvement_id == improvement_id)
    query = query.options(contains_eager(Measure.case), joinedload(Measure.author))
    return session().scalars(query.order_by(Measure.id).limit(MAX_PROPOSALS)).all()


def of_all(actor: Staff, wanted: MeasureFilter, where: Place = BEGINNING) -> Page:
    """A page of the measures of every case that the actor may see, with all that a row draws."""
    query = select(Measure).join(Measure.case).where(_visible(scope(actor)), *_conditions(wanted))
    query = query.options(
        contains_eager(Measure.case).joinedload(Case.responsible_unit),
        contains_eager(Measure.case).joinedload(Case.responsible_board),
        joinedload(Measure.author),
        joinedload(Measure.settled_by),
    )
    return page(query, NEWEST, where)


def _conditions(wanted: MeasureFilter) -> list[ColumnElement[bool]]:
    conditions = {
        Measure.kind: wanted.kind,
        Measure.state: wanted.state,
        Case.responsible_unit_id: wanted.unit,
    }
    return [column == value for column, value in conditions.items() if value is not None]


def units(actor: Staff) -> Sequence[Unit]:
    """The units that have measures in cases which the actor may see, by name."""
    theirs = (
        select(Case.responsible_unit_id)
        .join(Measure, Measure.case_id == Case.id)
        .where(_visible(scope(actor)))
    )
    return session().scalars(select(Unit).where(Unit.id.in_(theirs)).order_by(Unit.name, Unit.id)).all()
