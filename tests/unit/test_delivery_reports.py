"""Reports of the gateway: what is one, and what it makes of a message, in whatever order they come."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.inbound.reports import Delivery, Report, next_state, parse
from portal.notifications.models import State

USUAL = {"id": "s1", "status": "delivered", "delivered": "2026-03-02T08:00:00.123000"}


def test_a_report_of_the_gateway_is_read() -> None:
    assert parse(USUAL) == Report("s1", Delivery.DELIVERED, dt.datetime(2026, 3, 2, 8, 0, 0, 123000, dt.UTC))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": "s1\r\nX: y"},
        {"id": "å"},
        {"id": "s" * 101},
        {"status": ""},
        {"status": "Delivered"},
        {"status": "created"},
    ],
)
def test_what_is_no_report_is_none(changes: dict[str, str]) -> None:
    assert parse(USUAL | changes) is None


@pytest.mark.parametrize(
    "moment", ["", "i dag", "9" * 10_000, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-12:00"]
)
def test_a_moment_that_cannot_be_read_is_left_out(moment: str) -> None:
    assert parse(USUAL | {"delivered": moment}) == Report("s1", Delivery.DELIVERED)


@given(st.dictionaries(st.sampled_from(["id", "status", "delivered", "x"]), st.text(max_size=50)))
def test_no_form_stops_the_reader(fields: dict[str, str]) -> None:
    report = parse(fields)
    assert report is None or report.delivery in Delivery


def end(reports: tuple[Delivery, ...]) -> State:
    state = State.SENDING
    for delivery in reports:
        state = next_state(state, delivery)
    return state


@pytest.mark.parametrize("length", range(1, 5))
def test_in_any_order_a_message_that_arrived_has_arrived(length: int) -> None:
    for reports in itertools.product(Delivery, repeat=length):
        expected = State.SENDING
        if Delivery.DELIVERED in reports:
            expected = State.DELIVERED
        elif Delivery.FAILED in reports:
            expected = State.FAILED
        assert end(reports) is expected, reports


@pytest.mark.parametrize("delivery", Delivery)
def test_a_message_that_was_never_sent_is_not_changed_by_a_report(delivery: Delivery) -> None:
    never = {State.QUEUED, State.HELD, State.KEPT, State.UNRENDERED, State.UNREADABLE, State.WITHHELD}
    for state in never | {State.CANCELLED}:
        assert next_state(state, delivery) is state
