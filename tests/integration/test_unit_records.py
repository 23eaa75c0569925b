"""What the figures of a unit are made of: which cases count for which unit, and when."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal import clock, db
from portal.cases.actions import bars, handling, routing, sender
from portal.cases.enums import HandoverGround, Secrecy
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.statistics import unit_rules
from portal.statistics.unit_rules import Share, UnitFigures
from portal.statistics.units import unit_records
from tests import factories

MONDAY = datetime(2026, 3, 2, 9, tzinfo=clock.STOCKHOLM)


@pytest.fixture(autouse=True)
def travel(inside: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def anna(travel: time_machine.Traveller) -> Staff:
    return factories.member("anna")


@pytest.fixture
def head(anna: Staff) -> Staff:
    return factories.member("eva", Role.HEAD_OF_UNIT)


def a_week_later(actor: Staff, travel: time_machine.Traveller, unit: str = "park") -> UnitFigures:
    """The figures of the last full week, a week after the first Monday."""
    travel.move_to(MONDAY + timedelta(days=7))
    db.close_read_session()
    found = organisation.unit(unit)
    assert found
    periods = unit_rules.periods(clock.today())
    records = unit_records(actor, [found.id], periods[2].first)
    return unit_rules.figures(records, periods, clock.today(), organisation.closed_days())[0]


def answered_by(anna: Staff) -> Receipt:
    receipt = factories.send_in()
    factories.act(handling.answer, anna, receipt, "Svar.", close=True)
    return receipt


def not_satisfied(receipt: Receipt) -> None:
    factories.act(sender.not_satisfied, factories.sender(receipt), receipt, "Nej, det räcker inte.")


def hand_over(actor: Staff, receipt: Receipt, unit: str) -> None:
    found, ground = organisation.unit(unit), None
    assert found
    if found.board_id != factories.case(receipt).responsible_board_id:
        ground = HandoverGround.NO_SECRECY
    factories.act(routing.hand_over, actor, receipt, found, ground)


def test_an_answer_counts_also_when_its_case_was_withdrawn_later(
    anna: Staff, head: Staff, travel: time_machine.Traveller
) -> None:
    receipt = answered_by(anna)
    before = a_week_later(head, travel)
    not_satisfied(receipt)
    factories.act(sender.withdraw, factories.sender(receipt), receipt)
    after = a_week_later(head, travel)
    assert (before.answers, before.in_time) == (after.answers, after.in_time)
    assert after.answers == 1


def test_an_answer_belongs_to_the_unit_that_gave_it(
    anna: Staff, head: Staff, travel: time_machine.Traveller
) -> None:
    samir = factories.member("samir", Role.HEAD_OF_UNIT, "gata")
    receipt = answered_by(anna)
    not_satisfied(receipt)
    hand_over(head, receipt, "gata")
    assert a_week_later(head, travel).answers == 1
    assert a_week_later(samir, travel, "gata").answers == 0


def test_an_answer_in_a_case_that_has_secrecy_or_a_bar_is_not_counted_by_who_may_not_read_it(
    anna: Staff, head: Staff, travel: time_machine.Traveller
) -> None:
    factories.member("samir", Role.OFFICER, "gata")
    secret, barred = answered_by(anna), answered_by(anna)
    for receipt in (secret, barred):
        not_satisfied(receipt)
    hand_over(anna, secret, "gata")
    with db.transaction():
        case = factories.case(secret)
        case.secrecy, case.secrecy_provision = Secrecy.MARKED, "OSL 25:1"
    factories.act(bars.recuse, head, barred, "")
    assert a_week_later(head, travel).answers == 0


def test_what_the_first_line_passes_on_counts_against_its_first_contact(
    anna: Staff, travel: time_machine.Traveller
) -> None:
    eva = factories.member("eva", Role.HEAD_OF_UNIT, "medborgarservice")
    solved, opened_again, passed_on, waiting = (factories.send_in(category=None) for _each in range(4))
    for receipt in (solved, opened_again):
        factories.act(handling.answer, eva, receipt, "Svar.", close=True)
    not_satisfied(opened_again)
    for receipt in (passed_on, waiting):
        hand_over(eva, receipt, "park")
    factories.act(handling.answer, anna, passed_on, "Svar.", close=True)
    # That came to the other unit at once.
    answered_by(anna)
    assert a_week_later(eva, travel, "medborgarservice").first_contact == Share(1, 3)
    assert a_week_later(anna, travel).first_contact == Share(0, 0)


def test_a_part_that_is_split_from_a_case_is_a_case_and_its_sender_was_reached_once(
    anna: Staff, travel: time_machine.Traveller
) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    factories.act(handling.record_call, anna, receipt, "Ringde.")
    before = a_week_later(anna, travel)
    factories.act(relations.split, anna, receipt, "Den andra saken")
    after = a_week_later(anna, travel)
    assert (before.received, after.received) == (1, 2)
    assert before.reach == after.reach == Share(1, 1)


def test_what_was_withdrawn_came_in_and_no_contact_is_asked_of_it(
    anna: Staff, travel: time_machine.Traveller
) -> None:
    receipt = factories.send_in()
    factories.act(sender.withdraw, factories.sender(receipt), receipt)
    figures = a_week_later(anna, travel)
    assert (figures.received, figures.reach) == (1, Share(0, 0))


def test_a_sender_who_withdrew_and_wrote_again_was_reached_in_any_round(
    anna: Staff, travel: time_machine.Traveller
) -> None:
    receipt = factories.send_in()
    factories.act(sender.withdraw, factories.sender(receipt), receipt)
    factories.act(sender.reply, factories.sender(receipt), receipt, "Jo, jag vill ha svar.")
    factories.act(handling.record_call, anna, receipt, "Ringde.")
    assert a_week_later(anna, travel).reach == Share(1, 1)
