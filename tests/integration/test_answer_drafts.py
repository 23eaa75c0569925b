"""Drafts of answers: whose they are, how long they live, and that no text is lost or left behind."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock, db
from portal.audit.company import recent_colleagues
from portal.cases import queries
from portal.cases.actions import handling, routing
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.models import AnswerDraft
from portal.cases.enums import HandoverGround
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import NotAllowed
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.web import steps

TEXT = "Vi har börjat.\n\nÅÄÖ"


def keep(actor: Staff, receipt: Receipt, body: str = TEXT, version: int | None = None) -> None:
    factories.act(answer_drafts.save_draft, actor, receipt, body, version)


def kept(actor: Staff, receipt: Receipt) -> AnswerDraft | None:
    return answer_drafts.get_draft(actor, factories.case(receipt))


def test_a_draft_is_private_encrypted_and_one_for_each_writer(inside: Flask) -> None:
    receipt, anna, eva = (
        factories.send_in(),
        factories.member(),
        factories.member("eva", Role.REGISTRAR, None),
    )
    version = factories.case(receipt).version
    for body in ("Första", TEXT):
        keep(anna, receipt, body)
    found = kept(anna, receipt)
    assert found
    assert (found.body, found.version) == (TEXT, version)
    assert kept(eva, receipt) is None
    assert [other.name for other in recent_colleagues(eva, factories.case(receipt)) if other.draft_at] == [
        "Anna"
    ]
    assert recent_colleagues(anna, factories.case(receipt)) == []
    assert steps.count("answer_draft") == 1
    assert "börjat" not in steps.everything()
    assert factories.case(receipt).version == version


@pytest.mark.parametrize("close", [False, True])
def test_the_draft_goes_when_the_answer_is_sent_and_does_not_come_back(inside: Flask, close: bool) -> None:
    receipt, anna, eva = (
        factories.send_in(),
        factories.member(),
        factories.member("eva", Role.REGISTRAR, None),
    )
    keep(anna, receipt)
    keep(eva, receipt, "Mitt eget")
    factories.act(handling.answer, anna, receipt, TEXT, close=close)
    # The browser was about to save it once more.
    keep(anna, receipt)
    assert kept(anna, receipt) is None
    assert kept(eva, receipt)


def test_an_empty_text_is_no_draft(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    keep(anna, receipt)
    keep(anna, receipt, " \n")
    assert steps.count("answer_draft") == 0


def test_a_draft_lives_thirty_days_after_it_was_last_saved(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    with clock.at(clock.now() - answer_drafts.TTL):
        keep(anna, receipt)
        assert kept(anna, receipt)
    assert kept(anna, receipt) is None
    assert answer_drafts.list_drafts(anna) == []
    factories.run_jobs()
    assert steps.count("answer_draft") == 0
    with clock.at(clock.now() - answer_drafts.TTL + timedelta(minutes=2)):
        keep(anna, receipt)
    with clock.at(clock.now() + timedelta(minutes=1)):
        factories.run_jobs()
    assert kept(anna, receipt)


def test_the_text_stays_with_its_writer_when_the_case_does_not(inside: Flask) -> None:
    receipt, anna, eva = (
        factories.send_in(),
        factories.member(),
        factories.member("eva", Role.REGISTRAR, None),
    )
    keep(anna, receipt)
    elsewhere = organisation.category("forskoleplats")
    factories.act(routing.hand_over, eva, receipt, elsewhere, ground=HandoverGround.NO_SECRECY)
    db.close_read_session()
    (own,) = answer_drafts.list_drafts(anna)
    assert (own.draft.body, own.case) == (TEXT, None)
    assert answer_drafts.list_drafts(eva) == []
    for who, left in ((eva, 1), (anna, 0)):
        with db.transaction():
            answer_drafts.discard_draft(who, own.draft.id)
        assert steps.count("answer_draft") == left


def test_who_only_reads_keeps_no_draft(inside: Flask) -> None:
    receipt, reader = factories.send_in(), factories.member("eva", Role.RECORDS_OFFICER, None)
    with pytest.raises(NotAllowed):
        keep(reader, receipt)
    assert queries.case_by_id(reader, receipt.case)
    assert steps.count("answer_draft") == 0
