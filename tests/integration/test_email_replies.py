"""A letter that is written back becomes a message of the case: it is kept, marked, and opens nothing."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.actions import email_replies, protection, secrecy
from portal.cases.enums import Direction, TaskKind, Via
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import NotAllowed, Status
from portal.cases.models import Case
from portal.identity.actors import System
from tests import factories
from tests.cases import brought_to, told


def letter(receipt: Receipt, body: str = "Tack, men när?") -> None:
    factories.act(email_replies.receive_email, System(), receipt, body)


def messages(receipt: Receipt) -> list[tuple[Direction, Via, str]]:
    rows = queries.messages(System(), factories.case(receipt))
    return [(row.direction, row.via, row.body) for row in rows]


def promise(case: Case) -> tuple[object, ...]:
    return case.status, case.due_answer, case.due_contact, case.paused_on, case.contacted_at, case.code


@pytest.mark.parametrize("status", Status)
def test_a_letter_is_a_message_and_a_task_and_nothing_else_changes(inside: Flask, status: Status) -> None:
    receipt = brought_to(status)
    before = promise(factories.case(receipt))
    letter(receipt)
    assert messages(receipt)[-1] == (Direction.IN, Via.EMAIL, "Tack, men när?")
    assert promise(factories.case(receipt)) == before
    assert factories.open_tasks(receipt) == [TaskKind.EMAIL_REPLY]
    assert told(receipt)[-1] == "ReplyReceivedByEmail"


def test_what_the_sender_wrote_on_the_portal_is_not_marked(inside: Flask) -> None:
    assert messages(factories.send_in()) == [(Direction.IN, Via.WEB, "Ingen skylt säger varför.")]


def test_two_letters_are_two_messages_and_one_task(inside: Flask) -> None:
    receipt = factories.send_in()
    letter(receipt, "Ett")
    letter(receipt, "Ett")
    assert [body for _direction, via, body in messages(receipt) if via is Via.EMAIL] == ["Ett", "Ett"]
    assert factories.open_tasks(receipt) == [TaskKind.EMAIL_REPLY]


def test_nobody_but_the_portal_itself_receives_letters(inside: Flask) -> None:
    receipt = factories.send_in()
    for actor in (factories.sender(receipt), factories.member(unit=None)):
        with pytest.raises(NotAllowed):
            factories.act(email_replies.receive_email, actor, receipt, "Hej")


def protected(receipt: Receipt) -> None:
    factories.act(protection.protect, factories.member(unit=None), receipt)


def secret(receipt: Receipt) -> None:
    factories.act(secrecy.mark_secrecy, factories.member(unit=None), receipt, "halsa", confirmed=True)


def contested(receipt: Receipt) -> None:
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        case.reader_contested_at = case.received_at


@pytest.mark.parametrize("make", [protected, secret, contested])
def test_a_case_where_a_letter_does_not_belong_takes_none(
    inside: Flask, make: Callable[[Receipt], None]
) -> None:
    receipt = factories.send_in(email="maria@exempel.se", name="Maria")
    make(receipt)
    before = messages(receipt)
    with pytest.raises(NotAllowed):
        letter(receipt)
    assert messages(receipt) == before
