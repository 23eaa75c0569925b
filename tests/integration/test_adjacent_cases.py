"""The next case of a list and the one before, and the position of a case: in the list's own order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from portal import clock
from portal.cases.actions import handling
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.cases.queue import conditions, listing
from portal.cases.queue.adjacent import Adjacent, Position, adjacent_case, position
from portal.cases.queue.filters import Filters, Sort, View
from portal.cases.queue.listing import QueueRow
from portal.identity.actors import Role, Staff
from portal.pagination import Cursor, Page
from tests import bulk_cases, factories

NOW = datetime(2026, 5, 4, 8, tzinfo=clock.STOCKHOLM)
# Few values, so that many tie; None, so that some have no date.
ROW = st.fixed_dictionaries(
    {
        "due_answer": st.sampled_from([None, date(2026, 5, 1), date(2026, 5, 8)]),
        "record_request": st.booleans(),
        "received_at": st.sampled_from([NOW, NOW + timedelta(microseconds=1), NOW + timedelta(days=1)]),
        "updated_at": st.sampled_from([NOW, NOW + timedelta(days=1)]),
        "status": st.sampled_from([Status.RECEIVED, Status.IN_PROGRESS, Status.CLOSED]),
        "paused_on": st.none(),
        "next_step_on": st.none(),
        "officer_id": st.none(),
    }
)
LISTS = [Filters(view, sort=sort) for view in (View.OPEN, View.UNASSIGNED, View.NEWEST) for sort in Sort]
SLOW = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def reader(inside: Flask) -> Staff:
    return factories.member("eva", Role.RECORDS_OFFICER, None)


def listed(actor: Staff, filters: Filters) -> list[QueueRow]:
    return list(listing.list_cases(actor, filters, conditions.days()).rows)


def cursor_of(row: QueueRow) -> Cursor:
    assert row.key
    return Cursor(row.key, row.id)


def after(actor: Staff, filters: Filters, row: QueueRow) -> int | None:
    return _id(adjacent_case(actor, filters, conditions.days(), cursor_of(row)))


def before(actor: Staff, filters: Filters, row: QueueRow) -> int | None:
    return _id(adjacent_case(actor, filters, conditions.days(), cursor_of(row), back=True))


def _id(adjacent: Adjacent) -> int | None:
    return adjacent.case.id if adjacent.case else None


def position_of(actor: Staff, filters: Filters, row: QueueRow) -> Position | None:
    return position(actor, filters, conditions.days(), cursor_of(row))


@hypothesis(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(rows=st.lists(ROW, max_size=8), filters=st.sampled_from(LISTS))
def test_the_next_and_the_one_before_are_those_of_the_list(
    reader: Staff, rows: list[dict[str, Any]], filters: Filters
) -> None:
    with bulk_cases.only(rows):
        order = listed(reader, filters)
        ids = [row.id for row in order]
        assert [after(reader, filters, row) for row in order] == [*ids[1:], None][: len(ids)]
        assert [before(reader, filters, row) for row in order] == [None, *ids[:-1]][: len(ids)]
        if filters.view is not View.NEWEST:
            positions = [Position(place, len(ids) - place - 1, True) for place in range(len(ids))]
            assert [position_of(reader, filters, row) for row in order] == positions


@hypothesis(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(rows=st.lists(ROW, min_size=3, max_size=8), filters=st.sampled_from(LISTS), data=st.data())
def test_a_case_that_has_changed_since_has_the_neighbours_of_the_place_that_it_had(
    reader: Staff, rows: list[dict[str, Any]], filters: Filters, data: st.DataObject
) -> None:
    with bulk_cases.only(rows) as writer:
        order = listed(reader, filters)
        if not order:
            return
        place = data.draw(st.integers(0, len(order) - 1))
        row = order[place]
        writer.execute(sa.update(Case).where(Case.id == row.id).values(**data.draw(ROW)))
        others = [case.id for case in order]
        assert after(reader, filters, row) == (others[place + 1] if place + 1 < len(others) else None)
        assert before(reader, filters, row) == (others[place - 1] if place else None)
        if filters.view is not View.NEWEST:
            here = position_of(reader, filters, row)
            still = row.id in [case.id for case in listed(reader, filters)]
            assert here == Position(place, len(others) - place - 1, still)


def test_a_list_of_words_is_gone_through_in_both_directions(inside: Flask) -> None:
    actor = factories.member("eva", Role.REGISTRAR, None)
    for number in range(3):
        factories.send_in(subject=f"Gungan {number}")
    factories.send_in(subject="Bänken")
    for sort in (Sort.NEWEST, Sort.OLDEST, Sort.DUE):
        filters = Filters(words="gungan", sort=sort)
        order = listed(actor, filters)
        ids = [row.id for row in order]
        assert len(ids) == 3
        assert [after(actor, filters, row) for row in order] == [*ids[1:], None]
        assert [before(actor, filters, row) for row in order] == [None, *ids[:-1]]
        assert position_of(actor, filters, order[0]) is None


def test_a_search_that_ends_before_a_hit_says_where_to_go_on(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = Page([], "earlier", "later")
    monkeypatch.setattr("portal.cases.queue.adjacent.list_hits", lambda *_given: reached)
    actor, cursor = factories.member(), Cursor(datetime(2026, 5, 4, tzinfo=UTC), 1)
    filters = Filters(words="gungan", sort=Sort.NEWEST)
    assert adjacent_case(actor, filters, conditions.days(), cursor) == Adjacent(None, "later")
    assert adjacent_case(actor, filters, conditions.days(), cursor, back=True) == Adjacent(None, "earlier")


def test_a_case_outside_the_scope_is_neither_next_nor_counted(inside: Flask) -> None:
    registrar = factories.member("eva", Role.REGISTRAR, None)
    factories.send_in(subject="Före", category="parker")
    factories.send_in(subject="Skolan", category="forskola-och-skola")
    factories.send_in(subject="Efter", category="parker")
    anna = factories.member()
    filters = Filters(sort=Sort.OLDEST)
    assert len(listed(registrar, filters)) == 3
    first, last = listed(anna, filters)
    assert after(anna, filters, first) == last.id
    assert position_of(anna, filters, first) == Position(0, 1, True)


def test_a_case_that_a_colleague_has_taken_is_passed_over(inside: Flask) -> None:
    anna, samir = factories.member(), factories.member("samir")
    first, second, third = (factories.send_in(subject=name) for name in ("Ett", "Två", "Tre"))
    filters = Filters(View.UNASSIGNED, sort=Sort.OLDEST)
    rows = listed(anna, filters)
    factories.act(handling.take, samir, second)
    assert after(anna, filters, rows[0]) == third.case
    assert position_of(anna, filters, rows[1]) == Position(1, 1, False)
    assert position_of(anna, replace(filters, view=View.OPEN), rows[1]) == Position(1, 1, True)
    assert [row.id for row in rows] == [first.case, second.case, third.case]
