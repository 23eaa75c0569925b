"""Parts of a case: the sender is notified of each, and one code or sign-in opens them all."""

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases import clocks, queries
from portal.cases.actions import protection, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import HandoverGround, LegalMatter, ReplyBy
from portal.cases.groups import relations
from portal.cases.intake import parts
from portal.cases.intake.submission import Receipt, submit
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.identity.actors import Citizen, CodeHolder, Staff
from portal.notifications.segments import count
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import MONDAY, told


@pytest.fixture
def officer(inside: Flask, time_machine: TimeMachineFixture) -> Staff:
    """Anna, who handles the cases of the park unit, on a Monday."""
    time_machine.move_to(MONDAY, tick=False)
    return factories.member()


def split(officer: Staff, receipt: Receipt, subject: str = "Skylten saknas") -> Receipt:
    """A part of a case, as if it had a receipt of its own; it has no code."""
    with db.transaction():
        case = queries.case_by_id(officer, receipt.case)
        assert case
        part = relations.split(officer, case, subject)
        return Receipt(part.id, part.year, part.number, None, True)


def opened_from(actor: Citizen | CodeHolder, receipt: Receipt) -> list[int]:
    return [case.id for case in parts.other_parts(actor, factories.case(receipt))]


def test_the_sender_gets_the_number_and_the_date_of_a_part_by_letter(officer: Staff) -> None:
    receipt = factories.send_in(email="maja@exempel.se")
    part = split(officer, receipt)
    letter = factories.letters()[-1]
    assert (letter.name, letter.recipient, letter.case_id) == ("split", "maja@exempel.se", receipt.case)
    text = letter.text or ""
    assert f"Den andra frågan har nummer {factories.number(part)}." in text
    assert "Du får svar på den senast måndag 16 mars." in text
    assert f"/folj#{factories.number(receipt)}" in text
    assert len(factories.letters()) == 2


def test_the_sender_gets_number_and_date_in_a_single_text_message(officer: Staff) -> None:
    receipt = factories.send_in(reply_by="sms", phone="+46701740605")
    part = split(officer, receipt)
    text = factories.letters()[-1].text or ""
    assert f"{factories.number(part)}: svar senast måndag 16 mars." in text
    assert count(text).parts == 1


PROMISES = [
    ({"answer": None, "contact": 2}, "vi hör av oss senast onsdag 4 mars."),
    ({"answer": None, "contact": None}, "Den andra frågan är {number}."),
]


@pytest.mark.parametrize(("promise", "told"), PROMISES)
def test_a_part_has_the_date_that_is_promised_for_it_and_no_other(
    officer: Staff, promise: dict[str, int | None], told: str
) -> None:
    receipt = factories.send_in(reply_by="sms", phone="+46701740605")
    with db.transaction():
        case = db.session().get_one(Case, receipt.case)
        case.promise = promise
        clocks.count(case)
    part = split(officer, receipt)
    text = factories.letters()[-1].text or ""
    assert told.format(number=factories.number(part)) in text
    assert "svar senast" not in text


def test_a_protected_sender_gets_a_letter_that_says_nothing_of_it(officer: Staff) -> None:
    receipt = factories.send_in(email="maja@exempel.se", name="Maja Ek")
    factories.act(protection.protect, officer, receipt)
    part = split(officer, receipt)
    letter = factories.letters()[-1]
    assert letter.name == "split"
    assert factories.number(part) not in (letter.text or "")


def test_the_code_of_a_case_leads_to_each_part_and_back(officer: Staff) -> None:
    receipt, other = factories.send_in(), factories.send_in()
    first, second = split(officer, receipt), split(officer, receipt, "Gungan gnisslar")
    assert opened_from(factories.sender(receipt), receipt) == [first.case, second.case]
    assert opened_from(factories.sender(first), first) == [receipt.case, second.case]
    assert opened_from(factories.sender(other), other) == []
    holder = parts.holder_of_part(factories.sender(receipt), first.year, first.number)
    assert holder == CodeHolder(first.case)
    assert parts.holder_of_part(factories.sender(receipt), other.year, other.number) is None
    assert parts.holder_of_part(factories.sender(other), first.year, first.number) is None


def test_a_part_with_a_code_of_its_own_leads_nowhere_and_is_not_led_to(officer: Staff) -> None:
    receipt = factories.send_in()
    first, second = split(officer, receipt), split(officer, receipt, "Gungan gnisslar")
    with db.transaction():
        db.session().get_one(Case, first.case).code = b"another reader's"
    assert opened_from(factories.sender(first), first) == []
    assert opened_from(factories.sender(receipt), receipt) == [second.case]
    assert opened_from(factories.sender(second), second) == [receipt.case]


def test_a_part_whose_reader_is_contested_is_not_led_to(officer: Staff) -> None:
    receipt = factories.send_in()
    first = split(officer, receipt)
    with db.transaction():
        db.session().get_one(Case, first.case).reader_contested_at = clock.now()
    assert opened_from(factories.sender(receipt), receipt) == []


def test_the_code_leads_nowhere_once_the_case_is_on_mina_sidor(officer: Staff) -> None:
    receipt = factories.send_in()
    first, maria = split(officer, receipt), factories.citizen()
    factories.act(lambda _holder, case: sender_actions.adopt(maria, case), factories.sender(receipt), receipt)
    assert opened_from(factories.sender(receipt), receipt) == []
    assert opened_from(factories.sender(first), first) == []
    assert opened_from(maria, receipt) == [first.case]


def test_a_person_sees_the_parts_of_their_own_cases_alone(officer: Staff) -> None:
    maria, yusuf = factories.citizen(), factories.citizen("yusuf")
    with db.transaction():
        receipt = submit(factories.new_case(reply_by=ReplyBy.PORTAL), maria)
    part = split(officer, receipt)
    assert opened_from(maria, receipt) == [part.case]
    assert opened_from(maria, part) == [receipt.case]
    assert opened_from(yusuf, receipt) == []


# ---- A matter that must be received stays one in every part


def test_a_part_keeps_the_mark_of_a_matter_that_must_be_received_and_its_trail_says_so(
    officer: Staff,
) -> None:
    receipt = factories.send_in()
    factories.act(routing.flag_matter, officer, receipt, LegalMatter.APPEAL)
    part = split(officer, receipt)
    assert factories.case(part).legal_matter is LegalMatter.APPEAL
    assert [(entry.event, entry.details) for entry in factories.entries(part)] == [
        ("CaseReceived", {}),
        ("MatterFlagged", {"matter": "appeal"}),
    ]
    possible = allowed_actions(officer, factories.case(part))
    assert Action.FORWARD in possible
    assert not possible & {Action.REDIRECT, Action.TRANSFER, Action.ANSWER_AND_CLOSE, Action.MERGE}


def test_a_part_that_is_no_such_matter_loses_the_mark_alone(officer: Staff) -> None:
    receipt = factories.send_in()
    factories.act(routing.flag_matter, officer, receipt, LegalMatter.APPEAL)
    part = split(officer, receipt)
    factories.act(routing.flag_matter, officer, part, None)
    assert (factories.case(part).legal_matter, factories.case(receipt).legal_matter) == (
        None,
        LegalMatter.APPEAL,
    )
    assert Action.REDIRECT in allowed_actions(officer, factories.case(part))


def test_a_part_of_what_its_board_has_already_got_may_be_ended_there(officer: Staff) -> None:
    receipt = factories.send_in()
    factories.act(routing.flag_matter, officer, receipt, LegalMatter.DAMAGES)
    unit, teacher = organisation.unit("grundskola"), factories.member("samir", unit="grundskola")
    factories.act(routing.hand_over, officer, receipt, unit, HandoverGround.NO_SECRECY)
    part = split(teacher, receipt)
    assert factories.case(part).matter_passed_on == MONDAY.date()
    assert Action.ANSWER_AND_CLOSE in allowed_actions(teacher, factories.case(part))


def test_a_part_of_a_case_without_a_mark_has_none(officer: Staff) -> None:
    part = split(officer, factories.send_in())
    assert factories.case(part).legal_matter is None
    assert told(part) == ["CaseReceived"]
