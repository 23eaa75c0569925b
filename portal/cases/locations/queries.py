"""Queries for locations: open fault reports near one, of which a stranger learns topic and day alone."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.cases.enums import Kind
from portal.cases.lifecycle import OPEN
from portal.cases.locations import rules
from portal.cases.locations.rules import MAX_NEARBY, Location, blocks_around, is_near, squares_around
from portal.cases.models import Case, CaseLocation, Party
from portal.cases.visibility import kind_of, parametrised, scope_values, visible_to
from portal.db import session
from portal.identity.actors import System
from portal.identity.models import Person
from portal.organisation.models import Category

# Spelled as in the partial indexes, so that the planner uses them.
IS_OPEN: ColumnElement[bool] = literal_column("case_location.is_open")
IS_ASKABLE: ColumnElement[bool] = literal_column("case_location.is_askable")
# Of each index: the newest. No report that waits for the answer of another is in them, so that the first one
# is found however many say that theirs is the same.
MAX_READ = 50
# No street and no square have these.
_NO_STREET, _NOWHERE = "", -1


class Nearby(NamedTuple):
    """An open fault report near a location, as it may be shown to anyone: its topic and its day.

    `on_street`: it is on the same street, else at the same spot.
    """

    id: int
    topic: str | None
    received_at: datetime
    on_street: bool


class _Row(NamedTuple):
    id: int
    topic: str | None
    topic_key: str | None
    received_at: datetime
    street: str | None
    north: int | None
    east: int | None


def nearby(actor: System, location: Location, topic: str | None = None) -> Sequence[Nearby]:
    """Open fault reports near a location that a sender may be asked about, those of their topic first.

    The portal asks for a sender who has seen none of them: no report with secrecy, of a topic that gives it,
    or of a sender who is protected or hidden is among them.
    """
    if location.street is None and location.square is None:
        return []
    values = _values(location) | scope_values(actor)
    rows = [_Row(*row) for row in session().execute(_statement(), values)]
    rows = [row for row in rows if _is_near(row, location)]
    rows.sort(key=lambda row: (row.topic_key != topic, row.received_at))
    return [
        Nearby(row.id, row.topic, row.received_at, _is_on_street(row, location)) for row in rows[:MAX_NEARBY]
    ]


def _is_near(row: _Row, location: Location) -> bool:
    if _is_on_street(row, location):
        return True
    if location.spot is None or row.north is None or row.east is None:
        return False
    return is_near(location.spot, (row.north, row.east))


def _is_on_street(row: _Row, location: Location) -> bool:
    return location.street is not None and row.street == location.street.key


def _values(location: Location) -> dict[str, Any]:
    street = location.street
    blocks = blocks_around(street.block) if street and street.block is not None else None
    north, east = squares_around(location.square or (_NOWHERE, _NOWHERE))
    return {
        "street": street.key if street else _NO_STREET,
        "first_block": blocks[0] if blocks else None,
        "last_block": blocks[-1] if blocks else None,
        "south": north[0],
        "north": north[-1],
        "west": east[0],
        "east": east[-1],
        "most": rules.MAX_WAITING,
    }


@cache
def _statement() -> Select[*tuple[Any, ...]]:
    on_street = and_(CaseLocation.street == bindparam("street", type_=Text), _is_in_block())
    at_spot = and_(
        CaseLocation.north.between(bindparam("south", type_=Integer), bindparam("north", type_=Integer)),
        CaseLocation.east.between(bindparam("west", type_=Integer), bindparam("east", type_=Integer)),
    )
    near = union_all(*(select(_newest(condition).subquery()) for condition in (on_street, at_spot)))
    columns = Case.id, Category.name, Category.key, Case.received_at
    place = CaseLocation.street, CaseLocation.north, CaseLocation.east
    query = select(*columns, *place).join(CaseLocation, CaseLocation.case_id == Case.id)
    query = query.outerjoin(Category, Category.id == Case.category_id)
    query = query.where(Case.id.in_(select(near.subquery())))
    room = _has_room(bindparam("most", type_=Integer))
    return query.where(visible_to(parametrised(kind_of(System()))), room, *open_to_others())


def _newest(condition: ColumnElement[bool]) -> Select[int]:
    query = select(CaseLocation.case_id).where(IS_ASKABLE, condition)
    return query.order_by(CaseLocation.case_id.desc()).limit(MAX_READ)


def _is_in_block() -> ColumnElement[bool]:
    """A report without a house number is near every house of its street."""
    first, last = bindparam("first_block", type_=Integer), bindparam("last_block", type_=Integer)
    return or_(first.is_(None), CaseLocation.block.is_(None), CaseLocation.block.between(first, last))


def lock_nearby(actor: System, case_id: int) -> Case | None:
    """The report with this id, locked; None if others may not learn of it any more."""
    query = select(Case).outerjoin(Category, Category.id == Case.category_id)
    query = query.where(
        Case.id == case_id, visible_to(actor), _has_room(rules.MAX_WAITING), *open_to_others()
    )
    query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    return session().scalar(query)


def _has_room(most: int | BindParameter[int]) -> ColumnElement[bool]:
    """Whether fewer cases than the most wait for the answer of a report."""
    member = aliased(Case)
    waiting = select(func.count(member.id)).where(member.merged_into_id == Case.id, member.status.in_(OPEN))
    return waiting.correlate(Case).scalar_subquery() < most


def open_to_others() -> list[ColumnElement[bool]]:
    """The conditions on a fault report, joined to its topic, of which others may learn topic and day.

    They are also those of a report whose answer another may wait for: groups/merging.py. Those of the case
    itself are in records.is_askable() too.
    """
    # The party of an anonymous sender is none.
    protected = select(Party.id).outerjoin(Party.person).where(or_(Party.protected, Person.protected))
    return [
        Case.kind == Kind.FAULT_REPORT,
        Case.status.in_(OPEN),
        Case.merged_into_id.is_(None),
        Case.secrecy.is_(None),
        Case.hide_sender.is_(False),
        Case.record_request.is_(False),
        Case.legal_matter.is_(None),
        Case.reader_contested_at.is_(None),
        or_(Category.id.is_(None), Category.secrecy_default.is_(False)),
        ~protected.where(Party.id == Case.party_id).correlate(Case).exists(),
    ]
