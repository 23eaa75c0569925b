"""The cases that came in, and the promises that began, in a period: dates and ids, no text and no names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.enums import Channel, Kind
from portal.cases.lifecycle import CloseReason, Status
from portal.cases.models import Case, PastClock
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import UtcDateTime, session
from portal.identity.actors import Actor
from portal.statistics.figures.sums import CaseRecord, Fate, Place, PromiseRecord

_FIRST, _LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
_SINCE, _UNTIL = bindparam("since", type_=UtcDateTime()), bindparam("until", type_=UtcDateTime())
_COUNTED = bindparam("counted", type_=Integer)
ROWS = 2000


@dataclass(frozen=True)
class Selection:
    """The days of a period, both included.

    `counted`: the highest id of the cases that are counted already. A case with a higher id that came in
    before the period was registered late, as a letter may be: it belongs to the period too.
    """

    first: date
    last: date
    counted: int | None = None

    def values(self) -> dict[str, Any]:
        """The parameters of the statements here."""
        since, until = clock.start_of_day(self.first), clock.end_of_day(self.last)
        days = {"first": self.first, "last": self.last, "since": since, "until": until}
        return days | {"counted": self.counted}

    def month(self, day: date) -> date:
        """The first day of the month in which a day is counted: not before the period."""
        return max(day, self.first).replace(day=1)


def case_records(actor: Actor, selection: Selection) -> Iterator[CaseRecord]:
    """The cases of the period that the actor may see."""
    late = selection.counted is not None
    for row in _rows(actor, selection, _cases(kind_of(actor), late)):
        arrived = _day(row.received_at)
        reason, merged = row.close_reason, row.merged_into_id is not None
        yield CaseRecord(
            place=_place(row, selection.month(arrived)),
            arrived=arrived,
            fate=fate(row.status, reason, merged),
            part=row.split_from_id is not None,
            answer_wanted=row.answer_wanted,
            reopened=row.reopened,
            due=row.due_answer,
            paused=row.paused_on is not None,
            extended=row.extended_to is not None,
            summer=row.extended_for_summer,
            closed=_optional_day(row.closed_at),
            answered=_optional_day(row.answered_at),
            contacted=_optional_day(row.first_contacted_at),
            contact_days=row.promise["contact"],
            at_first_contact=_at_first_contact(row),
        )


def promise_records(actor: Actor, selection: Selection) -> Iterator[PromiseRecord]:
    """The promises of the period, of the cases that the actor may see and the municipality owed an answer."""
    late = selection.counted is not None
    kind = kind_of(actor)
    for query in (_current(kind, late), _earlier(kind, late)):
        for row in _rows(actor, selection, query):
            yield PromiseRecord(
                place=_place(row, selection.month(row.started_on)),
                started=row.started_on,
                first=not row.again,
                due=row.due_answer,
                answered=_optional_day(row.answered_at),
                contact_due=row.due_contact,
                contacted=_optional_day(row.contacted_at),
                extended=row.extended_to is not None,
                summer=row.extended_for_summer,
                paused=row.paused_on is not None,
                unsatisfied=row.unsatisfied,
                named=_named(row),
                thanks=row.answer_thanks,
                regrets=row.answer_regrets,
                lix=row.answer_lix,
            )


def _rows(actor: Actor, selection: Selection, query: Select[Any]) -> Iterator[Any]:
    values = selection.values() | scope_values(actor)
    # A month of a large municipality has many: not all of them in memory at once.
    return iter(session().execute(query.execution_options(yield_per=ROWS), values))


def fate(status: Status, reason: CloseReason | None, merged: bool) -> Fate:
    """What has become of a case. One that waits for, or got, the answer of another is its duplicate."""
    if reason is not None and reason is not CloseReason.ANSWERED:
        return Fate(reason.value)
    if merged:
        return Fate.DUPLICATE
    return Fate.ANSWERED if status in (Status.ANSWERED, Status.CLOSED) else Fate.OPEN


def _at_first_contact(row: Any) -> bool | None:
    """Whether it was solved at first contact; None if this is not asked of the case."""
    if row.first_line_unit_id is None or row.first_contact is None:
        return None
    was_answered = row.answered_at is not None or row.answered_before
    return bool(row.first_contact) if was_answered else None


def _named(row: Any) -> bool | None:
    """Whether an officer was named at the first contact; None if there was none but the answer."""
    is_contacted = row.contacted_at is not None and row.contacted_at != row.answered_at
    return row.contact_named if is_contacted else None


def _place(row: Any, month: date) -> Place:
    return Place(
        month=month,
        kind=Kind(row.kind),
        board=row.responsible_board_id,
        administration=row.responsible_administration_id,
        unit=row.handling_unit_id,
        topic=row.category_id,
        channel=Channel(row.channel),
        level=row.level,
        language=row.language,
    )


def _optional_day(moment: datetime | None) -> date | None:
    return _day(moment) if moment else None


def _day(moment: datetime) -> date:
    return clock.stockholm(moment).date()


_PLACE = (
    *(Case.kind, Case.responsible_board_id, Case.responsible_administration_id),
    *(Case.category_id, Case.channel, Case.level, Case.language),
)
# An earlier answer is of the unit that gave it, whichever has the case now.
_UNIT_THEN = func.coalesce(PastClock.handling_unit_id, Case.handling_unit_id).label("handling_unit_id")


def _in_period(day: Any, first: Any, before: Any, late: bool) -> ColumnElement[bool]:
    within = and_(day >= first, before)
    # Registered after the earlier periods were counted.
    return or_(within, and_(day < first, Case.id > _COUNTED)) if late else within


@cache
def _cases(kind: ScopeKind, late: bool) -> Select[Any]:
    contacted_before = select(func.min(PastClock.contacted_at)).where(PastClock.case_id == Case.id)
    columns: tuple[Any, ...] = (
        *(Case.received_at, Case.status, Case.close_reason, Case.merged_into_id, Case.split_from_id),
        *(Case.answer_wanted, Case.reopened, Case.due_answer, Case.paused_on, Case.extended_to),
        *(Case.extended_for_summer, Case.closed_at, Case.answered_at, Case.promise),
        *(Case.first_line_unit_id, Case.first_contact),
        func.coalesce(contacted_before.correlate(Case).scalar_subquery(), Case.contacted_at).label(
            "first_contacted_at"
        ),
        exists()
        .where(PastClock.case_id == Case.id, PastClock.answered_at.is_not(None))
        .label("answered_before"),
    )
    came_in = _in_period(Case.received_at, _SINCE, Case.received_at < _UNTIL, late)
    return select(*_PLACE, Case.handling_unit_id, *columns).where(came_in, visible_to(parametrised(kind)))


@cache
def _current(kind: ScopeKind, late: bool) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Case.clock_started_on.label("started_on"),
        *(Case.due_answer, Case.answered_at, Case.due_contact, Case.contacted_at, Case.extended_to),
        *(Case.extended_for_summer, Case.paused_on, Case.unsatisfied),
        *(Case.contact_named, Case.answer_thanks, Case.answer_regrets, Case.answer_lix),
        exists().where(PastClock.case_id == Case.id, PastClock.answered_at.is_not(None)).label("again"),
    )
    # Withdrawn, transferred, outside and duplicate cases were never to be answered here.
    owed = or_(Case.close_reason.is_(None), Case.close_reason == CloseReason.ANSWERED)
    began = _in_period(Case.clock_started_on, _FIRST, Case.clock_started_on <= _LAST, late)
    return select(*_PLACE, Case.handling_unit_id, *columns).where(began, owed, visible_to(parametrised(kind)))


@cache
def _earlier(kind: ScopeKind, late: bool) -> Select[Any]:
    earlier = aliased(PastClock)
    answered_before = exists().where(
        earlier.case_id == PastClock.case_id, earlier.id < PastClock.id, earlier.answered_at.is_not(None)
    )
    columns: tuple[Any, ...] = (
        *(PastClock.started_on, PastClock.due_answer, PastClock.answered_at, PastClock.due_contact),
        *(PastClock.contacted_at, PastClock.extended_to, PastClock.extended_for_summer),
        *(null().label("paused_on"), PastClock.unsatisfied, answered_before.label("again")),
        *(PastClock.contact_named, PastClock.answer_thanks, PastClock.answer_regrets, PastClock.answer_lix),
    )
    began = _in_period(PastClock.started_on, _FIRST, PastClock.started_on <= _LAST, late)
    # No condition on the close reason: this promise was answered, whatever became of the next one.
    query = select(*_PLACE, _UNIT_THEN, *columns).join(Case, PastClock.case_id == Case.id)
    return query.where(began, PastClock.answered_at.is_not(None), visible_to(parametrised(kind)))
