"""Queries for measures that an actor may see: of one case, or of all cases a page at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.measures.models import Measure
from portal.cases.models import Case
from portal.cases.queries import visible_to
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.organisation.models import Unit

PAGE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True)
class MeasureFilter:
    """Which measures: of a kind, in a state, of a unit; None is any."""

    kind: MeasureKind | None = None
    state: MeasureState | None = None
    unit: int | None = None


class PageCursor(NamedTuple):
    """Where a page begins: after the measure with this time and id."""

    at: datetime
    id: int

    def written(self) -> str:
        """The cursor as a query parameter."""
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def read(cls, written: str) -> Self | None:
        """The place that an address names, or None if it names none."""
        found = PLACE.fullmatch(written)
        return cls(EPOCH + timedelta(microseconds=int(found[1])), int(found[2])) if found else None


class Measures(NamedTuple):
    """A page of measures, the newest first, and where the next one begins."""

    rows: Sequence[Measure]
    after: PageCursor | None


def of_case(actor: Staff, case: Case) -> Sequence[Measure]:
    """The measures of a case, the newest first."""
    query = select(Measure).join(Measure.case).where(visible_to(actor), Case.id == case.id)
    people = joinedload(Measure.author), joinedload(Measure.settled_by)
    query = query.options(*(person.joinedload(Membership.person) for person in people))
    return session().scalars(query.order_by(Measure.id.desc())).all()


def of_all(actor: Staff, wanted: MeasureFilter, after: PageCursor | None = None) -> Measures:
    """A page of the measures of every case that the actor may see, with all that a row draws."""
    people = joinedload(Measure.author), joinedload(Measure.settled_by)
    query = select(Measure).join(Measure.case).where(visible_to(actor), *_conditions(wanted, after))
    query = query.options(
        contains_eager(Measure.case).joinedload(Case.handling_unit).joinedload(Unit.board),
        *(each.joinedload(Membership.person) for each in people),
    )
    newest = query.order_by(Measure.created_at.desc(), Measure.id.desc()).limit(PAGE + 1)
    rows = session().scalars(newest).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Measures(rows[:PAGE], PageCursor(last.created_at, last.id) if last else None)


def _conditions(wanted: MeasureFilter, after: PageCursor | None) -> list[ColumnElement[bool]]:
    conditions = {
        Measure.kind: wanted.kind,
        Measure.state: wanted.state,
        Case.handling_unit_id: wanted.unit,
    }
    chosen = [column == value for column, value in conditions.items() if value is not None]
    if after is None:
        return chosen
    earlier = and_(Measure.created_at == after.at, Measure.id < after.id)
    return [*chosen, or_(Measure.created_at < after.at, earlier)]


def units(actor: Staff) -> Sequence[Unit]:
    """The units that have measures in cases which the actor may see, by name."""
    theirs = select(Case.handling_unit_id).join(Measure, Measure.case_id == Case.id).where(visible_to(actor))
    return session().scalars(select(Unit).where(Unit.id.in_(theirs)).order_by(Unit.name, Unit.id)).all()
