"""A later day: only forward, on an open day, in time and with a reason; and the reason for summer."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal.cases.actions import extensions, handling
from portal.cases.deadlines import DateProblem, WrongDate
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.identity.actors import Staff
from tests import factories
from tests.cases import MONDAY, brought_to, do, state, told

DUE = dt.date(2026, 3, 16)
LATER = dt.date(2026, 3, 31)
WHY = "Vi väntar på en besiktning."
SUMMER = "Den som kan frågan har semester."


@pytest.fixture
def officer(inside: Flask, time_machine: TimeMachineFixture) -> Staff:
    """Anna of the park unit, on a Monday morning."""
    time_machine.move_to(MONDAY, tick=False)
    return factories.member()


def extend(officer: Staff, receipt: Receipt, until: dt.date = LATER, why: str = WHY, **more: object) -> None:
    factories.act(extensions.extend, officer, receipt, until, why, **more)


def test_a_later_day_is_promised_with_its_reason(officer: Staff) -> None:
    receipt = factories.send_in()
    extend(officer, receipt)
    case = factories.case(receipt)
    assert (case.due_answer, case.extension_reason, case.extended_on) == (LATER, WHY, MONDAY.date())
    assert not case.extended_for_summer
    assert told(receipt)[-1] == "DeadlineExtended"


@pytest.mark.parametrize(
    ("until", "problem"),
    [
        (dt.date(2026, 3, 1), DateProblem.PAST),
        (MONDAY.date(), DateProblem.PAST),
        (dt.date(2026, 3, 13), DateProblem.NOT_LATER),
        (DUE, DateProblem.NOT_LATER),
        (dt.date(2026, 3, 21), DateProblem.CLOSED),
        (dt.date(2026, 4, 3), DateProblem.CLOSED),
        (dt.date(2027, 3, 4), DateProblem.TOO_FAR),
    ],
)
def test_a_day_that_cannot_be_promised_is_named_and_changes_nothing(
    officer: Staff, until: dt.date, problem: DateProblem
) -> None:
    receipt = factories.send_in()
    before = state(receipt)
    with pytest.raises(WrongDate) as refusal:
        extend(officer, receipt, until)
    assert refusal.value.problem is problem
    assert (state(receipt), factories.case(receipt).due_answer) == (before, DUE)


@pytest.mark.parametrize("until", [dt.date(2026, 3, 17), dt.date(2027, 3, 3)])
def test_the_next_day_and_a_year_from_now_can_be_promised(officer: Staff, until: dt.date) -> None:
    receipt = factories.send_in()
    extend(officer, receipt, until)
    assert factories.case(receipt).due_answer == until


@pytest.mark.parametrize(("day", "late"), [(DUE, False), (dt.date(2026, 3, 17), True)])
def test_a_promise_is_extended_before_it_has_passed_and_never_after(
    officer: Staff, time_machine: TimeMachineFixture, day: dt.date, late: bool
) -> None:
    receipt = factories.send_in()
    time_machine.move_to(dt.datetime.combine(day, dt.time(16), MONDAY.tzinfo), tick=False)
    if not late:
        extend(officer, receipt)
        assert factories.case(receipt).due_answer == LATER
        return
    with pytest.raises(WrongDate) as refusal:
        extend(officer, receipt)
    assert refusal.value.problem is DateProblem.LATE


def test_a_second_click_promises_and_tells_once(officer: Staff) -> None:
    receipt = factories.send_in(email="maria@exempel.se")
    extend(officer, receipt, version=1)
    before, sent = state(receipt), len(factories.letters())
    extend(officer, receipt, version=1)
    assert (state(receipt), len(factories.letters())) == (before, sent)


def test_a_day_can_be_moved_on_again_but_not_back(officer: Staff) -> None:
    receipt = factories.send_in()
    extend(officer, receipt)
    with pytest.raises(WrongDate):
        extend(officer, receipt, dt.date(2026, 3, 20))
    extend(officer, receipt, dt.date(2026, 4, 30))
    assert factories.case(receipt).due_answer == dt.date(2026, 4, 30)


@pytest.mark.parametrize("status", [Status.AWAITING_CITIZEN, Status.ANSWERED, Status.CLOSED])
def test_no_later_day_is_promised_while_we_wait_or_when_it_is_done(officer: Staff, status: Status) -> None:
    receipt = brought_to(status)
    with pytest.raises(NotAllowed):
        extend(officer, receipt)
    assert factories.case(receipt).extended_to is None


def test_the_sender_gets_a_notice_before_the_first_day_has_passed(officer: Staff) -> None:
    receipt = factories.send_in(email="maria@exempel.se")
    extend(officer, receipt)
    letter = factories.letters()[-1]
    assert (letter.name, letter.created_at) == ("later_date", MONDAY)
    for body in (letter.text or "", letter.html or ""):
        assert "tisdag 31 mars" in " ".join(body.split())
        assert "Vi blir senare än vi lovade." in body
        assert "Ny dag, eftersom vi väntar på en besiktning." in body


def test_the_reason_stays_in_a_case_whose_answers_are_not_mailed(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = factories.send_in(email="maria@exempel.se", category="aldre")
    extend(factories.member(unit="aldre"), receipt)
    for body in (factories.letters()[-1].text or "", factories.letters()[-1].html or ""):
        assert "Skälet står i ärendet." in body
        assert "besiktning" not in body


def test_the_timeline_names_the_new_day(officer: Staff) -> None:
    receipt = factories.send_in()
    extend(officer, receipt)
    assert factories.entries(receipt)[-1].details == {"due": "2026-03-31"}


def test_a_case_that_opens_again_has_a_promise_without_the_extension(
    officer: Staff, time_machine: TimeMachineFixture
) -> None:
    receipt = factories.send_in()
    extend(officer, receipt)
    factories.act(handling.answer, officer, receipt, "I dag.")
    time_machine.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    do(Action.REPLY, factories.sender(receipt), receipt)
    case = factories.case(receipt)
    assert (case.due_answer, case.extended_to, case.extension_reason) == (dt.date(2026, 3, 17), None, None)


# ---- Summer


@pytest.mark.parametrize(
    ("day", "offered"),
    [("2026-06-21", False), ("2026-06-22", True), ("2026-08-16", True), ("2026-08-17", False)],
)
def test_the_summer_reason_is_offered_and_counted_apart_on_its_days_alone(
    officer: Staff, time_machine: TimeMachineFixture, day: str, offered: bool
) -> None:
    time_machine.move_to(dt.datetime.fromisoformat(f"{day}T12:00:00+02:00"), tick=False)
    receipt = factories.send_in()
    assert extensions.summer_reason() == (SUMMER if offered else None)
    extend(officer, receipt, dt.date(2026, 9, 15), SUMMER)
    assert factories.case(receipt).extended_for_summer is offered


def test_another_reason_in_summer_is_no_summer_extension(
    officer: Staff, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(dt.datetime.fromisoformat("2026-07-06T12:00:00+02:00"), tick=False)
    receipt = factories.send_in()
    extend(officer, receipt, dt.date(2026, 9, 15))
    assert not factories.case(receipt).extended_for_summer


def test_summer_moves_no_date_by_itself(officer: Staff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(dt.datetime.fromisoformat("2026-06-29T12:00:00+02:00"), tick=False)
    assert factories.case(factories.send_in()).due_answer == dt.date(2026, 7, 13)
