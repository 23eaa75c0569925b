"""A request for a public record is answered promptly: no day is promised, and it stands first."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal.cases.actions import handling, routing
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.permissions import allowed_actions
from portal.cases.queue import conditions, listing
from portal.cases.queue.filters import Filters
from portal.identity.actors import Staff
from tests import factories
from tests.cases import MONDAY, brought_to, do, state, told

FIRST_DAY = dt.date(2026, 3, 16)


def test_a_request_for_a_public_record_has_no_day_and_gets_it_back(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt, officer = factories.send_in(), factories.member()
    factories.act(routing.flag_record, officer, receipt, True)
    assert (factories.case(receipt).record_request, factories.case(receipt).due_answer) == (True, None)
    factories.act(routing.flag_record, officer, receipt, False)
    assert (factories.case(receipt).record_request, factories.case(receipt).due_answer) == (False, FIRST_DAY)
    assert [each.details for each in factories.entries(receipt)[1:]] == [{"record": True}, {"record": False}]


def urgent(officer: Staff) -> list[int]:
    return [each.id for each in listing.list_cases(officer, Filters(), conditions.days()).rows]


def test_it_stands_first_in_the_queue(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(MONDAY, tick=False)
    first, officer = factories.send_in(), factories.member()
    time_machine.move_to(MONDAY + dt.timedelta(days=5), tick=False)
    last = factories.send_in()
    assert urgent(officer) == [first.case, last.case]
    factories.act(routing.flag_record, officer, last, True)
    assert urgent(officer) == [last.case, first.case]


def test_no_later_day_is_promised_for_it(inside: Flask) -> None:
    receipt, officer = factories.send_in(), factories.member()
    factories.act(routing.flag_record, officer, receipt, True)
    assert Action.EXTEND not in allowed_actions(officer, factories.case(receipt))
    with pytest.raises(NotAllowed):
        do(Action.EXTEND, officer, receipt)


def test_a_second_click_marks_once(inside: Flask) -> None:
    receipt, officer = factories.send_in(), factories.member()
    factories.act(routing.flag_record, officer, receipt, True)
    before = state(receipt)
    factories.act(routing.flag_record, officer, receipt, True)
    assert state(receipt) == before


def test_waiting_for_the_sender_gives_it_no_day(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt, officer = factories.send_in(), factories.member()
    factories.act(routing.flag_record, officer, receipt, True)
    do(Action.REQUEST_SUPPLEMENT, officer, receipt, "Vilken handling?")
    time_machine.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    do(Action.REPLY, factories.sender(receipt), receipt)
    assert factories.case(receipt).due_answer is None


def test_a_case_that_opens_again_is_still_a_request(inside: Flask) -> None:
    receipt, officer = factories.send_in(), factories.member()
    factories.act(routing.flag_record, officer, receipt, True)
    factories.act(handling.answer, officer, receipt, "Här är den.", close=True)
    do(Action.REPLY, factories.sender(receipt), receipt, "Sidan två saknas.")
    assert (factories.case(receipt).record_request, factories.case(receipt).due_answer) == (True, None)


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED])
def test_what_is_answered_is_marked_no_more(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    with pytest.raises(NotAllowed):
        factories.act(routing.flag_record, factories.member(), receipt, True)
    assert "RecordRequestFlagged" not in told(receipt)
