"""The survey after closing: who is asked, that an answer counts once, and that nothing ties it to a case."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from time_machine import TimeMachineFixture

from portal import db
from portal.cases import queries
from portal.cases.actions import handling, protection, sender
from portal.cases.enums import ReplyBy
from portal.cases.groups import merging
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action
from portal.identity.actors import Role, Staff, System
from portal.statistics.survey_rules import SurveyCount
from portal.statistics.surveys import survey_counts
from portal.surveys import answers, comments, invitations
from portal.surveys.models import SurveyAnswer, SurveyComment, SurveyInvitation
from portal.surveys.rules import Helped, Treatment
from tests import factories
from tests.cases import MONDAY, do, pair

DAY = dt.timedelta(days=1)
BODY = "Svaret kom fort."


@pytest.fixture(autouse=True)
def monday(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


def token(receipt: Receipt) -> str:
    """The token that the page of the case links to."""
    return invitations.token_for(factories.case(receipt))


def answered(token: str, helped: Helped = Helped.YES, comment: str = "") -> bool:
    with db.transaction():
        return answers.answer(token, helped, Treatment.GOOD, comment) is not None


def count(model: type[db.Base]) -> int:
    db.close_read_session()
    return db.session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def closed(**more: object) -> Receipt:
    receipt = factories.send_in(**more)
    do(Action.ANSWER_AND_CLOSE, factories.member(), receipt)
    return receipt


def by(*actions: Action) -> Callable[[Staff, Receipt], None]:
    def bring(officer: Staff, receipt: Receipt) -> None:
        for action in actions:
            do(action, officer, receipt)

    return bring


def thanked(officer: Staff, receipt: Receipt) -> None:
    do(Action.ANSWER, officer, receipt)
    do(Action.THANK, factories.sender(receipt), receipt)


def with_another(officer: Staff, receipt: Receipt) -> None:
    other = factories.send_in()
    pair(merging.merge, officer, receipt, other, "Vi svarar er tillsammans.")
    do(Action.ANSWER_AND_CLOSE, officer, other)


def withdrawn(officer: Staff, receipt: Receipt) -> None:
    do(Action.WITHDRAW, factories.sender(receipt), receipt)


def protected(officer: Staff, receipt: Receipt) -> None:
    factories.act(protection.protect, officer, receipt)
    do(Action.ANSWER_AND_CLOSE, officer, receipt)


def hidden(officer: Staff, receipt: Receipt) -> None:
    do(Action.HIDE_SENDER, officer, receipt)
    do(Action.ANSWER_AND_CLOSE, officer, receipt)


def secret(officer: Staff, receipt: Receipt) -> None:
    do(Action.MARK_SECRECY, officer, receipt)
    do(Action.ANSWER_AND_CLOSE, officer, receipt)


ASKED = {
    "answered and closed": by(Action.ANSWER_AND_CLOSE),
    "answered, then closed": by(Action.ANSWER, Action.CLOSE),
    "thanked": thanked,
    "answered with another": with_another,
}
NOT_ASKED = {
    "answered": by(Action.ANSWER),
    "withdrawn": withdrawn,
    "transferred": by(Action.TRANSFER),
    "redirected": by(Action.REDIRECT),
    "passed on": by(Action.FORWARD),
    "protected": protected,
    "hidden": hidden,
    "secret": secret,
}


def test_who_was_answered_and_closed_is_asked_and_no_other(inside: Flask) -> None:
    officer, asked = factories.member(), set()
    for state, bring in (ASKED | NOT_ASKED).items():
        receipt = factories.send_in(email="maja@exempel.se")
        bring(officer, receipt)
        if token(receipt):
            asked.add(state)
    assert asked == set(ASKED)


def test_only_a_fingerprint_of_the_link_is_stored(inside: Flask) -> None:
    link = token(closed())
    assert len(link) == 22
    db.close_read_session()
    (row,) = db.session().scalars(sa.select(SurveyInvitation))
    assert link not in repr([row.token, row.nonce])


def test_an_answer_counts_once(inside: Flask) -> None:
    receipt = closed()
    link = token(receipt)
    assert answered(link, comment=BODY)
    assert not answered(link, Helped.NO, BODY)
    assert (count(SurveyAnswer), count(SurveyComment), token(receipt)) == (1, 1, "")


def test_nothing_that_is_kept_of_an_answer_names_its_case_or_its_moment(inside: Flask) -> None:
    assert answered(token(closed()), comment=BODY)
    for model in (SurveyAnswer, SurveyComment):
        columns = model.__table__.columns
        assert {key.column.table.name for key in model.__table__.foreign_keys} == {"unit", "board"}
        assert not [column.name for column in columns if isinstance(column.type, db.UtcDateTime)]
    # The invitation remembers that it was answered, and nothing else was written to it.
    assert {column.name for column in SurveyInvitation.__table__.columns} == {
        *("id", "nonce", "token", "case_id", "unit_id", "board_id", "kind", "asked_on", "answered")
    }


def test_a_link_is_open_for_thirty_days_and_its_case_is_asked_again_after_ninety(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    receipt = closed()
    link = token(receipt)
    monday.move_to(MONDAY + 29 * DAY)
    assert token(receipt) == link
    monday.move_to(MONDAY + 30 * DAY)
    assert (token(receipt), answered(link)) == ("", False)
    close_again(receipt)
    assert token(receipt) == ""
    monday.move_to(MONDAY + 90 * DAY)
    with db.transaction():
        assert invitations.delete_old() == 1
    close_again(receipt)
    assert token(receipt) not in ("", link)


def close_again(receipt: Receipt) -> None:
    officer = factories.member("samir")
    factories.act(sender.reply, factories.sender(receipt), receipt, "En sak till.")
    factories.act(handling.answer, officer, receipt, "Ja.", close=True)


def test_the_letter_has_the_link_and_a_text_message_has_no_room_for_it(inside: Flask) -> None:
    receipt = closed(email="maja@exempel.se")
    closed(reply_by=ReplyBy.SMS, phone="+46701740605")
    mail, text = [letter.text or "" for letter in factories.letters() if letter.name == "answered"]
    assert f"/enkat/{token(receipt)}" in mail
    assert "/enkat/" not in text


def test_a_letter_about_an_open_or_a_transferred_case_has_no_link(inside: Flask) -> None:
    officer = factories.member()
    receipt, transferred = (factories.send_in(email="maja@exempel.se") for _ in range(2))
    linked = []
    for case, action in ((receipt, Action.ANSWER), (receipt, Action.CLOSE), (transferred, Action.TRANSFER)):
        do(action, officer, case)
        letter = factories.letters()[-1]
        linked.append((letter.name, "/enkat/" in (letter.text or "")))
    assert linked == [("answered", False), ("closed", True), ("closed", False)]


def test_a_head_counts_the_answers_of_their_units_alone(inside: Flask) -> None:
    assert answered(token(closed()))
    day, head = MONDAY.date(), factories.member("samir", Role.HEAD_OF_UNIT)
    elsewhere = factories.member("samir", Role.HEAD_OF_UNIT, "gata")
    expected = [SurveyCount(day, Helped.YES, Treatment.GOOD, 1)]
    assert list(survey_counts(head, day)) == expected
    assert list(survey_counts(head, day + DAY)) == list(survey_counts(elsewhere, day)) == []


def test_free_texts_are_read_by_the_head_of_the_unit_and_the_records_of_its_board(inside: Flask) -> None:
    assert answered(token(closed()), comment=BODY)

    def read(actor: Staff) -> list[str]:
        db.close_read_session()
        return [row.body for row in comments.list_comments(actor).rows]

    readers = [
        factories.member("samir", Role.HEAD_OF_UNIT),
        factories.records_officer("park"),
        factories.records_officer(),
    ]
    others = [
        factories.member("samir", Role.HEAD_OF_UNIT, "gata"),
        factories.records_officer("grundskola"),
        factories.member(),
        factories.member("eva", Role.REGISTRAR, None),
    ]
    # Of no board, where the registry is not common.
    others.append(replace(readers[-1], common_registry=False))
    assert [read(actor) for actor in readers] == [[BODY]] * 3
    assert [comments.reads_comments(actor) for actor in readers] == [True] * 3
    assert [read(actor) for actor in others] == [[]] * 5
    assert not comments.reads_comments(others[-1])


def test_a_case_that_is_opened_again_can_still_be_answered_about_as_it_was(inside: Flask) -> None:
    receipt = closed()
    link = token(receipt)
    factories.act(sender.not_satisfied, factories.sender(receipt), receipt, "Nej.")
    # The page of the case asks no more, but the letter's link holds.
    assert token(receipt) == ""
    assert answered(link, Helped.NO)
    case = queries.case_by_id(System(), receipt.case)
    assert case
    assert case.unsatisfied
