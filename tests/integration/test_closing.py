"""Closing without an answer: moved, outside the process, withdrawn; what the sender is told."""

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal.cases.actions import closing
from portal.cases.actions import sender as sender_actions
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, CloseReason, NotAllowed, Status
from portal.identity.actors import Staff
from tests import factories
from tests.cases import MONDAY, brought_to, do, state

MOVED = ("Lifecare", "LC-4711")
OUTSIDE = ("Det är ett överklagande.", "Skriv till nämnden inom tre veckor.")
WORD = "Vi arbetar redan med lekplatsen. Du får svar där."
UNSHUT = [Status.RECEIVED, Status.IN_PROGRESS, Status.AWAITING_CITIZEN, Status.ANSWERED]


@pytest.fixture
def officer(inside: Flask) -> Staff:
    """Anna, who handles the cases of the park unit."""
    return factories.member()


def closed(receipt: Receipt) -> tuple[CloseReason | None, dict[str, str] | None]:
    case = factories.case(receipt)
    assert case.status is Status.CLOSED
    assert case.closed_at
    return case.close_reason, case.close_details


@pytest.mark.parametrize("status", UNSHUT)
def test_a_case_that_moves_keeps_which_system_and_its_number_there(officer: Staff, status: Status) -> None:
    receipt = brought_to(status)
    factories.act(closing.close_as_transferred, officer, receipt, *MOVED)
    assert closed(receipt) == (CloseReason.TRANSFERRED, {"system": MOVED[0], "number": MOVED[1]})


@pytest.mark.parametrize("status", UNSHUT)
def test_a_case_outside_the_process_keeps_why_and_the_right_way(officer: Staff, status: Status) -> None:
    receipt = brought_to(status)
    factories.act(closing.redirect, officer, receipt, *OUTSIDE)
    assert closed(receipt) == (CloseReason.OUTSIDE, {"reason": OUTSIDE[0], "way": OUTSIDE[1]})


@pytest.mark.parametrize(
    ("command", "given", "reason"),
    [
        (closing.close_as_transferred, MOVED, "Flyttat till ett annat system"),
        (closing.redirect, OUTSIDE, "Hanteras på ett annat sätt"),
    ],
)
def test_the_message_says_why_and_where_the_way_on_stands(
    officer: Staff, command: object, given: tuple[str, str], reason: str
) -> None:
    receipt = factories.send_in(email="maria@exempel.se")
    assert callable(command)
    factories.act(command, officer, receipt, *given)
    letter = factories.letters()[-1]
    assert letter.name == "closed"
    for body in (letter.text or "", letter.html or ""):
        assert f"Skäl: {reason}" in body
        assert "Hur du går vidare står i ärendet." in body


def test_no_way_on_is_promised_to_whom_none_is_shown(officer: Staff) -> None:
    receipt = factories.send_in(email="maria@exempel.se")
    factories.act(sender_actions.withdraw, factories.sender(receipt), receipt)
    assert "Hur du går vidare" not in (factories.letters()[-1].text or "")


@pytest.mark.parametrize(
    ("command", "given"), [(closing.close_as_transferred, MOVED), (closing.redirect, OUTSIDE)]
)
def test_being_told_where_to_go_is_a_contact_and_no_answer(
    officer: Staff, time_machine: TimeMachineFixture, command: object, given: tuple[str, str]
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = factories.send_in()
    assert callable(command)
    factories.act(command, officer, receipt, *given)
    case = factories.case(receipt)
    assert (case.contacted_at, case.answered_at) == (MONDAY, None)


@pytest.mark.parametrize(
    ("command", "given"), [(closing.close_as_transferred, MOVED), (closing.redirect, OUTSIDE)]
)
def test_a_second_click_closes_and_tells_once(
    officer: Staff, command: object, given: tuple[str, str]
) -> None:
    receipt = factories.send_in(email="maria@exempel.se")
    version = factories.case(receipt).version
    assert callable(command)
    factories.act(command, officer, receipt, *given, version=version)
    before, sent = state(receipt), len(factories.letters())
    factories.act(command, officer, receipt, *given, version=version)
    assert (state(receipt), len(factories.letters())) == (before, sent)


@pytest.mark.parametrize(
    ("command", "given"), [(closing.close_as_transferred, MOVED), (closing.redirect, OUTSIDE)]
)
def test_what_is_closed_for_another_reason_is_not_said_to_be_closed_for_this_one(
    officer: Staff, command: object, given: tuple[str, str]
) -> None:
    receipt = factories.send_in()
    factories.act(sender_actions.withdraw, factories.sender(receipt), receipt)
    before = state(receipt)
    assert callable(command)
    with pytest.raises(NotAllowed):
        factories.act(command, officer, receipt, *given)
    assert state(receipt) == before


def test_a_case_that_moved_to_one_system_is_not_silently_said_to_be_in_another(officer: Staff) -> None:
    receipt = factories.send_in()
    factories.act(closing.close_as_transferred, officer, receipt, *MOVED)
    with pytest.raises(NotAllowed):
        factories.act(closing.close_as_transferred, officer, receipt, "Treserva", "1")
    assert factories.case(receipt).close_details == {"system": MOVED[0], "number": MOVED[1]}


@pytest.mark.parametrize("action", [Action.REOPEN, Action.REPLY])
def test_a_case_that_opens_again_forgets_why_it_was_closed(officer: Staff, action: Action) -> None:
    receipt = factories.send_in()
    factories.act(closing.close_as_transferred, officer, receipt, *MOVED)
    do(action, factories.sender(receipt) if action is Action.REPLY else officer, receipt)
    case = factories.case(receipt)
    assert (case.status, case.close_reason, case.close_details) == (Status.IN_PROGRESS, None, None)


def test_who_withdraws_what_was_answered_meanwhile_is_told_so(officer: Staff) -> None:
    receipt = factories.send_in()
    do(Action.ANSWER_AND_CLOSE, officer, receipt)
    before = state(receipt)
    with pytest.raises(NotAllowed):
        do(Action.WITHDRAW, factories.sender(receipt), receipt)
    assert state(receipt) == before


def test_a_second_click_of_who_withdraws_changes_nothing(officer: Staff) -> None:
    receipt = factories.send_in()
    do(Action.WITHDRAW, factories.sender(receipt), receipt)
    before = state(receipt)
    do(Action.WITHDRAW, factories.sender(receipt), receipt)
    assert state(receipt) == before
