"""An appeal, a claim, an orosanmälan, a report: received even if sent here, and not turned away."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock
from portal.cases import queries
from portal.cases.actions import closing, handling, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.deadlines import WrongDate
from portal.cases.enums import Direction, HandoverGround, LegalMatter
from portal.cases.lifecycle import Action, CloseReason, NotAllowed, Status
from portal.cases.permissions import allowed_actions
from portal.cases.queue import conditions, listing
from portal.cases.queue.filters import Filters
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.sections import Whistleblowing
from tests import factories
from tests.cases import MONDAY, do, membership_of, state, told

ENDINGS = {Action.CLOSE, Action.ANSWER_AND_CLOSE, Action.TRANSFER, Action.REDIRECT, Action.MERGE}
BY_CONDITION = [Action.ANSWER_AND_CLOSE, Action.TRANSFER, Action.REDIRECT]


def flagged(
    matter: LegalMatter | None = LegalMatter.APPEAL, **given: object
) -> tuple[Staff, factories.Receipt]:
    officer, receipt = factories.member(), factories.send_in(**given)
    factories.act(routing.flag_matter, officer, receipt, matter)
    return officer, receipt


@pytest.mark.parametrize("matter", LegalMatter)
def test_a_matter_that_must_be_received_cannot_be_turned_away(inside: Flask, matter: LegalMatter) -> None:
    officer, receipt = flagged(matter)
    factories.act(handling.answer, officer, receipt, "Vi lämnar det vidare.")
    possible = allowed_actions(officer, factories.case(receipt))
    assert not possible & ENDINGS
    assert {Action.HAND_OVER, Action.FORWARD} <= possible


@pytest.mark.parametrize("action", BY_CONDITION)
def test_closing_is_refused_and_changes_nothing(inside: Flask, action: Action) -> None:
    officer, receipt = flagged()
    before = state(receipt)
    with pytest.raises(NotAllowed):
        do(action, officer, receipt)
    assert state(receipt) == before


def test_without_the_mark_all_endings_are_there(inside: Flask) -> None:
    officer, receipt = flagged()
    factories.act(routing.flag_matter, officer, receipt, None)
    assert {*BY_CONDITION, Action.MERGE} <= allowed_actions(officer, factories.case(receipt))
    assert Action.FORWARD not in allowed_actions(officer, factories.case(receipt))
    assert [entry.details for entry in factories.entries(receipt)[1:]] == [{"matter": "appeal"}, {}]


def test_a_second_click_marks_once(inside: Flask) -> None:
    officer, receipt = flagged()
    before = state(receipt)
    factories.act(routing.flag_matter, officer, receipt, LegalMatter.APPEAL)
    assert state(receipt) == before


def test_a_request_for_a_record_is_answered_but_not_turned_away(inside: Flask) -> None:
    officer, receipt = factories.member(), factories.send_in()
    factories.act(routing.flag_record, officer, receipt, True)
    possible = allowed_actions(officer, factories.case(receipt))
    assert not possible & {Action.REDIRECT, Action.MERGE}
    assert {Action.ANSWER_AND_CLOSE, Action.TRANSFER, Action.FORWARD} <= possible


@pytest.mark.parametrize("matter", LegalMatter)
def test_who_worries_about_a_child_or_reports_cannot_take_it_back(inside: Flask, matter: LegalMatter) -> None:
    _officer, receipt = flagged(matter)
    possible = allowed_actions(factories.sender(receipt), factories.case(receipt))
    held = {LegalMatter.CHILD_CONCERN, LegalMatter.WHISTLEBLOWING}
    assert (Action.WITHDRAW in possible) is (matter not in held)


def test_it_is_passed_on_with_its_day_of_arrival_and_the_sender_is_told(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    officer, receipt = flagged(email="maria@example.org")
    time_machine.move_to(MONDAY + dt.timedelta(days=2), tick=False)
    day = clock.today()
    body = "Vi har lämnat det till Förvaltningsrätten."
    factories.act(closing.forward, officer, receipt, "Förvaltningsrätten", day, body)
    case = factories.case(receipt)
    assert (case.status, case.close_reason) == (Status.CLOSED, CloseReason.TRANSFERRED)
    assert case.close_details == {
        "recipient": "Förvaltningsrätten",
        "arrived": "2026-03-02",
        "passed_on": "2026-03-04",
    }
    last = queries.messages(factories.sender(receipt), case)[-1]
    assert (last.direction, last.body) == (Direction.OUT, body)
    letter = factories.letters()[-1]
    assert "Vi har lämnat ditt klagomål till Förvaltningsrätten." in str(letter.text)
    assert "Det kom in till kommunen måndag 2 mars, och den dagen gäller." in str(letter.text)
    before = state(receipt)
    factories.act(closing.forward, officer, receipt, "Förvaltningsrätten", day, body)
    assert state(receipt) == before


@pytest.mark.parametrize("days", [-1, 3])
def test_it_was_passed_on_since_it_arrived_and_no_later_than_today(
    inside: Flask, time_machine: TimeMachineFixture, days: int
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    officer, receipt = flagged()
    time_machine.move_to(MONDAY + dt.timedelta(days=2), tick=False)
    before = state(receipt)
    day = MONDAY.date() + dt.timedelta(days=days)
    with pytest.raises(WrongDate):
        factories.act(closing.forward, officer, receipt, "Socialnämnden", day, "Text")
    assert state(receipt) == before


def test_a_letter_about_secret_matters_does_not_name_who_has_them(inside: Flask) -> None:
    receipt = factories.send_in(email="maria@example.org", category="aldre")
    officer = factories.member("anna", Role.OFFICER, "aldre")
    factories.act(routing.flag_matter, officer, receipt, LegalMatter.CHILD_CONCERN)
    factories.act(closing.forward, officer, receipt, "Socialjouren", clock.today(), "Text")
    letter = factories.letters()[-1]
    assert "Socialjouren" not in f"{letter.subject} {letter.text} {letter.html}"
    assert "Vi har lämnat ditt klagomål till den som ska ha det." in str(letter.text)


def test_the_board_that_it_is_for_may_end_it_and_the_sender_hears_that_the_day_counts(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    officer, receipt = flagged(email="maria@example.org")
    unit = organisation.unit("grundskola")
    factories.act(routing.hand_over, officer, receipt, unit, HandoverGround.NO_SECRECY)
    assert factories.case(receipt).matter_passed_on == MONDAY.date()
    letter = str(factories.letters()[-1].text)
    assert "Det kom in till kommunen måndag 2 mars, och den dagen gäller." in letter
    school = factories.member("samir", Role.OFFICER, "grundskola")
    assert {Action.TRANSFER, Action.ANSWER_AND_CLOSE} <= allowed_actions(school, factories.case(receipt))


def test_a_handover_within_the_board_does_not_end_the_duty(inside: Flask) -> None:
    officer, receipt = flagged()
    factories.act(routing.hand_over, officer, receipt, organisation.unit("gata"))
    samir = factories.member("samir", Role.OFFICER, "gata")
    assert Action.REDIRECT not in allowed_actions(samir, factories.case(receipt))


def test_a_report_is_secret_at_once_and_kept_from_whom_it_concerns(inside: Flask) -> None:
    officer, samir = factories.member(), factories.member("samir")
    registrar = factories.records_officer()
    receipt = factories.send_in(email="maria@example.org", name="Maria", subject="Samir tar mutor")
    concerned = membership_of(samir)
    command, report = routing.flag_matter, LegalMatter.WHISTLEBLOWING
    factories.act(command, officer, receipt, report, concerned, "Rapport")
    case = factories.case(receipt)
    assert (case.secrecy_provision, case.public_subject, case.hide_sender) == ("OSL 32:3 b", "Rapport", True)
    assert queries.case_by_id(samir, receipt.case) is None
    rows = listing.list_cases(samir, Filters(), conditions.days()).rows
    assert receipt.case not in [row.id for row in rows]
    events = told(receipt)
    assert events.index("ColleagueConcerned") < events.index("MatterFlagged") < events.index("SecrecyMarked")
    assert queries.case_by_id(registrar, receipt.case)


def test_a_report_goes_to_the_unit_that_receives_them(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = Whistleblowing(
        secrecy_provision="visselblasning", unit="aldre", disclosure_provision="uppgiftsskyldighet"
    )
    profile = organisation.profile().model_copy(update={"whistleblowing": reports})
    monkeypatch.setattr(organisation, "profile", lambda: profile)
    officer, receipt = factories.member(), factories.send_in()
    factories.act(routing.flag_matter, officer, receipt, LegalMatter.WHISTLEBLOWING, None, "Rapport")
    case = factories.case(receipt)
    assert case.handling_unit.key == case.responsible_unit.key == "aldre"
    assert case.matter_passed_on == clock.today()
    assert queries.case_by_id(officer, receipt.case) is None
    assert queries.case_by_id(factories.member("samir", Role.OFFICER, "aldre"), receipt.case)


def test_a_reply_opens_it_again_and_it_stays_passed_on(inside: Flask) -> None:
    officer, receipt = flagged()
    factories.act(closing.forward, officer, receipt, "Socialnämnden", clock.today(), "Text")
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "En sak till.")
    case = factories.case(receipt)
    assert case.status is Status.IN_PROGRESS
    assert case.matter_passed_on == clock.today()
    assert Action.ANSWER_AND_CLOSE in allowed_actions(officer, case)
