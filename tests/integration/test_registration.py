"""Registration of a case for its sender: permissions, arrival time, promise, and solved at once."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from portal import clock, db
from portal.audit import trail
from portal.cases import queries
from portal.cases.enums import Channel, Kind, ReplyBy
from portal.cases.intake.submission import NewCase, Receipt
from portal.cases.lifecycle import CloseReason, Status
from portal.cases.models import Case, Message, Party
from portal.cases.registration import commands
from portal.cases.registration.rules import ArrivalProblem, WrongArrival
from portal.identity import commands as identity
from portal.identity.actors import Actor, Role, Staff, System
from portal.organisation import queries as organisation
from portal.register import queries as register
from portal.register.rules import Period
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.queries import figures
from tests import factories
from tests.cases import told

# After the first day of every database of the tests. A Monday.
NOW = dt.datetime(2027, 3, 1, 9, 30, tzinfo=clock.STOCKHOLM)
FRIDAY = dt.datetime(2027, 2, 26, 14, 5, tzinfo=clock.STOCKHOLM)
Given = dict[str, Any]


@pytest.fixture(autouse=True)
def monday(inside: Flask) -> Iterator[None]:
    """A Monday morning."""
    with clock.at(NOW):
        yield


def registrar() -> Staff:
    """Eva of Medborgarservice."""
    return factories.member("eva", Role.REGISTRAR, None)


def nobody() -> Staff:
    """Samir, who is staff without a membership."""
    with db.transaction():
        return Staff(identity.find_or_add("Samir Haddad", factories.NUMBERS["samir"]).id)


def call(**more: Any) -> NewCase:
    """A case that came in by telephone."""
    return factories.new_case(**{"channel": Channel.PHONE} | more)


def registered(actor: Staff, new: NewCase, **more: Any) -> Receipt:
    """It was registered."""
    with db.transaction():
        return commands.register(actor, new, **more)


def first_of(case: Case) -> Message:
    return case.messages[0]


@pytest.mark.parametrize("role", [None, *Role])
def test_all_staff_may_register_and_the_trail_names_who(role: Role | None) -> None:
    actor = factories.member("anna", role, None) if role else nobody()
    receipt = registered(actor, call())
    case = factories.case(receipt)
    assert (case.status, case.channel, case.sender_person_id) == (Status.RECEIVED, Channel.PHONE, None)
    assert first_of(case).registered_by_id == actor.person
    (entry,) = factories.entries(receipt)
    assert entry.event == "CaseRegistered"
    kind, id_ = ("staff", actor.membership) if role else (trail.STAFF_PERSON, actor.person)
    assert (entry.actor_kind, entry.actor_id) == (kind, id_)
    assert entry.actor
    assert entry.actor.name == ("Anna" if role else "Samir Haddad")


def test_who_is_staff_without_a_membership_does_not_see_what_they_registered() -> None:
    actor = nobody()
    receipt = registered(actor, call())
    assert queries.case_by_id(actor, receipt.case) is None
    with pytest.raises(commands.NotReached), db.transaction():
        commands.register(actor, call(), answer="Den öppnar i maj.")
    assert receipt.number == 1
    assert factories.entries(receipt)


def test_an_earlier_arrival_starts_the_promise_and_not_the_number_nor_the_register() -> None:
    receipt = registered(registrar(), call(), arrived=FRIDAY)
    case = factories.case(receipt)
    assert (case.received_at, case.clock_started_on) == (FRIDAY, FRIDAY.date())
    # Burlöv answers within ten working days: the day of arrival is day zero.
    assert case.due_answer == dt.date(2027, 3, 12)
    assert (first_of(case).arrived_at, first_of(case).registered_at) == (FRIDAY, NOW)
    assert case.year == 2027


def test_the_number_is_of_the_year_of_registration() -> None:
    with clock.at(dt.datetime(2027, 1, 4, 8, tzinfo=clock.STOCKHOLM)):
        december = dt.datetime(2026, 12, 30, 8, tzinfo=clock.STOCKHOLM)
        receipt = registered(registrar(), call(channel=Channel.LETTER), arrived=december)
    assert (receipt.year, receipt.number) == (2027, 1)
    assert factories.case(receipt).clock_started_on == december.date()


def test_the_register_has_the_day_of_registration_the_arrival_and_who_registered() -> None:
    keeper = factories.records_officer("park", name="anna")
    actor = nobody()
    registered(actor, call(), arrived=FRIDAY)
    (board,) = register.boards(keeper)
    (entry,) = register.entries(keeper, board, Period(NOW.date(), NOW.date())).rows
    assert (entry.at, entry.arrived, entry.registered_by) == (NOW, FRIDAY, "Samir Haddad")
    assert not register.entries(keeper, board, Period(FRIDAY.date(), FRIDAY.date())).rows


def test_an_earlier_arrival_is_counted_in_its_own_month() -> None:
    registered(registrar(), call(), arrived=FRIDAY, answer="Den öppnar i maj.")
    counted = figures(System(), FRIDAY.date(), NOW.date(), Dimension.MONTH)
    assert {month: sums["cases"] for month, sums in counted.items()} == {dt.date(2027, 2, 1): 1}


@pytest.mark.parametrize(
    ("arrived", "problem"),
    [
        (NOW + dt.timedelta(minutes=1), ArrivalProblem.FUTURE),
        (dt.datetime(2020, 1, 1, tzinfo=clock.STOCKHOLM), ArrivalProblem.BEFORE_START),
    ],
)
def test_what_came_in_tomorrow_or_before_the_first_day_is_refused(
    arrived: dt.datetime, problem: ArrivalProblem
) -> None:
    with pytest.raises(WrongArrival) as refusal:
        registered(registrar(), call(), arrived=arrived)
    assert refusal.value.problem is problem
    assert factories.letters() == []


def test_what_is_solved_at_once_is_answered_closed_and_counted_at_first_contact() -> None:
    receipt = registered(
        registrar(), call(email="maria@exempel.se", name="Maria"), answer="Den öppnar i maj."
    )
    case = factories.case(receipt)
    assert (case.status, case.close_reason, case.first_contact) == (
        Status.CLOSED,
        CloseReason.ANSWERED,
        True,
    )
    assert (case.responsible_unit.key, case.handling_unit.first_line) == ("park", True)
    assert case.answered_at == case.contacted_at == case.closed_at == NOW
    assert told(receipt) == ["CaseRegistered", "CaseAnsweredOrally", "ClosedAtFirstContact"]
    # One message, of the answer: with the number and the link.
    assert [letter.name for letter in factories.letters()] == ["answered_orally"]


def test_an_officer_solves_what_is_their_units_and_that_is_no_first_contact() -> None:
    receipt = registered(factories.member(), call(), answer="Den öppnar i maj.")
    case = factories.case(receipt)
    assert (case.status, case.first_contact, case.handling_unit.key) == (Status.CLOSED, False, "park")


@pytest.mark.parametrize("topic", ["aldre", "gator"])
def test_what_would_be_out_of_reach_is_not_solved_and_leaves_nothing(topic: str) -> None:
    actor = registrar() if topic == "aldre" else factories.member()
    with pytest.raises(commands.NotReached):
        registered(actor, call(category=topic), answer="Någon ringer i dag.")
    db.close_read_session()
    assert registered(actor, call(category=topic)).number == 1


def test_a_topic_that_was_closed_meanwhile_is_refused() -> None:
    with pytest.raises(commands.TopicClosed):
        registered(registrar(), call(category="finns-inte"))


def test_the_same_form_twice_is_one_case_with_one_answer() -> None:
    actor, new = registrar(), call()
    first, second = (registered(actor, new, answer="Den öppnar i maj.") for _click in range(2))
    assert first == second
    assert first.code
    assert told(first) == ["CaseRegistered", "CaseAnsweredOrally", "ClosedAtFirstContact"]


@pytest.mark.parametrize(
    "more", [{"answer": "Den öppnar i juni."}, {"arrived": FRIDAY}], ids=["answer", "arrival"]
)
def test_the_same_form_with_other_content_is_said_to_be_registered_already(more: Given) -> None:
    actor, new = registrar(), call()
    registered(actor, new)
    assert not registered(actor, new, **more).same


def test_a_form_that_a_colleague_has_sent_is_not_mine() -> None:
    new = call()
    registered(registrar(), new)
    assert not registered(nobody(), new).same


def test_an_anonymous_sender_leaves_no_name() -> None:
    new = call(reply_by=ReplyBy.CODE, name="Maria Ek", email="maria@exempel.se")
    case = factories.case(registered(registrar(), new))
    assert case.party is None
    assert db.session().query(Party).count() == 0


def test_the_level_is_judged_or_proposed_by_the_topic() -> None:
    actor = registrar()
    proposed = factories.case(registered(actor, call(category="parker")))
    assert proposed.category
    assert proposed.level == proposed.category.rosa_level
    judged = factories.case(registered(actor, call(category="parker"), level=2))
    assert judged.level == 2


def handled_by(unit: int) -> int:
    """The topic of parks is handled by another unit, by agreement; returns the one that it was."""
    with db.transaction():
        topic = organisation.category("parker")
        assert topic
        before, topic.handling_unit_id = topic.handling_unit_id, unit
    return before


def routed(level: int | None) -> tuple[str, bool]:
    """The responsible unit, and whether the first line handles it."""
    case = factories.case(registered(registrar(), call(), level=level))
    return case.responsible_unit.key, case.handling_unit.first_line


def test_a_harder_case_than_the_agreement_names_goes_to_the_responsible_unit() -> None:
    before = handled_by(organisation.first_line().id)
    try:
        assert [routed(level) for level in (None, 4, 6)] == [("park", True), ("park", True), ("park", False)]
    finally:
        handled_by(before)


def test_a_promise_that_is_broken_already_is_told_with_its_day() -> None:
    assert commands.broken_promise(FRIDAY.date()) is None
    broken = commands.broken_promise(dt.date(2027, 2, 1))
    assert broken == commands.BrokenPromise(True, dt.date(2027, 2, 15))


def test_the_sender_reads_what_was_registered_with_the_code() -> None:
    receipt = registered(nobody(), call())
    holder: Actor = factories.sender(receipt)
    case = queries.case_by_id(holder, receipt.case)
    assert case
    assert [each.body for each in queries.messages(holder, case)] == ["Ingen skylt säger varför."]
    assert queries.case_by_id(System(), receipt.case)


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.REGISTRAR, None),
        (Role.REGISTRAR, "medborgarservice"),
        (Role.OFFICER, "medborgarservice"),
        (Role.HEAD_OF_UNIT, "medborgarservice"),
    ],
)
def test_all_of_the_first_line_solve_at_once_whatever_the_topic(role: Role, unit: str | None) -> None:
    actor = factories.member("anna", role, unit)
    for topic in ("parker", "gator", "skola", None):
        receipt = registered(actor, call(category=topic), answer="Den öppnar i maj.")
        case = factories.case(receipt)
        assert (case.status, case.first_contact) == (Status.CLOSED, True)
        assert case.handling_unit.key == "medborgarservice"


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.OFFICER, Role.HEAD_OF_UNIT])
def test_what_another_unit_solves_stays_in_that_unit(role: Role) -> None:
    actor = factories.member("anna", role, "park")
    receipt = registered(actor, call(category="parker"), answer="Den öppnar i maj.")
    case = factories.case(receipt)
    assert (case.status, case.handling_unit.key) == (Status.CLOSED, "park")


CHANGES: list[tuple[Given, Given]] = [
    ({"channel": Channel.LETTER}, {}),
    ({"language": "en"}, {}),
    ({"answer_wanted": False}, {}),
    ({}, {"level": 5}),
    ({}, {"level": None}),
    ({}, {"answer": ""}),
    ({}, {"answer": "Den öppnar i juni."}),
    ({}, {"arrived": None}),
    ({}, {"arrived": FRIDAY + dt.timedelta(minutes=1)}),
]


@pytest.mark.parametrize(("new", "more"), CHANGES)
def test_a_form_that_was_corrected_is_not_the_one_that_was_registered(new: Given, more: Given) -> None:
    eva = registrar()
    said: Given = {"submission": "ett-formular-som-sands-om", "kind": Kind.PRAISE}
    told_of: Given = {"arrived": FRIDAY, "level": 3, "answer": "Den öppnar i maj."}
    first = registered(eva, call(**said), **told_of)
    assert registered(eva, call(**said), **told_of).same
    again = registered(eva, call(**said | new), **told_of | more)
    assert (again.case, again.same) == (first.case, False)


def test_a_form_that_came_in_now_is_the_same_a_minute_later() -> None:
    eva = registrar()
    new = call(submission="ett-formular-som-sands-om")
    first = registered(eva, new)
    with clock.at(NOW + dt.timedelta(minutes=1)):
        again = registered(eva, new)
        assert (again.case, again.same) == (first.case, True)
        assert not registered(eva, new, arrived=FRIDAY).same
