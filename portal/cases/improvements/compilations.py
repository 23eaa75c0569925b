"""Compilations that the law asks for (SOSFS 2011:9, skollagen): what cases were about and what was done."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, select

from portal import clock
from portal.cases.enums import MeasureKind
from portal.cases.improvements.models import Improvement, ImprovementCase
from portal.cases.improvements.queries import readable
from portal.cases.models import Case, Measure
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Actor, Staff
from portal.organisation.models import Category

MAX_YEARS = 10
MONTHS_OF_QUARTER = 3


class Span(NamedTuple):
    """Days of a quarter, or the part of one that is in a period; both included."""

    first: date
    last: date


class Counts(NamedTuple):
    """Cases that came in on a topic, and how many of them have a measure, a proposal, an improvement."""

    received: int
    measures: int
    proposals: int
    improvements: int


NONE = Counts(0, 0, 0, 0)


def is_too_long(first: date, last: date) -> bool:
    """Whether a period is longer than MAX_YEARS."""
    return last.year - first.year > MAX_YEARS or last - first > timedelta(days=MAX_YEARS * 366)


def quarters(first: date, last: date) -> list[Span]:
    """The quarters that a period has days in, each with those days."""
    spans = []
    begin = first
    while begin <= last:
        end = min(_end_of_quarter(begin), last)
        spans.append(Span(begin, end))
        begin = end + timedelta(days=1)
    return spans


def ended_quarters(first: date, last: date, today: date) -> list[Span]:
    """The quarters that a period has days in, each whole; none that has not ended."""
    whole = quarters(_begin_of_quarter(first), _end_of_quarter(last))
    return [span for span in whole if span.last < today]


def latest_ended_quarter(today: date) -> Span:
    """The last quarter that has ended."""
    last = _begin_of_quarter(today) - timedelta(days=1)
    return Span(_begin_of_quarter(last), last)


def _begin_of_quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER + 1, 1)


def _end_of_quarter(day: date) -> date:
    month = (day.month - 1) // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER + MONTHS_OF_QUARTER
    following = date(day.year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def counts(actor: Actor, topics: Sequence[str], spans: Sequence[Span]) -> Mapping[tuple[int, str], Counts]:
    """The counts of the cases that the actor may see, by the index of a span and the key of a topic."""
    if not spans:
        return {}
    index = case(
        *((Case.received_at < clock.end_of_day(span.last), number) for number, span in enumerate(spans))
    )
    query = select(index.label("span"), Category.key, *_sums()).join(Case.category)
    query = query.where(*_within(actor, topics, spans)).group_by("span", Category.key)
    return {(row[0], row[1]): Counts(*row[2:]) for row in session().execute(query)}


def led_to(
    actor: Actor, reader: Staff, topics: Sequence[str], spans: Sequence[Span]
) -> Sequence[tuple[Improvement, int]]:
    """The improvements that these cases led to, with how many of them; most first.

    `actor` counts the cases, and `reader` reads the improvements.
    """
    if not spans:
        return []
    count = func.count().label("cases")
    query = select(Improvement, count).join(ImprovementCase, ImprovementCase.improvement_id == Improvement.id)
    query = query.join(Improvement.unit).join(ImprovementCase.case).join(Case.category)
    query = query.where(readable(reader))
    query = query.where(*_within(actor, topics, spans)).group_by(Improvement.id)
    rows = session().execute(query.order_by(count.desc(), Improvement.id))
    return [(improvement, number) for improvement, number in rows]


def _within(actor: Actor, topics: Sequence[str], spans: Sequence[Span]) -> list[ColumnElement[bool]]:
    begins, ends = clock.start_of_day(spans[0].first), clock.end_of_day(spans[-1].last)
    return [visible_to(actor), Category.key.in_(topics), Case.received_at >= begins, Case.received_at < ends]


def _sums() -> list[ColumnElement[Any]]:
    has = (
        _measures(MeasureKind.TAKEN),
        _measures(MeasureKind.PROPOSAL),
        select(ImprovementCase.id).where(ImprovementCase.case_id == Case.id),
    )
    sums = [func.sum(case((exists(query.correlate(Case)), 1), else_=0)) for query in has]
    return [func.count(), *sums]


def _measures(kind: MeasureKind) -> Select[int]:
    return select(Measure.id).where(Measure.case_id == Case.id, Measure.kind == kind)
