"""Pages of the queue: every case once in each order, there and back, whatever changes meanwhile."""

from base64 import urlsafe_b64encode
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from portal import clock
from portal.cases.lifecycle import Status
from portal.cases.models import Case, PastClock, Task
from portal.cases.queue import conditions, listing
from portal.cases.queue.filters import Filters, Sort, View
from portal.identity.actors import Role, Staff
from portal.pagination import BEGINNING, BadCursor, Page, place
from tests import bulk_cases, factories

NOW = datetime(2026, 5, 4, 8, tzinfo=clock.STOCKHOLM)
# Few values, so that many tie; None, so that some have no date.
DAYS = st.sampled_from([None, date(2026, 5, 1), date(2026, 5, 8)])
MOMENTS = st.sampled_from([NOW, NOW + timedelta(microseconds=1), NOW + timedelta(days=1)])
ROW = st.fixed_dictionaries(
    {
        "due_answer": DAYS,
        "paused_on": st.sampled_from([None, None, date(2026, 5, 2)]),
        "supplement_due": st.sampled_from([None, date(2026, 5, 6)]),
        "next_step_on": st.sampled_from([None, date(2026, 5, 7)]),
        "record_request": st.booleans(),
        "received_at": MOMENTS,
        "updated_at": MOMENTS,
        "status": st.sampled_from([Status.RECEIVED, Status.IN_PROGRESS, Status.CLOSED]),
    }
)
SIZE, MOST = 3, 20


@pytest.fixture
def reader(inside: Flask) -> Staff:
    return factories.member("eva", Role.RECORDS_OFFICER, None)


def at(actor: Staff, sort: Sort, after: str | None = None, before: str | None = None) -> Page:
    where = place(listing.ORDERS[sort], after, before)
    return listing.list_cases(actor, Filters(View.NEWEST, sort=sort), conditions.days(), where, SIZE)


def forwards(actor: Staff, sort: Sort) -> list[Page]:
    pages = [at(actor, sort)]
    while pages[-1].after and len(pages) < MOST:
        pages.append(at(actor, sort, after=pages[-1].after))
    return pages


def backwards(actor: Staff, sort: Sort, last: Page) -> list[Page]:
    pages = [last]
    while pages[-1].before and len(pages) < MOST:
        pages.append(at(actor, sort, before=pages[-1].before))
    return pages


def ids(pages: list[Page]) -> list[int]:
    return [each.id for page in pages for each in page.rows]


@hypothesis(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=10), sort=st.sampled_from(Sort))
def test_every_case_is_met_once_there_and_back_in_each_order(
    reader: Staff, rows: list[dict[str, Any]], sort: Sort
) -> None:
    with bulk_cases.only(rows) as writer:
        every = set(writer.scalars(sa.select(Case.id)))
        there = forwards(reader, sort)
        back = backwards(reader, sort, there[-1])
        assert (set(ids(there)), len(ids(there))) == (every, len(rows))
        assert (set(ids(back)), back[-1].rows) == (every, there[0].rows)
        assert (there[0].before, there[-1].after, back[-1].before) == (None, None, None)
        assert all(len(page.rows) == SIZE for page in [*there[:-1], *back[1:]])
        assert bool(there[1:]) == (len(rows) > SIZE)


def test_the_orders_are_what_they_are_called(reader: Staff) -> None:
    usual = {"due_answer": None, "paused_on": None, "record_request": False, "status": Status.RECEIVED}
    usual |= {"supplement_due": None, "next_step_on": None}
    later = {"received_at": NOW + timedelta(hours=1)}
    usual |= {"received_at": NOW, "updated_at": NOW}
    rows = [
        usual | {"updated_at": NOW + timedelta(hours=1)},
        usual | {"due_answer": date(2026, 5, 8)},
        usual | {"due_answer": date(2026, 5, 4)} | later,
        usual | {"record_request": True},
        usual | {"due_answer": date(2026, 5, 1), "status": Status.CLOSED},
        usual | {"due_answer": date(2026, 5, 1), "paused_on": date(2026, 5, 2)},
    ]
    with bulk_cases.only(rows) as writer:
        first = min(writer.scalars(sa.select(Case.id)))
        orders = {sort: [each - first for each in ids(forwards(reader, sort))] for sort in Sort}
        assert orders == {
            Sort.DUE: [3, 2, 1, 0, 4, 5],
            Sort.NEWEST: [2, 5, 4, 3, 1, 0],
            Sort.OLDEST: [0, 1, 3, 4, 5, 2],
            Sort.CHANGED: [0, 5, 4, 3, 2, 1],
        }


@hypothesis(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=8, max_size=10), sort=st.sampled_from(Sort), data=st.data())
def test_what_is_added_changed_or_gone_meanwhile_breaks_no_page(
    reader: Staff, rows: list[dict[str, Any]], sort: Sort, data: st.DataObject
) -> None:
    with bulk_cases.only(rows) as writer:
        here = at(reader, sort)
        for _turn in range(4):
            there = sorted(writer.scalars(sa.select(Case.id)))
            changed, on = data.draw(st.sampled_from(there)), data.draw(st.booleans())
            if data.draw(st.booleans()):
                writer.execute(sa.delete(Task).where(Task.case_id == changed))
                writer.execute(sa.delete(PastClock).where(PastClock.case_id == changed))
                writer.execute(sa.delete(Case).where(Case.id == changed))
            else:
                writer.execute(sa.update(Case).where(Case.id == changed).values(**data.draw(ROW)))
            here = at(reader, sort, here.after if on else None, None if on else here.before)
            assert 0 < len(here.rows) <= SIZE
            assert len({each.id for each in here.rows}) == len(here.rows)


def coded(plain: str) -> str:
    return urlsafe_b64encode(plain.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "å",
        "\x00",
        "A" * 500,
        coded("due 2026-05-04"),
        coded("due 2026-05-04 0"),
        coded("due 2026-05-04 -1"),
        coded("due 2026-05-04 9999999999"),
        coded("due 2026-02-30 1"),
        coded("due 2026-05-04T10:00:00+00:00 1"),
        coded("newest 2026-05-04T10:00:00+00:00 1"),
        coded("due 2026-05-04 1 OR 1=1"),
        coded("due ２０２６-05-04 1"),
    ],
)
def test_a_cursor_that_is_broken_or_of_another_order_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        place(listing.ORDERS[Sort.DUE], text, None)
    with pytest.raises(BadCursor):
        place(listing.ORDERS[Sort.DUE], None, text)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_a_moment_beyond_the_calendar_is_no_cursor(moment: str) -> None:
    with pytest.raises(BadCursor):
        place(listing.ORDERS[Sort.NEWEST], coded(f"newest {moment} 1"), None)


def test_no_cursor_is_the_beginning() -> None:
    assert place(listing.ORDERS[Sort.DUE], None, "") == BEGINNING
