"""The transition table, walked: what each hat may do from each status, and nothing else."""

from itertools import product

import pytest

from portal.cases.access import Capacity
from portal.cases.lifecycle import TABLE, Action, Arrow, NotAllowed, Status, allowed, arrow

ALWAYS = {
    *(Action.NOTE, Action.RELATE, Action.UNRELATE, Action.MEASURE, Action.PROPOSE),
    *(Action.DECIDE, Action.CARRY_OUT, Action.REJECT, Action.PROTECT, Action.UNPROTECT),
}
UNSHUT = ALWAYS | {
    *(
        Action.ASSIGN,
        Action.ANSWER,
        Action.ANSWER_AND_CLOSE,
        Action.MESSAGE_SENDER,
        Action.RECORD_CALL,
        Action.HAND_OVER,
    ),
    *(
        Action.NAME_CONTACT,
        Action.TRANSFER,
        Action.REDIRECT,
        Action.MERGE,
        Action.SPLIT,
        Action.ANSWER_ORALLY,
    ),
}
WORKING = UNSHUT | {Action.TAKE, Action.FLAG_RECORD}
WRITING = {Action.REPLY, Action.ADOPT}
# Written out by hand, so that a row which slips into the table or out of it is seen here.
ALLOWED: dict[tuple[Status | None, Capacity], set[Action]] = {
    (None, Capacity.SENDER): {Action.SUBMIT},
    (Status.RECEIVED, Capacity.HANDLER): WORKING | {Action.REQUEST_SUPPLEMENT, Action.EXTEND},
    (Status.IN_PROGRESS, Capacity.HANDLER): WORKING | {Action.REQUEST_SUPPLEMENT, Action.EXTEND},
    (Status.AWAITING_CITIZEN, Capacity.HANDLER): WORKING | {Action.RESUME},
    (Status.ANSWERED, Capacity.HANDLER): UNSHUT | {Action.CLOSE, Action.REOPEN},
    (Status.CLOSED, Capacity.HANDLER): ALWAYS | {Action.REOPEN, Action.UNMERGE},
    (Status.RECEIVED, Capacity.SYSTEM): {Action.RECOUNT},
    (Status.IN_PROGRESS, Capacity.SYSTEM): {Action.RECOUNT},
    (Status.AWAITING_CITIZEN, Capacity.SYSTEM): {Action.RECOUNT},
    (Status.RECEIVED, Capacity.SENDER): WRITING | {Action.WITHDRAW},
    (Status.IN_PROGRESS, Capacity.SENDER): WRITING | {Action.WITHDRAW},
    (Status.AWAITING_CITIZEN, Capacity.SENDER): WRITING | {Action.WITHDRAW},
    (Status.ANSWERED, Capacity.SENDER): WRITING | {Action.NOT_SATISFIED},
    (Status.CLOSED, Capacity.SENDER): WRITING | {Action.NOT_SATISFIED},
}
TARGET = {
    Action.SUBMIT: Status.RECEIVED,
    Action.TAKE: Status.IN_PROGRESS,
    Action.ANSWER: Status.ANSWERED,
    Action.ANSWER_AND_CLOSE: Status.CLOSED,
    Action.ANSWER_ORALLY: Status.ANSWERED,
    Action.CLOSE: Status.CLOSED,
    Action.REQUEST_SUPPLEMENT: Status.AWAITING_CITIZEN,
    Action.RESUME: Status.IN_PROGRESS,
    Action.TRANSFER: Status.CLOSED,
    Action.REDIRECT: Status.CLOSED,
    Action.MERGE: Status.CLOSED,
    Action.UNMERGE: Status.IN_PROGRESS,
    Action.REOPEN: Status.IN_PROGRESS,
    Action.WITHDRAW: Status.CLOSED,
    Action.NOT_SATISFIED: Status.IN_PROGRESS,
}
PLACES = list(product([None, *Status], Capacity))


@pytest.mark.parametrize(("source", "hat"), PLACES)
def test_a_hat_may_do_what_the_table_says_and_nothing_else(source: Status | None, hat: Capacity) -> None:
    assert allowed(source, hat) == ALLOWED.get((source, hat), set())


@pytest.mark.parametrize(("source", "hat"), PLACES)
def test_every_other_step_is_refused_and_the_refusal_names_what_is_allowed(
    source: Status | None, hat: Capacity
) -> None:
    may = ALLOWED.get((source, hat), set())
    for action in set(Action) - may:
        with pytest.raises(NotAllowed, match=action.value) as refusal:
            arrow(action, source, hat)
        assert refusal.value.allowed == may
        assert (refusal.value.action, refusal.value.source) == (action, source)


def test_every_allowed_step_has_exactly_one_arrow() -> None:
    keys = [((row.source, row.by), row.action) for row in TABLE]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(place, action) for place, actions in ALLOWED.items() for action in actions}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.action}-from-{row.source}")
def test_an_arrow_is_found_by_its_action_status_and_hat(row: Arrow) -> None:
    assert arrow(row.action, row.source, row.by) is row


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.action}-from-{row.source}")
def test_an_arrow_leads_where_its_action_promises(row: Arrow) -> None:
    assert row.target is _target(row.action, row.source)


def _target(action: Action, source: Status | None) -> Status | None:
    """Notes and assignments move nothing; a reply opens what was answered, or gives what was asked for."""
    if action is Action.REPLY:
        waits = (Status.ANSWERED, Status.CLOSED, Status.AWAITING_CITIZEN)
        return Status.IN_PROGRESS if source in waits else source
    if source is Status.AWAITING_CITIZEN and action is Action.TAKE:
        return source
    return TARGET.get(action, source)


def test_every_status_can_be_reached() -> None:
    reached: set[Status | None] = {None}
    for _step in Status:
        reached |= {row.target for row in TABLE if row.source in reached}
    assert reached - {None} == set(Status)


def test_only_senders_and_handlers_move_a_case() -> None:
    assert {row.by for row in TABLE if row.action is not Action.RECOUNT} == {
        Capacity.SENDER,
        Capacity.HANDLER,
    }


def test_from_every_status_a_sender_can_be_heard() -> None:
    reachable = {row.target for row in TABLE}
    assert all(Action.REPLY in allowed(status, Capacity.SENDER) for status in reachable)
