"""What is done with a case day by day: where it lands, what is noted, and which clock it stops."""

import datetime as dt
from contextlib import nullcontext

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import db
from portal.cases import queries
from portal.cases.actions import handling
from portal.cases.actions import sender as sender_actions
from portal.cases.deadlines import WrongDate
from portal.cases.enums import Direction, TaskKind
from portal.cases.lifecycle import Action, CloseReason, Status
from portal.notifications import outbox
from tests import factories
from tests.cases import MONDAY, brought_to, do, told


def test_the_same_words_later_are_said_again(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    for _each in range(2):
        do(Action.ANSWER, officer, receipt, "Ja.")
        do(Action.REPLY, factories.sender(receipt), receipt, "Säkert?")
    bodies = [each.body for each in factories.case(receipt).messages]
    assert bodies[1:] == ["Ja.", "Säkert?", "Ja.", "Säkert?"]


def test_two_colleagues_may_write_the_same_note(inside: Flask) -> None:
    receipt = brought_to(Status.RECEIVED)
    for name in ("anna", "samir"):
        do(Action.NOTE, factories.member(name), receipt, "Ringt.")
    assert told(receipt).count("NoteAdded") == 2


def test_the_answer_sent_again_with_close_closes_and_sends_no_second_answer(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    do(Action.ANSWER, officer, receipt, "Ja.")
    do(Action.ANSWER_AND_CLOSE, officer, receipt, "Ja.")
    case = factories.case(receipt)
    assert (case.status, len(case.messages)) == (Status.CLOSED, 2)


def test_who_takes_a_case_handles_it(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    do(Action.TAKE, officer, receipt)
    case = factories.case(receipt)
    assert (case.status, case.officer_id) == (Status.IN_PROGRESS, officer.membership)
    assert case.contacted_at is None


def test_who_takes_over_a_case_handles_it_instead(inside: Flask) -> None:
    receipt, second = brought_to(Status.IN_PROGRESS), factories.member("samir")
    do(Action.TAKE, second, receipt)
    assert factories.case(receipt).officer_id == second.membership
    assert told(receipt)[-1] == "CaseTakenOver"


def test_who_is_given_a_case_has_not_begun_and_can_begin(inside: Flask) -> None:
    receipt, given = brought_to(Status.RECEIVED), factories.member("samir")
    do(Action.ASSIGN, factories.member(), receipt)
    case = factories.case(receipt)
    assert (case.status, case.officer_id) == (Status.RECEIVED, given.membership)
    do(Action.TAKE, given, receipt)
    assert told(receipt)[-2:] == ["CaseAssigned", "CaseTaken"]


def test_a_note_is_between_ourselves(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    do(Action.NOTE, officer, receipt, "Bara för oss")
    case = factories.case(receipt)
    assert [each.direction for each in queries.messages(officer, case)] == [Direction.IN, Direction.INTERNAL]
    assert [each.direction for each in queries.messages(factories.sender(receipt), case)] == [Direction.IN]
    assert case.contacted_at is None


def test_an_answer_stops_both_clocks_and_the_first_one_counts(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    time_machine.move_to(MONDAY + dt.timedelta(hours=3), tick=False)
    do(Action.ANSWER, officer, receipt, "Första")
    time_machine.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    do(Action.ANSWER, officer, receipt, "Andra")
    case = factories.case(receipt)
    assert case.answered_at == case.contacted_at == MONDAY + dt.timedelta(hours=3)
    assert case.updated_at == MONDAY + dt.timedelta(days=1)
    assert (case.status, case.officer_id, case.closed_at) == (Status.ANSWERED, officer.membership, None)


def test_an_answer_from_a_colleague_leaves_the_case_with_its_handler(inside: Flask) -> None:
    receipt = brought_to(Status.IN_PROGRESS)
    do(Action.ANSWER, factories.member("samir"), receipt)
    assert factories.case(receipt).officer_id == factories.member("eva").membership


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_closed_case_has_its_time_and_reason(
    inside: Flask, time_machine: TimeMachineFixture, in_one_step: bool
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    if in_one_step:
        do(Action.ANSWER_AND_CLOSE, officer, receipt)
    else:
        do(Action.ANSWER, officer, receipt)
        do(Action.CLOSE, officer, receipt)
    case = factories.case(receipt)
    assert (case.status, case.close_reason) == (Status.CLOSED, CloseReason.ANSWERED)
    assert case.closed_at == case.answered_at == MONDAY


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED])
def test_a_reply_after_the_answer_opens_the_case_with_a_new_clock_from_that_day(
    inside: Flask, time_machine: TimeMachineFixture, status: Status
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = brought_to(status)
    first_due = factories.case(receipt).due_answer
    time_machine.move_to(MONDAY + dt.timedelta(days=7), tick=False)
    do(Action.REPLY, factories.sender(receipt), receipt, "Det stämmer inte")
    case = factories.case(receipt)
    assert case.status is Status.IN_PROGRESS
    assert (case.answered_at, case.contacted_at, case.closed_at, case.close_reason) == (None,) * 4
    assert (first_due, case.due_answer) == (dt.date(2026, 3, 16), dt.date(2026, 3, 23))
    assert case.clock_started_on == dt.date(2026, 3, 9)
    assert case.officer_id == factories.member("eva").membership
    assert told(receipt)[-1] == "CaseReopened"


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS])
def test_a_reply_before_the_answer_moves_no_clock(
    inside: Flask, time_machine: TimeMachineFixture, status: Status
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = brought_to(status)
    time_machine.move_to(MONDAY + dt.timedelta(days=7), tick=False)
    do(Action.REPLY, factories.sender(receipt), receipt, "En sak till")
    case = factories.case(receipt)
    assert (case.status, case.due_answer) == (status, dt.date(2026, 3, 16))
    assert case.messages[-1].arrived_at == MONDAY + dt.timedelta(days=7)


def test_a_task_is_seen_to_once_by_one_person(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    with db.transaction():
        outbox.add_task(receipt.case, TaskKind.UNDELIVERED)
        outbox.add_task(receipt.case, TaskKind.UNDELIVERED)
    (task,) = factories.case(receipt).open_tasks
    other = factories.send_in()
    factories.act(handling.finish_task, officer, other, task.id)
    assert len(factories.case(receipt).open_tasks) == 1
    factories.act(handling.finish_task, officer, receipt, task.id)
    assert factories.case(receipt).open_tasks == []


def test_a_case_is_adopted_by_whoever_shows_its_code_and_the_code_ends(inside: Flask) -> None:
    receipt, maria = factories.send_in(), factories.citizen()
    holder = factories.sender(receipt)
    with db.transaction():
        case = queries.case_by_id(holder, receipt.case)
        assert case
        sender_actions.adopt(maria, case)
    assert [case.id for case in queries.cases_of(maria)] == [receipt.case]
    assert factories.case(receipt).code is None
    assert told(receipt)[-1] == "CaseAdopted"


def test_the_answer_clock_stands_still_while_we_wait_for_the_sender(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = factories.send_in(email="maja@exempel.se")
    due = factories.case(receipt).due_answer
    do(Action.REQUEST_SUPPLEMENT, factories.member(), receipt, "Vilken lekplats?")
    time_machine.move_to(MONDAY + dt.timedelta(days=7), tick=False)
    do(Action.REPLY, factories.sender(receipt), receipt, "Den vid ån.")
    after = factories.case(receipt)
    assert (due, after.due_answer) == (dt.date(2026, 3, 16), dt.date(2026, 3, 23))
    assert (after.paused_on, after.status) == (None, Status.IN_PROGRESS)
    assert after.pauses == [["2026-03-02", "2026-03-09"]]


def test_the_same_answer_after_the_case_was_opened_again_is_an_answer(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    for action in (Action.ANSWER, Action.REOPEN, Action.ANSWER):
        do(action, officer, receipt, "Ja.")
    assert factories.case(receipt).status is Status.ANSWERED
    assert told(receipt).count("CaseAnswered") == 2


def test_the_same_question_after_going_on_without_it_is_a_question(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), factories.member()
    for action in (Action.REQUEST_SUPPLEMENT, Action.RESUME, Action.REQUEST_SUPPLEMENT):
        do(action, officer, receipt, "Vilken lekplats?")
    assert factories.case(receipt).status is Status.AWAITING_CITIZEN
    assert told(receipt).count("SupplementRequested") == 2


@pytest.mark.parametrize(("day", "problem"), [(MONDAY.date(), True), (dt.date(2026, 3, 3), False)])
def test_a_supplement_is_asked_for_by_a_day_to_come(
    inside: Flask, time_machine: TimeMachineFixture, day: dt.date, problem: bool
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = brought_to(Status.RECEIVED)
    refused = pytest.raises(WrongDate) if problem else nullcontext()
    with refused:
        do(Action.REQUEST_SUPPLEMENT, factories.member(), receipt, "Vilken?", until=day)
    assert factories.case(receipt).supplement_due == (None if problem else day)


@pytest.mark.parametrize(
    ("action", "contacted"),
    [
        (Action.MESSAGE_SENDER, True),
        (Action.RECORD_CALL, True),
        (Action.REQUEST_SUPPLEMENT, True),
        (Action.NOTE, False),
    ],
)
def test_the_contact_clock_stops_at_a_human_word_to_the_sender(
    inside: Flask, action: Action, contacted: bool
) -> None:
    receipt = brought_to(Status.RECEIVED)
    do(action, factories.member(), receipt)
    case = factories.case(receipt)
    assert (case.contacted_at is not None, case.answered_at) == (contacted, None)


def test_the_words_of_a_call_are_for_staff(inside: Flask) -> None:
    receipt = brought_to(Status.RECEIVED)
    do(Action.RECORD_CALL, factories.member(), receipt, "Hen lät trött.")
    assert len(queries.messages(factories.sender(receipt), factories.case(receipt))) == 1
