"""Related cases: related by hand, merged, or split off."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    exists,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.cases.models import Case, CaseRelation
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import session
from portal.identity.actors import Actor

MAX_RELATED = 50


def related_cases(actor: Actor, case: Case) -> list[tuple[str, Case]]:
    """The visible cases related to this one, with the kind of relation; at most MAX_RELATED."""
    values = {
        "case_id": case.id,
        "merged_into": case.merged_into_id,
        "split_from": case.split_from_id,
        **scope_values(actor),
    }
    rows = session().execute(_related_cases(kind_of(actor)), values).all()
    related = []
    for column, name in enumerate(_relations(), 1):
        related += [(name, row[0]) for row in rows if row[column]]
    return related


@cache
def _related_cases(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    # One query returns which of the conditions hold for each case, instead of one query for each condition.
    flags = [condition.label(name) for name, condition in _relations().items()]
    # From the few ids, not from all cases: an OR of the conditions would read each case that there is.
    query = select(Case, *flags).where(visible_to(parametrised(kind)), Case.id.in_(_related_ids()))
    return query.order_by(Case.id).limit(MAX_RELATED)


@cache
def _relations() -> dict[str, ColumnElement[bool]]:
    """Which relation a case has to that with the parameter `case_id`."""
    this = bindparam("case_id", type_=Integer)
    # Of a pair the lower id comes first, so look it up from both sides.
    before = exists().where(CaseRelation.case_id == Case.id, CaseRelation.other_id == this)
    after = exists().where(CaseRelation.case_id == this, CaseRelation.other_id == Case.id)
    return {
        "related": or_(before.correlate(Case), after.correlate(Case)),
        "merged_into": Case.id == bindparam("merged_into", type_=Integer),
        "merged_here": Case.merged_into_id == this,
        "split_from": Case.id == bindparam("split_from", type_=Integer),
        "split_off": Case.split_from_id == this,
    }


def _related_ids() -> CompoundSelect[int]:
    this = bindparam("case_id", type_=Integer)
    other = aliased(Case)
    return union_all(
        select(CaseRelation.other_id).where(CaseRelation.case_id == this),
        select(CaseRelation.case_id).where(CaseRelation.other_id == this),
        select(other.id).where(other.merged_into_id == this),
        select(other.id).where(other.split_from_id == this),
        select(bindparam("merged_into", type_=Integer)),
        select(bindparam("split_from", type_=Integer)),
    )


def is_related() -> ColumnElement[bool]:
    """The condition that others may be related to the case of the query, besides those that it names."""
    other = aliased(Case)
    return or_(
        exists().where(CaseRelation.case_id == Case.id).correlate(Case),
        exists().where(CaseRelation.other_id == Case.id).correlate(Case),
        exists().where(other.merged_into_id == Case.id).correlate(Case),
        exists().where(other.split_from_id == Case.id).correlate(Case),
    )
