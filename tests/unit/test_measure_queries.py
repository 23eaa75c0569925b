"""Where a page begins in an address, and the rule of what may be decided about a proposal."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.enums import MeasureState
from portal.cases.lifecycle import TABLE
from portal.cases.measures.actions import NEXT, SETTLING
from portal.cases.measures.queries import NEWEST
from portal.pagination import BEGINNING, BadCursor, Cursor, Place, place

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(5000, 1, 1), timezones=st.just(UTC))


def written(at: datetime, id: int) -> str:
    return urlsafe_b64encode(f"measures {at.isoformat()} {id}".encode()).decode()


@given(MOMENTS, st.integers(1, 999_999_999))
def test_a_cursor_is_read_as_it_was_written(at: datetime, id: int) -> None:
    assert place(NEWEST, written(at, id), None) == Place(Cursor(at, id))


@pytest.mark.parametrize(
    "text", ["1", "-1", "1-", "1-2-3", "x-1", "１-１", "1 -1", f"{'9' * 18}-1", f"1-{'9' * 10}"]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        place(NEWEST, text, None)


@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_reading_of_a_cursor(text: str) -> None:
    try:
        assert text == "" or place(NEWEST, text, None) != BEGINNING
    except BadCursor:
        assert text


def test_every_state_has_its_ways_on_and_every_way_its_action() -> None:
    assert set(NEXT) == set(MeasureState)
    assert {to for ways in NEXT.values() for to in ways} == set(SETTLING)
    assert set(SETTLING.values()) <= {row.action for row in TABLE}
