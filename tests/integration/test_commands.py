"""What is done with a case: where it lands, what is noted, and that a second click changes nothing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases import closing, commands, extending, placing, queries
from portal.cases.access import Hat
from portal.cases.deadlines import next_open
from portal.cases.lifecycle import TABLE, Action, Arrow, CloseReason, NotAllowed, Status, allowed
from portal.cases.moving import Conflict
from portal.cases.submission import Receipt
from portal.cases.terms import Direction, TaskKind
from portal.identity import queries as people
from portal.identity.actors import Actor, Role, Staff
from portal.notifications import outbox
from portal.organisation import queries as organisation
from tests import build

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=clock.STOCKHOLM)
STAFF_ACTIONS = [
    Action.TAKE,
    Action.ASSIGN,
    Action.NOTE,
    Action.ANSWER,
    Action.ANSWER_AND_CLOSE,
    Action.CLOSE,
]
APART = {
    Action.ADOPT: "needs a citizen",
    Action.UNMERGE: "needs a merge",
    Action.RECOUNT: "needs a closed day",
}


def do(action: Action, actor: Actor, receipt: Receipt, body: str = "Text", **more: Any) -> None:
    """The command of an action, with what it needs."""
    given: dict[Action, tuple[Callable[..., None], tuple[Any, ...], dict[str, Any]]] = {
        Action.TAKE: (commands.take, (), {}),
        Action.ASSIGN: (commands.assign, (colleague(),) if action is Action.ASSIGN else (), {}),
        Action.NOTE: (commands.note, (body,), {}),
        Action.ANSWER: (commands.answer, (body,), {}),
        Action.ANSWER_AND_CLOSE: (commands.answer, (body,), {"close": True}),
        Action.CLOSE: (commands.close, (), {}),
        Action.ASK: (commands.ask, (body,), {}),
        Action.REPLY: (commands.reply, (body,), {}),
        Action.WITHDRAW: (commands.withdraw, (), {}),
        Action.NOT_SATISFIED: (commands.not_satisfied, (body,), {}),
        Action.GO_ON: (commands.go_on, (), {}),
        Action.CONTACT: (commands.contact, (body,), {}),
        Action.CALL: (commands.call, (body,), {}),
        Action.REOPEN: (commands.open_again, (), {}),
        Action.EXTEND: (extending.extend, (later(), "Vi väntar på en besiktning."), {}),
        Action.NAME_CONTACT: (
            placing.name_contact,
            (colleague(),) if action is Action.NAME_CONTACT else (),
            {},
        ),
        Action.FLAG_RECORD: (placing.flag_record, (True,), {}),
        Action.SPLIT: (placing.split, ("Den andra frågan",), {}),
        Action.HAND_OVER: (placing.hand_over, (organisation.unit("gata"),), {}),
        Action.MOVE: (closing.move_out, ("Lifecare", "4711"), {}),
        Action.REDIRECT: (closing.redirect, ("Det är ett överklagande.", "Skriv till nämnden."), {}),
    }
    if action in (Action.MERGE, Action.RELATE, Action.UNRELATE):
        do_with_another(action, actor, receipt, body)
    else:
        command, values, options = given[action]
        build.act(command, actor, receipt, *values, **options | more)


def later() -> dt.date:
    """An open day well after what is promised."""
    return next_open(clock.today() + dt.timedelta(days=40))


def do_with_another(action: Action, actor: Actor, receipt: Receipt, body: str) -> None:
    """The command of an action that is about two cases."""
    other = build.send_in()
    with db.transaction():
        case, second = queries.case_by_id(actor, receipt.case), queries.case_by_id(actor, other.case)
        assert case
        assert second
        if action is Action.MERGE:
            closing.merge(as_staff(actor), case, second, body)
        else:
            placing.relate(as_staff(actor), case, second)
        if action is Action.UNRELATE:
            placing.unrelate(as_staff(actor), case, second)


def as_staff(actor: Actor) -> Staff:
    assert isinstance(actor, Staff)
    return actor


def colleague() -> Any:
    found = people.membership(build.member("samir").membership)
    assert found
    return found


def brought_to(status: Status) -> Receipt:
    """A case in this status."""
    receipt, officer = build.send_in(), build.member("eva")
    way = {
        Status.RECEIVED: [],
        Status.IN_PROGRESS: [Action.TAKE],
        Status.AWAITING_CITIZEN: [Action.ASK],
        Status.ANSWERED: [Action.ANSWER],
        Status.CLOSED: [Action.ANSWER_AND_CLOSE],
    }
    for action in way[status]:
        do(action, officer, receipt, "Det första svaret")
    return receipt


def told(receipt: Receipt) -> list[str]:
    """The events of a case, oldest first."""
    return [entry.event for entry in build.entries(receipt)]


def state(receipt: Receipt) -> tuple[Any, ...]:
    """All that a second click might change."""
    case = build.case(receipt)
    said = [(each.direction, each.body) for each in queries.messages(build.sender(receipt), case)]
    moments = case.answered_at, case.contacted_at, case.closed_at, case.updated_at
    return case.version, case.status, case.officer_id, case.close_reason, moments, said, told(receipt)


@pytest.mark.parametrize(
    "row",
    [row for row in TABLE if row.source and row.action not in APART],
    ids=lambda row: f"{row.action}-from-{row.source}",
)
def test_every_arrow_is_reached_by_its_command_and_told_by_its_event(inside: Flask, row: Arrow) -> None:
    assert row.source
    receipt = brought_to(row.source)
    actor: Actor = build.sender(receipt) if row.by is Hat.SENDER else build.member()
    do(row.action, actor, receipt)
    assert build.case(receipt).status is row.target
    assert told(receipt)[-1] == row.event.__name__


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS, Status.ANSWERED])
@pytest.mark.parametrize("action", [Action.ASSIGN, Action.NOTE, Action.CLOSE])
def test_a_sender_cannot_do_what_staff_do_and_nothing_is_changed(
    inside: Flask, status: Status, action: Action
) -> None:
    receipt = brought_to(status)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(action, build.sender(receipt), receipt)
    assert refusal.value.allowed == allowed(status, Hat.SENDER)
    assert state(receipt) == before


def test_staff_cannot_reply_in_the_senders_place(inside: Flask) -> None:
    receipt = brought_to(Status.ANSWERED)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(Action.REPLY, build.member(), receipt)
    assert Action.ANSWER in refusal.value.allowed
    assert state(receipt) == before


@pytest.mark.parametrize("action", [*STAFF_ACTIONS, Action.REPLY])
def test_a_reader_changes_nothing(inside: Flask, action: Action) -> None:
    receipt = brought_to(Status.ANSWERED)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(action, build.member(role=Role.RECORDS_OFFICER, unit=None), receipt)
    assert refusal.value.allowed == frozenset()
    assert state(receipt) == before


@pytest.mark.parametrize("action", [Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.TAKE, Action.ASSIGN])
def test_what_a_closed_case_does_not_allow_leaves_no_trace(inside: Flask, action: Action) -> None:
    receipt = brought_to(Status.CLOSED)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(action, build.member(), receipt)
    assert refusal.value.allowed == {Action.NOTE, Action.REOPEN, Action.RELATE, Action.UNRELATE}
    assert state(receipt) == before


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS])
def test_a_case_without_an_answer_cannot_be_closed(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    with pytest.raises(NotAllowed):
        do(Action.CLOSE, build.member(), receipt)
    assert build.case(receipt).closed_at is None


@pytest.mark.parametrize("action", STAFF_ACTIONS)
def test_a_second_click_of_staff_changes_nothing(inside: Flask, action: Action) -> None:
    receipt = brought_to(Status.ANSWERED if action is Action.CLOSE else Status.RECEIVED)
    officer = build.member()
    version = build.case(receipt).version
    more: dict[str, Any] = {} if action is Action.NOTE else {"version": version}
    do(action, officer, receipt, **more)
    before, letters = state(receipt), len(build.letters())
    do(action, officer, receipt, **more)
    assert state(receipt) == before
    assert len(build.letters()) == letters


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED])
def test_a_second_click_of_the_sender_changes_nothing(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    do(Action.REPLY, build.sender(receipt), receipt)
    before = state(receipt)
    do(Action.REPLY, build.sender(receipt), receipt)
    assert state(receipt) == before


def test_the_same_words_later_are_said_again(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), build.member()
    for _each in range(2):
        do(Action.ANSWER, officer, receipt, "Ja.")
        do(Action.REPLY, build.sender(receipt), receipt, "Säkert?")
    bodies = [each.body for each in build.case(receipt).messages]
    assert bodies[1:] == ["Ja.", "Säkert?", "Ja.", "Säkert?"]


def test_two_colleagues_may_write_the_same_note(inside: Flask) -> None:
    receipt = brought_to(Status.RECEIVED)
    for name in ("anna", "samir"):
        do(Action.NOTE, build.member(name), receipt, "Ringt.")
    assert told(receipt).count("NoteAdded") == 2


def test_the_answer_sent_again_with_close_closes_and_sends_no_second_answer(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), build.member()
    do(Action.ANSWER, officer, receipt, "Ja.")
    do(Action.ANSWER_AND_CLOSE, officer, receipt, "Ja.")
    case = build.case(receipt)
    assert (case.status, len(case.messages)) == (Status.CLOSED, 2)


@pytest.mark.parametrize(
    "action", [Action.TAKE, Action.ASSIGN, Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.CLOSE]
)
def test_who_has_read_an_older_version_is_stopped_and_nothing_is_changed(
    inside: Flask, action: Action
) -> None:
    receipt = brought_to(Status.ANSWERED if action is Action.CLOSE else Status.RECEIVED)
    seen = build.case(receipt).version
    do(Action.NOTE, build.member("eva"), receipt, "Någon hann före")
    before = state(receipt)
    with pytest.raises(Conflict):
        do(action, build.member(), receipt, version=seen)
    assert state(receipt) == before


def test_who_takes_a_case_handles_it(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), build.member()
    do(Action.TAKE, officer, receipt)
    case = build.case(receipt)
    assert (case.status, case.officer_id) == (Status.IN_PROGRESS, officer.membership)
    assert case.contacted_at is None


def test_who_takes_over_a_case_handles_it_instead(inside: Flask) -> None:
    receipt, second = brought_to(Status.IN_PROGRESS), build.member("samir")
    do(Action.TAKE, second, receipt)
    assert build.case(receipt).officer_id == second.membership
    assert told(receipt)[-1] == "CaseTakenOver"


def test_who_is_given_a_case_has_not_begun_and_can_begin(inside: Flask) -> None:
    receipt, given = brought_to(Status.RECEIVED), build.member("samir")
    do(Action.ASSIGN, build.member(), receipt)
    case = build.case(receipt)
    assert (case.status, case.officer_id) == (Status.RECEIVED, given.membership)
    do(Action.TAKE, given, receipt)
    assert told(receipt)[-2:] == ["CaseAssigned", "CaseTaken"]


def test_a_note_is_between_ourselves(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), build.member()
    do(Action.NOTE, officer, receipt, "Bara för oss")
    case = build.case(receipt)
    assert [each.direction for each in queries.messages(officer, case)] == [Direction.IN, Direction.INTERNAL]
    assert [each.direction for each in queries.messages(build.sender(receipt), case)] == [Direction.IN]
    assert case.contacted_at is None


def test_an_answer_stops_both_clocks_and_the_first_one_counts(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt, officer = brought_to(Status.RECEIVED), build.member()
    time_machine.move_to(MONDAY + dt.timedelta(hours=3), tick=False)
    do(Action.ANSWER, officer, receipt, "Första")
    time_machine.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    do(Action.ANSWER, officer, receipt, "Andra")
    case = build.case(receipt)
    assert case.answered_at == case.contacted_at == MONDAY + dt.timedelta(hours=3)
    assert case.updated_at == MONDAY + dt.timedelta(days=1)
    assert (case.status, case.officer_id, case.closed_at) == (Status.ANSWERED, officer.membership, None)


def test_an_answer_from_a_colleague_leaves_the_case_with_its_handler(inside: Flask) -> None:
    receipt = brought_to(Status.IN_PROGRESS)
    do(Action.ANSWER, build.member("samir"), receipt)
    assert build.case(receipt).officer_id == build.member("eva").membership


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_closed_case_has_its_time_and_reason(
    inside: Flask, time_machine: TimeMachineFixture, in_one_step: bool
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt, officer = brought_to(Status.RECEIVED), build.member()
    if in_one_step:
        do(Action.ANSWER_AND_CLOSE, officer, receipt)
    else:
        do(Action.ANSWER, officer, receipt)
        do(Action.CLOSE, officer, receipt)
    case = build.case(receipt)
    assert (case.status, case.close_reason) == (Status.CLOSED, CloseReason.ANSWERED)
    assert case.closed_at == case.answered_at == MONDAY


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED])
def test_a_reply_after_the_answer_opens_the_case_with_a_new_clock_from_that_day(
    inside: Flask, time_machine: TimeMachineFixture, status: Status
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = brought_to(status)
    first_due = build.case(receipt).due_answer
    time_machine.move_to(MONDAY + dt.timedelta(days=7), tick=False)
    do(Action.REPLY, build.sender(receipt), receipt, "Det stämmer inte")
    case = build.case(receipt)
    assert case.status is Status.IN_PROGRESS
    assert (case.answered_at, case.contacted_at, case.closed_at, case.close_reason) == (None,) * 4
    assert (first_due, case.due_answer) == (dt.date(2026, 3, 16), dt.date(2026, 3, 23))
    assert case.clock_started_on == dt.date(2026, 3, 9)
    assert case.officer_id == build.member("eva").membership
    assert told(receipt)[-1] == "CaseReopened"


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS])
def test_a_reply_before_the_answer_moves_no_clock(
    inside: Flask, time_machine: TimeMachineFixture, status: Status
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = brought_to(status)
    time_machine.move_to(MONDAY + dt.timedelta(days=7), tick=False)
    do(Action.REPLY, build.sender(receipt), receipt, "En sak till")
    case = build.case(receipt)
    assert (case.status, case.due_answer) == (status, dt.date(2026, 3, 16))
    assert case.messages[-1].arrived_at == MONDAY + dt.timedelta(days=7)


def test_a_task_is_seen_to_once_by_one_person(inside: Flask) -> None:
    receipt, officer = brought_to(Status.RECEIVED), build.member()
    with db.transaction():
        outbox.add_task(receipt.case, TaskKind.UNDELIVERED)
        outbox.add_task(receipt.case, TaskKind.UNDELIVERED)
    (task,) = queries.tasks(officer, build.case(receipt))
    other = build.send_in()
    build.act(commands.finish_task, officer, other, task.id)
    assert len(queries.tasks(officer, build.case(receipt))) == 1
    build.act(commands.finish_task, officer, receipt, task.id)
    assert queries.tasks(officer, build.case(receipt)) == []


def test_a_case_is_adopted_by_whoever_shows_its_code_and_the_code_ends(inside: Flask) -> None:
    receipt, maria = build.send_in(), build.citizen()
    holder = build.sender(receipt)
    with db.transaction():
        case = queries.case_by_id(holder, receipt.case)
        assert case
        commands.adopt(maria, case)
    assert [case.id for case in queries.cases_of(maria)] == [receipt.case]
    assert build.case(receipt).code is None
    assert told(receipt)[-1] == "CaseAdopted"


def test_the_answer_clock_stands_still_while_we_wait_for_the_sender(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = build.send_in()
    due = build.case(receipt).due_answer
    do(Action.ASK, build.member(), receipt, "Vilken lekplats?")
    time_machine.move_to(MONDAY + dt.timedelta(days=7), tick=False)
    do(Action.REPLY, build.sender(receipt), receipt, "Den vid ån.")
    after = build.case(receipt)
    assert (due, after.due_answer) == (dt.date(2026, 3, 16), dt.date(2026, 3, 23))
    assert (after.paused_on, after.status) == (None, Status.IN_PROGRESS)
    assert after.pauses == [["2026-03-02", "2026-03-09"]]


def test_who_is_not_satisfied_comes_to_the_head_of_the_unit_and_never_to_the_one_who_answered(
    inside: Flask,
) -> None:
    head = build.member("samir", Role.HEAD_OF_UNIT)
    receipt = brought_to(Status.ANSWERED)
    do(Action.NOT_SATISFIED, build.sender(receipt), receipt, "Det hjälpte inte.")
    assert build.case(receipt).officer_id == head.membership
    do(Action.ANSWER, head, receipt, "Vi har tittat igen.")
    do(Action.NOT_SATISFIED, build.sender(receipt), receipt, "Fortfarande inte.")
    assert build.case(receipt).officer_id is None
