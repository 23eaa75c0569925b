"""What a sender makes of an answer: thanks open nothing, a reply may need none, who takes over is named."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from portal import db
from portal.cases.actions import closing, handling, sender
from portal.cases.answers.reactions import has_thanked
from portal.cases.enums import Kind, Purpose
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, CloseReason, NotAllowed, Status
from portal.cases.models import Message, PastClock
from portal.identity.actors import Role, System
from tests import factories
from tests.cases import MONDAY, brought_to, do, state, told
from tests.promises import answer_promises

EMAIL = "maria@exempel.se"


def thank(receipt: Receipt, body: str = "Tack så mycket!") -> None:
    factories.act(sender.thank, factories.sender(receipt), receipt, body)


def thanks_counted() -> int:
    db.close_read_session()
    counted = select(func.count()).where(Message.purpose == Purpose.THANKS)
    return db.session().scalar(counted) or 0


def rounds(receipt: Receipt) -> int:
    db.close_read_session()
    query = select(func.count()).where(PastClock.case_id == receipt.case)
    return db.session().scalar(query) or 0


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED])
def test_thanks_close_an_answered_case_and_open_nothing(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    promised = factories.case(receipt).due_answer
    thank(receipt)
    case = factories.case(receipt)
    assert (case.status, case.close_reason) == (Status.CLOSED, CloseReason.ANSWERED)
    assert (case.due_answer, case.reopened, rounds(receipt)) == (promised, False, 0)
    assert (told(receipt)[-1], thanks_counted()) == ("SenderThanked", 1)


def test_thanks_are_no_round_of_their_own_in_the_figures(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = brought_to(Status.ANSWERED)
    before = answer_promises(System(), MONDAY.date())
    time_machine.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    thank(receipt)
    assert answer_promises(System(), MONDAY.date()) == before
    assert [(promise.answered, promise.first) for promise in before] == [(MONDAY.date(), True)]


def test_thanks_are_counted_once_for_an_answer(inside: Flask) -> None:
    receipt = brought_to(Status.ANSWERED)
    thank(receipt)
    before = state(receipt)
    thank(receipt)
    with pytest.raises(sender.AlreadyThanked):
        thank(receipt, "Tack igen!")
    assert (state(receipt), thanks_counted()) == (before, 1)


def test_the_next_answer_may_be_thanked_for_too(inside: Flask) -> None:
    receipt = brought_to(Status.ANSWERED)
    thank(receipt)
    do(Action.REPLY, factories.sender(receipt), receipt, "En sak till.")
    do(Action.ANSWER, factories.member("eva"), receipt, "Det andra svaret")
    thank(receipt, "Tack igen!")
    assert thanks_counted() == 2


def test_nobody_thanks_for_what_is_not_answered_or_was_taken_back(inside: Flask) -> None:
    receipt = brought_to(Status.IN_PROGRESS)
    with pytest.raises(NotAllowed):
        thank(receipt)
    do(Action.WITHDRAW, factories.sender(receipt), receipt)
    with pytest.raises(NotAllowed):
        thank(receipt)


def test_thanks_send_the_sender_no_letter(inside: Flask) -> None:
    receipt = factories.send_in(email=EMAIL)
    do(Action.ANSWER, factories.member("eva"), receipt)
    before = len(factories.letters())
    thank(receipt)
    assert len(factories.letters()) == before


@pytest.mark.parametrize(
    ("purposes", "thanked"),
    [
        ([None, Purpose.ANSWER], False),
        ([None, Purpose.ANSWER, Purpose.THANKS], True),
        ([None, Purpose.ORAL_ANSWER, Purpose.THANKS, None, Purpose.CONTACT], True),
        ([None, Purpose.ANSWER, Purpose.THANKS, None, Purpose.ORAL_ANSWER], False),
        ([], False),
    ],
)
def test_thanks_are_for_the_latest_answer(purposes: list[Purpose | None], thanked: bool) -> None:
    assert has_thanked(purposes) is thanked


def test_a_reply_that_needs_no_answer_is_closed_and_its_sender_knows(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = factories.send_in(email=EMAIL)
    eva = factories.member("eva")
    do(Action.ANSWER_AND_CLOSE, eva, receipt, "Det första svaret")
    do(Action.REPLY, factories.sender(receipt), receipt, "Okej, då vet jag.")
    time_machine.move_to(MONDAY + dt.timedelta(days=60), tick=False)
    do(Action.NO_ANSWER_NEEDED, eva, receipt)
    case = factories.case(receipt)
    assert (case.status, case.close_reason, rounds(receipt)) == (Status.CLOSED, CloseReason.NO_ANSWER, 1)
    assert "Det behövs inget nytt svar." in factories.letters()[-1].text
    [promise] = answer_promises(System(), MONDAY.date())
    assert (promise.answered, promise.first) == (MONDAY.date(), True)
    before = state(receipt)
    do(Action.NO_ANSWER_NEEDED, eva, receipt)
    assert state(receipt) == before


def test_an_answer_is_needed_where_none_was_given_or_it_did_not_help(inside: Flask) -> None:
    eva = factories.member("eva")
    new, unhappy, opened = (brought_to(status) for status in (Status.RECEIVED, Status.CLOSED, Status.CLOSED))
    do(Action.NOT_SATISFIED, factories.sender(unhappy), unhappy)
    do(Action.REOPEN, eva, opened)
    do(Action.REPLY, factories.sender(new), new, "Hallå?")
    for receipt in (new, unhappy, opened):
        with pytest.raises(NotAllowed):
            factories.act(closing.no_answer_needed, factories.member("samir"), receipt)


def test_praise_may_want_no_answer_and_is_closed_at_once(inside: Flask) -> None:
    receipt = factories.send_in(email=EMAIL, kind=Kind.PRAISE, answer_wanted=False)
    case = factories.case(receipt)
    assert (case.due_answer, case.due_contact, case.answer_wanted) == (None, None, False)
    do(Action.NO_ANSWER_NEEDED, factories.member("eva"), receipt)
    assert factories.case(receipt).close_reason is CloseReason.NO_ANSWER
    assert "Tack. Vi har läst ditt beröm." in factories.letters()[-1].text


def test_who_writes_again_after_praise_is_promised_an_answer(inside: Flask) -> None:
    receipt = factories.send_in(kind=Kind.PRAISE, answer_wanted=False)
    do(Action.NO_ANSWER_NEEDED, factories.member("eva"), receipt)
    do(Action.REPLY, factories.sender(receipt), receipt, "Får jag fråga en sak?")
    case = factories.case(receipt)
    assert (case.answer_wanted, case.due_answer is not None) == (True, True)


def test_the_head_who_takes_over_is_named_in_the_letter(inside: Flask) -> None:
    head = factories.member("samir", Role.HEAD_OF_UNIT)
    receipt = factories.send_in(email=EMAIL)
    factories.act(handling.answer, factories.member("eva"), receipt, "Svaret")
    do(Action.NOT_SATISFIED, factories.sender(receipt), receipt, "Nej.")
    assert "Enhetschefen Samir tar nu över ärendet." in factories.letters()[-1].text
    assert factories.entries(receipt)[-1].details["officer"] == head.membership


def test_the_letter_is_honest_where_there_is_no_head(inside: Flask) -> None:
    receipt = factories.send_in(email=EMAIL)
    factories.act(handling.answer, factories.member("eva"), receipt, "Svaret")
    do(Action.NOT_SATISFIED, factories.sender(receipt), receipt, "Nej.")
    assert "Någon annan än den som svarade tar nu över ärendet." in factories.letters()[-1].text
