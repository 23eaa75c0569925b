"""The day of the next step: no open case is without a day that presses, whatever is promised."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import undefer

from portal import db
from portal.cases.actions import extensions, handling, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.actions.handling import NextStep
from portal.cases.clocks import pressing_day
from portal.cases.deadlines import DateProblem, WrongDate
from portal.cases.enums import ReplyBy
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import OPEN, Action, NotAllowed, Status
from portal.cases.models import Case
from portal.identity.actors import Staff
from tests import factories
from tests.actions import EXPECTED, NEEDS
from tests.cases import MONDAY, STAFF_COMMANDS, brought_to, do, later, told
from tests.installation import BURLOV, Installation

TODAY = MONDAY.date()
# The proposed day, five open days after Monday, and one that an officer chose.
USUAL, CHOSEN = dt.date(2026, 3, 9), dt.date(2026, 3, 17)
PROMISES = {
    "burlov": "answer_working_days = 10",
    "botkyrka": "contact_working_days = 2",
    "nacka": "",
}


@pytest.fixture(params=PROMISES)
def profile(request: pytest.FixtureRequest, own: Installation) -> Iterator[str]:
    """Each kind of promise that a municipality has, on a Monday morning."""
    yield from _with_promise(own, request.param)


@pytest.fixture
def botkyrka(own: Installation) -> Iterator[str]:
    yield from _with_promise(own, "botkyrka")


@pytest.fixture
def nacka(own: Installation) -> Iterator[str]:
    yield from _with_promise(own, "nacka")


def _with_promise(own: Installation, name: str) -> Iterator[str]:
    own.becomes(BURLOV.replace(PROMISES["burlov"], PROMISES[name]))
    with time_machine.travel(MONDAY, tick=False):
        yield name


@pytest.fixture
def officer(inside: Flask, time_machine: time_machine.TimeMachineFixture) -> Staff:
    """Anna, in a municipality that promises an answer."""
    time_machine.move_to(MONDAY, tick=False)
    return factories.member()


def press(receipt: Receipt) -> dt.date | None:
    return pressing_day(factories.case(receipt))


def all_pressed() -> list[int]:
    """The open cases without a day and the others with one, as the rule and the database see it."""
    db.close_read_session()
    query = sa.select(Case).options(undefer(Case.keep_by))
    wrong = []
    for case in db.session().scalars(query):
        day = pressing_day(case)
        if (day is not None) != (case.status in OPEN) or day != case.keep_by:
            wrong.append(case.id)
    return wrong


# Where nothing is promised a day is missed most easily.
FIRST = [pytest.param(name, marks=[pytest.mark.full] * (name != "nacka")) for name in PROMISES]


@pytest.mark.parametrize("profile", FIRST, indirect=True)
def test_no_action_leaves_an_open_case_without_a_day_that_presses(profile: str) -> None:
    officer = factories.member()
    for action, expected in EXPECTED.items():
        if action not in STAFF_COMMANDS or action in NEEDS:
            continue
        if action is Action.EXTEND and profile != "burlov":
            continue
        moves = expected.target or expected.otherwise
        for status in expected.sources if moves else expected.sources[:1]:
            do(action, officer, brought_to(status or Status.RECEIVED))
    assert all_pressed() == []


def test_nothing_that_a_sender_does_leaves_an_open_case_without_a_day_that_presses(profile: str) -> None:
    for action in (Action.REPLY, Action.WITHDRAW, Action.NOT_SATISFIED):
        for status in EXPECTED[action].sources:
            receipt = brought_to(status or Status.RECEIVED)
            do(action, factories.sender(receipt), receipt)
    assert all_pressed() == []


def test_a_part_a_record_request_and_a_merge_that_is_undone_have_a_day_too(profile: str) -> None:
    officer = factories.member()
    for status in OPEN:
        receipt = brought_to(status)
        factories.act(relations.split, officer, receipt, "Den andra frågan")
        factories.act(routing.flag_record, officer, receipt, True)
        assert all_pressed() == []
        factories.act(routing.flag_record, officer, receipt, False)
    do(Action.MERGE, officer, receipt)
    factories.act(STAFF_COMMANDS[Action.UNMERGE], officer, receipt)
    assert all_pressed() == []


def test_a_case_that_is_promised_nothing_gets_its_first_day_when_it_comes_in(nacka: str) -> None:
    receipt = factories.send_in()
    assert press(receipt) == USUAL
    do(Action.TAKE, factories.member(), receipt)
    assert press(receipt) == USUAL


def test_the_profile_says_how_many_days_there_are_to_the_next_step(own: Installation) -> None:
    own.becomes(BURLOV.replace(PROMISES["burlov"], "next_step_working_days = 2"))
    with time_machine.travel(MONDAY, tick=False):
        assert press(factories.send_in()) == dt.date(2026, 3, 4)


def test_the_contact_presses_until_it_is_made_and_then_the_next_step_does(botkyrka: str) -> None:
    receipt, officer = factories.send_in(), factories.member()
    assert (press(receipt), factories.case(receipt).next_step_on) == (dt.date(2026, 3, 4), None)
    factories.act(handling.record_call, officer, receipt, "Hej.", NextStep(CHOSEN))
    assert (press(receipt), factories.case(receipt).next_step_shared) == (CHOSEN, False)


def test_a_day_that_has_passed_presses_until_something_new_is_set(nacka: str) -> None:
    receipt, officer = factories.send_in(), factories.member()
    with time_machine.travel(MONDAY + dt.timedelta(days=30), tick=False):
        factories.act(handling.note, officer, receipt, "Ingen har tittat.")
        assert press(receipt) == USUAL
        factories.act(extensions.set_next_step, officer, receipt, dt.date(2026, 4, 8))
        assert press(receipt) == dt.date(2026, 4, 8)


def test_a_question_presses_with_its_last_day_or_with_the_next_step(officer: Staff) -> None:
    with_day = factories.send_in(email="maja@exempel.se")
    without = factories.send_in(email="maja@exempel.se", subject="Den andra")
    factories.act(handling.request_supplement, officer, with_day, "Vilken gunga?", until=dt.date(2026, 3, 13))
    factories.act(handling.request_supplement, officer, without, "Vilken gunga?")
    assert [press(with_day), press(without)] == [dt.date(2026, 3, 13), USUAL]
    for receipt in (with_day, without):
        factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Den röda.")
        assert (press(receipt), factories.case(receipt).next_step_on) == (dt.date(2026, 3, 16), None)


def test_an_answer_clears_the_day_and_a_reply_gives_a_new_one(nacka: str) -> None:
    receipt, officer = factories.send_in(), factories.member()
    factories.act(extensions.set_next_step, officer, receipt, CHOSEN, share=True)
    do(Action.ANSWER, officer, receipt)
    case = factories.case(receipt)
    assert (pressing_day(case), case.next_step_on, case.next_step_shared) == (None, None, False)
    do(Action.REPLY, factories.sender(receipt), receipt)
    assert (press(receipt), factories.case(receipt).next_step_shared) == (USUAL, False)


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (TODAY, DateProblem.PAST),
        (dt.date(2026, 2, 27), DateProblem.PAST),
        (dt.date(2026, 3, 14), DateProblem.CLOSED),
        (dt.date(2026, 4, 3), DateProblem.CLOSED),
        (dt.date(2027, 3, 4), DateProblem.TOO_FAR),
    ],
)
def test_a_day_that_cannot_be_a_next_step_is_named_and_changes_nothing(
    nacka: str, day: dt.date, problem: DateProblem
) -> None:
    receipt, officer = factories.send_in(), factories.member()
    chosen = NextStep(day)
    for command, given in (
        (extensions.set_next_step, {"next_step": day}),
        (handling.message_sender, {"body": "Hej.", "next_step": chosen}),
        (handling.record_call, {"body": "Hej.", "next_step": chosen}),
        (handling.request_supplement, {"body": "Hej?", "next_step": chosen}),
    ):
        with pytest.raises(WrongDate) as refusal:
            factories.act(command, officer, receipt, **given)
        assert refusal.value.problem is problem
    assert (press(receipt), told(receipt)) == (USUAL, ["CaseReceived"])


def test_no_inner_day_is_set_where_a_promise_presses(officer: Staff) -> None:
    receipt = factories.send_in()
    with pytest.raises(NotAllowed):
        factories.act(extensions.set_next_step, officer, receipt, CHOSEN)


def test_only_a_sender_who_is_to_know_is_told_and_then_of_each_move(nacka: str) -> None:
    receipt = factories.send_in(email="maja@exempel.se", name="Maja Ek", reply_by=ReplyBy.EMAIL)
    officer = factories.member()
    factories.act(extensions.set_next_step, officer, receipt, CHOSEN)
    assert [each.name for each in factories.letters()] == ["received"]
    factories.act(extensions.set_next_step, officer, receipt, later(), share=True)
    factories.act(extensions.set_next_step, officer, receipt, CHOSEN)
    factories.act(extensions.set_next_step, officer, receipt, CHOSEN)
    assert [each.name for each in factories.letters()] == ["received", "next_step", "next_step"]
    assert "Vi hör av oss igen om ditt klagomål senast tisdag 17 mars." in str(factories.letters()[-1].text)
    assert told(receipt)[1:] == ["NextStepSet", "NextStepShared", "NextStepShared"]


@pytest.mark.parametrize("share", [True, False])
def test_the_day_is_told_in_the_message_that_contacts_the_sender(nacka: str, share: bool) -> None:
    officer = factories.member()
    for command in (handling.message_sender, handling.request_supplement):
        receipt = factories.send_in(email="maja@exempel.se", name="Maja Ek", reply_by=ReplyBy.EMAIL)
        factories.act(command, officer, receipt, "Vi har börjat.", next_step=NextStep(CHOSEN, share))
        text = str(factories.letters()[-1].text)
        assert ("Vi hör av oss igen senast tisdag 17 mars." in text) is share


def test_a_second_click_sets_the_day_once(nacka: str) -> None:
    receipt, officer = factories.send_in(), factories.member()
    factories.act(extensions.set_next_step, officer, receipt, CHOSEN)
    before = factories.case(receipt).version
    factories.act(extensions.set_next_step, officer, receipt, CHOSEN)
    assert factories.case(receipt).version == before
