"""Visits at the desk: who sees what of a case, by how the person is known, and what is written down."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock, db
from portal.cases import queries
from portal.cases.actions import bars, handling, protection, secrecy
from portal.cases.desk import questions, replies, visits
from portal.cases.desk.models import DeskVisit
from portal.cases.desk.replies import WrongMoment
from portal.cases.desk.rules import VISIT_TTL, VisitState
from portal.cases.enums import Direction, KnownBy, Via
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import NotAllowed, Status
from portal.cases.models import Case
from portal.identity.actors import Citizen, CodeHolder, Role, Staff, System
from portal.organisation import queries as organisation
from portal.register import queries as register
from portal.register.rules import NamedAs, Period
from tests import factories
from tests.cases import brought_to, told


@pytest.fixture
def eva(inside: Flask) -> Staff:
    """A registrar."""
    return factories.member("eva", Role.REGISTRAR, None)


def protected(receipt: Receipt) -> None:
    factories.act(protection.protect, factories.member("samir", unit=None), receipt)


def secret(receipt: Receipt) -> None:
    officer = factories.member("samir", unit=None)
    factories.act(secrecy.mark_secrecy, officer, receipt, "halsa", confirmed=True)


def contested(receipt: Receipt) -> None:
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        case.reader_contested_at = case.received_at


def sent_by(citizen: Citizen, **given: Any) -> Receipt:
    receipt = factories.send_in(email="maria@exempel.se", **given)
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        assert case.party
        case.party.person_id = case.sender_person_id = citizen.person
    return receipt


def identified(eva: Staff, citizen: Citizen) -> DeskVisit:
    """A visit whose person has signed in."""
    with db.transaction():
        number = visits.begin(eva).number
    token = claimed(str(number))
    assert token
    with db.transaction():
        visit = visits.identify(citizen, token)
        assert visit
        return visit


def claimed(number: str) -> str | None:
    with db.transaction():
        return visits.claim(number)


def by_code(actor: Staff, receipt: Receipt) -> CodeHolder | None:
    db.close_read_session()
    return questions.case_by_code(actor, str(receipt.code), receipt.year, receipt.number)


def public(actor: Staff, receipt: Receipt) -> Case | None:
    db.close_read_session()
    return questions.public_case(actor, receipt.year, receipt.number)


def shown(actor: Staff, visit: DeskVisit, receipt: Receipt) -> Case | None:
    db.close_read_session()
    again = visits.visit_of(actor, visit.id)
    assert again
    visited = questions.case_of_visit(actor, again, receipt.year, receipt.number)
    return visited.case if visited else None


def last_message(receipt: Receipt) -> queries.MessageRow:
    return queries.messages(System(), factories.case(receipt))[-1]


# Who may be told.
def test_the_code_opens_a_case_that_the_officer_does_not_reach(inside: Flask) -> None:
    receipt = factories.send_in()
    secret(receipt)
    first_line = organisation.first_line().key
    officer = factories.member("anna", unit=first_line)
    assert queries.case_by_id(officer, receipt.case) is None
    assert by_code(officer, receipt) == CodeHolder(receipt.case)


@pytest.mark.parametrize("make", [protected, contested])
def test_a_code_opens_nothing_where_a_stranger_may_have_found_it(
    eva: Staff, make: Callable[[Receipt], None]
) -> None:
    receipt = factories.send_in()
    assert by_code(eva, receipt)
    make(receipt)
    assert by_code(eva, receipt) is None


def test_an_officer_hears_nothing_of_a_case_that_they_are_barred_from(eva: Staff) -> None:
    receipt = factories.send_in()
    with db.transaction():
        visit = visits.begin_with_code(eva, CodeHolder(receipt.case))
    factories.member("samir")
    factories.act(bars.recuse, eva, receipt, "Avsändaren är min granne.")
    assert by_code(eva, receipt) is None
    assert public(eva, receipt) is None
    assert shown(eva, visit, receipt) is None


@pytest.mark.parametrize("make", [protected, secret, contested])
def test_nothing_is_public_of_such_a_case(eva: Staff, make: Callable[[Receipt], None]) -> None:
    receipt = factories.send_in()
    assert public(eva, receipt)
    make(receipt)
    assert public(eva, receipt) is None


# Visits.
def test_a_number_is_typed_once_and_in_time(eva: Staff) -> None:
    with db.transaction():
        first, again = visits.begin(eva), visits.begin(eva)
        assert first.id == again.id
        number = str(first.number)
    assert claimed("00000000" if number != "00000000" else "1" * 8) is None
    assert claimed(number)
    assert claimed(number) is None
    with db.transaction():
        number = str(visits.begin(eva).number)
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert claimed(number) is None


def test_a_visit_shows_the_persons_cases_to_the_one_who_serves_them_and_to_no_other(eva: Staff) -> None:
    maria = factories.citizen()
    own, other = sent_by(maria), factories.send_in()
    visit = identified(eva, maria)
    assert [case.id for case in questions.cases_of_visit(eva, visit)] == [own.case]
    assert shown(eva, visit, own)
    assert shown(eva, visit, other) is None
    assert visits.visit_of(factories.member("anna", Role.REGISTRAR, None), visit.id) is None


def test_a_visit_ends_by_itself_and_by_a_button_and_is_deleted(eva: Staff) -> None:
    maria = factories.citizen()
    own = sent_by(maria)
    visit = identified(eva, maria)
    with clock.at(clock.now() + VISIT_TTL):
        assert shown(eva, visit, own) is None
    with db.transaction():
        again = visits.visit_of(eva, visit.id)
        assert again
        visits.end(again)
    assert shown(eva, visit, own) is None
    with db.transaction():
        assert visits.delete_old() == 1


def test_a_visitor_who_cancels_shows_nothing(eva: Staff) -> None:
    with db.transaction():
        number = str(visits.begin(eva).number)
    token = claimed(number)
    assert token
    maria = factories.citizen()
    with db.transaction():
        visits.cancel(token)
        assert visits.identify(maria, token) is None


def test_nobody_serves_themselves(eva: Staff) -> None:
    with db.transaction():
        number = str(visits.begin(eva).number)
    token = claimed(number)
    assert token
    with pytest.raises(visits.OwnVisit), db.transaction():
        visits.identify(Citizen(eva.person), token)
    assert visits.claimed_visit(token)


def test_a_code_that_opens_no_more_ends_the_visit(eva: Staff) -> None:
    receipt = factories.send_in()
    with db.transaction():
        visit = visits.begin_with_code(eva, CodeHolder(receipt.case))
    assert visit.state is VisitState.OPEN
    assert shown(eva, visit, receipt)
    with db.transaction() as writer:
        writer.get_one(Case, receipt.case).reader_changed_at = clock.now()
    assert shown(eva, visit, receipt) is None


# What is said.
def say(actor: Staff, receipt: Receipt, known: KnownBy = KnownBy.STAFF, **more: Any) -> None:
    factories.act(replies.record_reply, actor, receipt, "Det gäller båda gungorna.", Via.PHONE, known, **more)


def test_what_a_known_sender_says_has_the_effects_of_a_reply(eva: Staff) -> None:
    for status, event in [
        (Status.RECEIVED, "ReplyRecorded"),
        (Status.AWAITING_CITIZEN, "SupplementRecorded"),
        (Status.CLOSED, "CaseReopenedByRecord"),
    ]:
        receipt = brought_to(status)
        say(eva, receipt)
        assert told(receipt)[-1] == event
        case = factories.case(receipt)
        assert case.status is (Status.RECEIVED if status is Status.RECEIVED else Status.IN_PROGRESS)
        assert case.paused_on is None
        assert factories.entries(receipt)[-1].details["known"] == KnownBy.STAFF
        message = last_message(receipt)
        assert (message.direction, message.via, message.known) == (Direction.IN, Via.PHONE, KnownBy.STAFF)
        assert message.author_id == eva.membership


@pytest.mark.parametrize("status", Status)
def test_what_anybody_may_have_said_changes_nothing_else(eva: Staff, status: Status) -> None:
    receipt = brought_to(status)
    before = factories.case(receipt)
    kept = before.status, before.due_answer, before.paused_on, before.contacted_at, before.code
    say(eva, receipt, KnownBy.UNVERIFIED)
    case = factories.case(receipt)
    assert (case.status, case.due_answer, case.paused_on, case.contacted_at, case.code) == kept
    assert told(receipt)[-1] == "UnverifiedReplyRecorded"


@pytest.mark.parametrize("make", [protected, secret, contested])
def test_what_anybody_may_have_said_does_not_belong_in_such_a_case(
    eva: Staff, make: Callable[[Receipt], None]
) -> None:
    receipt = factories.send_in()
    make(receipt)
    officer = factories.member("anna")
    with pytest.raises(NotAllowed):
        say(officer, receipt, KnownBy.UNVERIFIED)


def test_a_second_click_is_the_same_message(eva: Staff) -> None:
    receipt = factories.send_in()
    say(eva, receipt)
    say(eva, receipt)
    assert len(queries.messages(System(), factories.case(receipt))) == 2


def test_what_was_said_earlier_came_in_then_and_is_registered_now(eva: Staff) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        receipt = factories.send_in()
    said_at = clock.now() - timedelta(days=1)
    say(eva, receipt, at=said_at)
    assert last_message(receipt).arrived_at == said_at
    with pytest.raises(WrongMoment):
        say(eva, receipt, at=clock.now() + timedelta(hours=1))
    with pytest.raises(WrongMoment):
        say(eva, receipt, at=clock.now() - timedelta(days=4))


def test_a_pause_does_not_end_before_it_began(eva: Staff) -> None:
    with clock.at(clock.now() - timedelta(days=5)):
        receipt = factories.send_in()
    factories.act(handling.request_supplement, factories.member("anna"), receipt, "Vilken gunga?")
    say(eva, receipt, at=clock.now() - timedelta(days=2))
    case = factories.case(receipt)
    assert all(begun <= ended for begun, ended in case.pauses)


def test_the_register_says_that_nobody_knows_who_said_it(eva: Staff) -> None:
    receipt = factories.send_in()
    say(eva, receipt, KnownBy.UNVERIFIED)
    clerk = factories.records_officer("park", "samir")
    today = clock.today()
    page = register.entries(clerk, register.boards(clerk)[0], Period(today, today))
    assert [row.named_as for row in page.rows] == [NamedAs.ANONYMOUS, NamedAs.UNVERIFIED]


def test_the_handler_is_notified_and_the_sender_gets_word(eva: Staff) -> None:
    receipt = factories.send_in(email="maria@exempel.se", name="Maria Ek")
    before = len(factories.letters())
    say(eva, receipt, KnownBy.UNVERIFIED)
    assert len(factories.letters()) == before
    factories.act(replies.record_reply, eva, receipt, "Och klätterställningen.", Via.DESK, KnownBy.STAFF)
    assert len(factories.letters()) == before + 1
