"""Who is not satisfied: to the nearest manager, never to the one who answered; substitutes and leavers."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases import parties, queries
from portal.cases.actions import handling, routing
from portal.cases.enums import TaskKind
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import MONDAY, brought_to, do, membership_of, state, told


def head_of_administration(name: str = "anna", key: str = "samhallsbyggnad") -> Staff:
    """Somebody is head of an administration, by default the one that parks belong to."""
    with db.transaction():
        found = organisation.administration(key)
        assert found
        scope = identity.MembershipScope(administration=found.id)
        number = factories.NUMBERS[name]
        return people.as_staff(identity.add_member(name, number, Role.HEAD_OF_ADMINISTRATION, scope))


def unhappy(receipt: Receipt, body: str = "Det hjälpte inte.") -> int | None:
    """The sender is not satisfied; gives whose the case is then."""
    do(Action.NOT_SATISFIED, factories.sender(receipt), receipt, body)
    return factories.case(receipt).officer_id


def answered_by(officer: Staff, **given: object) -> Receipt:
    """A case that somebody has answered."""
    receipt = factories.send_in(**given)
    do(Action.ANSWER, officer, receipt, "Det första svaret")
    return receipt


def tasks(receipt: Receipt) -> list[TaskKind]:
    return factories.open_tasks(receipt)


def test_the_head_of_the_unit_comes_before_the_head_of_the_administration(inside: Flask) -> None:
    head_of_administration("anna")
    head = factories.member("samir", Role.HEAD_OF_UNIT)
    assert unhappy(brought_to(Status.ANSWERED)) == head.membership


def test_the_head_of_another_unit_is_no_manager_of_the_case(inside: Flask) -> None:
    factories.member("samir", Role.HEAD_OF_UNIT, "gata")
    above = head_of_administration("anna")
    assert unhappy(brought_to(Status.ANSWERED)) == above.membership


def test_the_head_of_the_very_unit_comes_before_one_who_is_head_of_all(inside: Flask) -> None:
    factories.member("anna", Role.HEAD_OF_UNIT, None)
    head = factories.member("samir", Role.HEAD_OF_UNIT)
    assert unhappy(brought_to(Status.ANSWERED)) == head.membership


def test_each_manager_who_has_answered_is_passed_over_until_nobody_is_left(inside: Flask) -> None:
    above, head = head_of_administration("anna"), factories.member("samir", Role.HEAD_OF_UNIT)
    receipt = brought_to(Status.ANSWERED)
    assert unhappy(receipt) == head.membership
    do(Action.ANSWER, head, receipt, "Vi har tittat igen.")
    assert unhappy(receipt, "Fortfarande inte.") == above.membership
    assert tasks(receipt) == []
    do(Action.ANSWER, above, receipt, "Så här är det.")
    assert unhappy(receipt, "Nej.") is None
    assert tasks(receipt) == [TaskKind.NO_MANAGER]


def test_a_head_who_answered_with_another_membership_is_passed_over_too(inside: Flask) -> None:
    factories.member("samir", Role.HEAD_OF_UNIT)
    above = head_of_administration("anna")
    assert unhappy(answered_by(factories.member("samir"))) == above.membership


def test_a_head_of_administration_never_gets_a_case_with_a_secrecy_default(inside: Flask) -> None:
    head_of_administration("anna", "social")
    receipt = answered_by(factories.member("samir", unit="aldre"), category="aldre")
    assert unhappy(receipt) is None


def test_a_head_who_sent_the_case_does_not_get_it(inside: Flask) -> None:
    head = factories.member("samir", Role.HEAD_OF_UNIT)
    receipt = factories.send_in(email="samir@exempel.se")
    with db.transaction():
        found = queries.case_by_id(factories.sender(receipt), receipt.case)
        assert found
        assert found.party
        parties.link_person(found, found.party, head.person)
    do(Action.ANSWER, factories.member("anna"), receipt)
    assert unhappy(receipt) is None


BARRED = [
    *(Action.TAKE, Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.ANSWER_ORALLY, Action.REQUEST_SUPPLEMENT),
    *(Action.TRANSFER, Action.REDIRECT, Action.MERGE),
]


@pytest.mark.parametrize("action", BARRED)
def test_the_one_who_answered_can_neither_take_answer_nor_end_it(inside: Flask, action: Action) -> None:
    officer = factories.member("eva")
    receipt = answered_by(officer)
    unhappy(receipt)
    before = state(receipt)
    with pytest.raises(NotAllowed) as refusal:
        do(action, officer, receipt, "Ett svar till")
    assert action not in refusal.value.allowed
    assert state(receipt) == before


def test_who_answered_by_word_of_mouth_has_answered(inside: Flask) -> None:
    officer, receipt = factories.member("eva"), factories.send_in(email="maja@exempel.se")
    do(Action.ANSWER_ORALLY, officer, receipt)
    unhappy(receipt)
    with pytest.raises(NotAllowed):
        do(Action.ANSWER, officer, receipt, "Ett svar till")


def test_the_one_who_answered_is_barred_in_every_membership(inside: Flask) -> None:
    receipt = answered_by(factories.member("eva"))
    unhappy(receipt)
    with pytest.raises(NotAllowed):
        do(Action.ANSWER, factories.member("eva", Role.REGISTRAR, None), receipt, "Ett svar till")


def test_the_one_who_answered_can_neither_be_given_the_case_nor_be_its_contact(inside: Flask) -> None:
    officer = factories.member("eva")
    receipt = answered_by(officer)
    unhappy(receipt)
    for command in (handling.assign, routing.name_contact):
        with pytest.raises(NotAllowed):
            factories.act(command, factories.member("anna"), receipt, membership_of(officer))
    assert factories.case(receipt).officer_id is None


def test_a_colleague_who_has_not_answered_can_take_and_answer_it(inside: Flask) -> None:
    receipt, samir = answered_by(factories.member("eva")), factories.member("samir")
    unhappy(receipt)
    do(Action.TAKE, samir, receipt)
    do(Action.ANSWER, samir, receipt, "Ett bättre svar")
    assert factories.case(receipt).status is Status.ANSWERED


def test_who_is_not_satisfied_gets_a_clock_of_its_own(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = answered_by(factories.member("eva"))
    time_machine.move_to(MONDAY + dt.timedelta(days=7), tick=False)
    unhappy(receipt)
    case = factories.case(receipt)
    assert (case.unsatisfied, case.answered_at) == (True, None)
    assert (case.clock_started_on, case.due_answer) == (dt.date(2026, 3, 9), dt.date(2026, 3, 23))


def test_a_second_click_of_who_is_not_satisfied_changes_nothing(inside: Flask) -> None:
    receipt = answered_by(factories.member("eva"))
    unhappy(receipt)
    before = state(receipt), tasks(receipt)
    unhappy(receipt)
    assert (state(receipt), tasks(receipt)) == before


def test_a_sender_can_be_satisfied_or_not_only_with_an_answer(inside: Flask) -> None:
    for status in (Status.RECEIVED, Status.IN_PROGRESS, Status.AWAITING_CITIZEN):
        with pytest.raises(NotAllowed):
            unhappy(brought_to(status))


def stands_in(absent: Staff, first: dt.date, last: dt.date) -> int:
    """Samir stands in for somebody; gives his person."""
    start, end = clock.end_of_day(first - dt.timedelta(days=1)), clock.end_of_day(last)
    with db.transaction():
        found = identity.add_substitute(
            membership_of(absent), "Samir", factories.NUMBERS["samir"], start, end
        )
        return found.person_id


@pytest.mark.parametrize(
    ("moment", "reaches"),
    [
        ("2026-07-05T23:59:59+02:00", False),
        ("2026-07-06T00:00:00+02:00", True),
        ("2026-07-10T23:59:59+02:00", True),
        ("2026-07-11T00:00:00+02:00", False),
    ],
)
def test_a_substitute_has_the_rights_for_exactly_their_days(
    inside: Flask, time_machine: TimeMachineFixture, moment: str, reaches: bool
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    person = stands_in(factories.member(), dt.date(2026, 7, 6), dt.date(2026, 7, 10))
    receipt = factories.send_in()
    time_machine.move_to(dt.datetime.fromisoformat(moment), tick=False)
    db.close_read_session()
    samir = people.staff(person)
    assert (queries.case_by_id(samir, receipt.case) is not None) is reaches
    chosen = {each.person_id for each in queries.handlers(factories.case(receipt))}
    assert (person in chosen) is reaches


def test_a_substitute_of_the_head_gets_the_case_of_who_is_not_satisfied(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    head = factories.member("anna", Role.HEAD_OF_UNIT)
    person = stands_in(head, MONDAY.date(), MONDAY.date())
    with db.transaction():
        assert head.membership
        identity.end_membership(head.membership)
    receipt = answered_by(factories.member("eva"))
    unhappy(receipt)
    officer = factories.case(receipt).officer
    assert officer
    assert (officer.person_id, officer.role) == (person, Role.HEAD_OF_UNIT)


def left(officer: Staff) -> None:
    """Somebody has left: their membership has ended."""
    with db.transaction():
        assert officer.membership
        identity.end_membership(officer.membership)


@pytest.mark.parametrize("command", [handling.assign, routing.name_contact])
def test_an_officer_who_left_cannot_be_chosen(inside: Flask, command: object) -> None:
    officer, receipt = factories.member("samir"), brought_to(Status.RECEIVED)
    left(officer)
    before = state(receipt)
    assert callable(command)
    with pytest.raises(NotAllowed):
        factories.act(command, factories.member(), receipt, membership_of(officer))
    assert state(receipt) == before


def test_an_officer_who_left_keeps_what_they_did_and_reaches_nothing(inside: Flask) -> None:
    officer, receipt = factories.member("samir"), factories.send_in()
    do(Action.TAKE, officer, receipt)
    left(officer)
    db.close_read_session()
    assert queries.case_by_id(people.staff(officer.person, officer.membership), receipt.case) is None
    assert factories.case(receipt).officer_id == officer.membership
    assert told(receipt)[-1] == "CaseTaken"


def test_a_head_who_left_does_not_get_the_case(inside: Flask) -> None:
    left(factories.member("samir", Role.HEAD_OF_UNIT))
    assert unhappy(brought_to(Status.ANSWERED)) is None
