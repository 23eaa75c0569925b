"""The table walked with commands: every arrow, who may not go, the second click, and who comes too late."""

import pytest
from flask import Flask

from portal.cases.access import Capacity
from portal.cases.lifecycle import TABLE, Action, Arrow, NotAllowed, Status, allowed
from portal.cases.transitions import Conflict
from portal.identity.actors import Actor, Role, System
from tests import factories
from tests.actions import EXPECTED, LAST_SIGHT, NEEDS, allowed_in
from tests.cases import STAFF_COMMANDS, brought_to, do, parameters, state, told

# What `do()` can do with any case, whatever has happened to it before.
DONE_BY_THEMSELVES = {*EXPECTED} - {*NEEDS} | {Action.UNPROTECT, Action.UNRELATE}
OF_ONE_CASE = [
    action
    for action in EXPECTED
    if action in STAFF_COMMANDS and action not in NEEDS and not {"into", "other"} & {*parameters(action)}
]
READERS_ACTIONS = {action for action, row in EXPECTED.items() if row.readers} - {*NEEDS}
OF_HANDLERS = [action for action in OF_ONE_CASE if action not in READERS_ACTIONS]


@pytest.mark.parametrize(
    "row",
    [row for row in TABLE if row.source and row.action in DONE_BY_THEMSELVES],
    ids=lambda row: f"{row.action}-from-{row.source}",
)
def test_every_arrow_is_reached_by_its_command_and_told_by_its_event(inside: Flask, row: Arrow) -> None:
    assert row.source
    receipt = brought_to(row.source)
    actors: dict[Capacity, Actor] = {
        Capacity.SENDER: factories.sender(receipt),
        Capacity.HANDLER: factories.member(),
        Capacity.READER: factories.member("eva", Role.RECORDS_OFFICER, None),
        Capacity.SYSTEM: System(),
    }
    actor = actors[row.by]
    do(row.action, actor, receipt)
    assert factories.case(receipt).status is row.target
    assert told(receipt)[-1] == row.event.__name__


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS, Status.ANSWERED])
@pytest.mark.parametrize("action", [Action.ASSIGN, Action.NOTE, Action.CLOSE])
def test_a_sender_cannot_do_what_staff_do_and_nothing_is_changed(
    inside: Flask, status: Status, action: Action
) -> None:
    receipt = brought_to(status)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(action, factories.sender(receipt), receipt)
    # The reader has not changed, and this sender gets no messages.
    assert refusal.value.allowed == allowed(status, Capacity.SENDER) - {
        Action.CONTEST_READER,
        Action.DECLINE_MESSAGES,
    }
    assert state(receipt) == before


def test_staff_cannot_reply_in_the_senders_place(inside: Flask) -> None:
    receipt = brought_to(Status.ANSWERED)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(Action.REPLY, factories.member(), receipt)
    assert Action.ANSWER in refusal.value.allowed
    assert state(receipt) == before


@pytest.mark.parametrize(
    "action", [*(action for action in OF_ONE_CASE if action not in READERS_ACTIONS), Action.REPLY]
)
def test_a_reader_changes_nothing(inside: Flask, action: Action) -> None:
    receipt = brought_to(Status.ANSWERED)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(action, factories.member(role=Role.RECORDS_OFFICER, unit=None), receipt)
    of_readers = READERS_ACTIONS & allowed_in(Status.ANSWERED, Capacity.READER)
    assert refusal.value.allowed == of_readers | {Action.LIFT_MESSAGE}
    assert state(receipt) == before


@pytest.mark.parametrize("action", [Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.TAKE, Action.ASSIGN])
def test_what_a_closed_case_does_not_allow_leaves_no_trace(inside: Flask, action: Action) -> None:
    receipt = brought_to(Status.CLOSED)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(action, factories.member(), receipt)
    assert refusal.value.allowed == allowed_in(Status.CLOSED, Capacity.HANDLER) - {
        Action.UNMERGE,
        Action.UNPROTECT,
        Action.RESTORE_READER,
        Action.REQUEST_LIFT,
        Action.LIFT_SECRECY,
        Action.LIFT_MESSAGE,
        Action.HIDE_SENDER,
        Action.SHOW_SENDER,
        Action.LIFT_BAR,
    }
    assert state(receipt) == before


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS])
def test_a_case_without_an_answer_cannot_be_closed(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    with pytest.raises(NotAllowed):
        do(Action.CLOSE, factories.member(), receipt)
    assert factories.case(receipt).closed_at is None


@pytest.mark.parametrize("action", [action for action in OF_ONE_CASE if action not in LAST_SIGHT])
def test_a_second_click_of_staff_changes_nothing(inside: Flask, action: Action) -> None:
    receipt, officer = brought_to(EXPECTED[action].sources[0] or Status.RECEIVED), factories.member()
    more = {"version": factories.case(receipt).version} if "version" in parameters(action) else {}
    do(action, officer, receipt, **more)
    before, letters = state(receipt), len(factories.letters())
    do(action, officer, receipt, **more)
    assert state(receipt) == before
    assert len(factories.letters()) == letters


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED])
def test_a_second_click_of_the_sender_changes_nothing(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    do(Action.REPLY, factories.sender(receipt), receipt)
    before = state(receipt)
    do(Action.REPLY, factories.sender(receipt), receipt)
    assert state(receipt) == before


@pytest.mark.parametrize("action", [action for action in OF_ONE_CASE if "version" in parameters(action)])
def test_who_has_read_an_older_version_is_stopped_and_nothing_is_changed(
    inside: Flask, action: Action
) -> None:
    receipt = brought_to(EXPECTED[action].sources[0] or Status.RECEIVED)
    seen = factories.case(receipt).version
    do(Action.NOTE, factories.member("eva"), receipt, "Någon hann före")
    before = state(receipt)
    with pytest.raises(Conflict):
        do(action, factories.member(), receipt, version=seen)
    assert state(receipt) == before


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.ANSWERED, Status.CLOSED])
def test_nobody_stops_waiting_where_nobody_waits(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    with pytest.raises(NotAllowed):
        do(Action.RESUME, factories.member(), receipt)
    assert factories.case(receipt).status is status


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED])
def test_its_own_handler_cannot_take_what_is_answered(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    with pytest.raises(NotAllowed):
        do(Action.TAKE, factories.member("eva"), receipt)
