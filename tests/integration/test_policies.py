"""Which policies a round follows is kept by the commands that answer and contact, on both databases."""

from datetime import date

import pytest
from flask import Flask

from portal.cases.actions import handling, sender
from portal.cases.enums import Kind
from portal.cases.groups import merging
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case, PastClock
from portal.db import session
from portal.identity.actors import Staff, System
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.queries import figures, total
from tests import factories
from tests.cases import pair

KIND = (
    "Tack för att du skrev. Vi beklagar att gungan är trasig. Nu har vi lagat den, "
    "och du kan gå dit igen i dag."
)
CURT = "Gungan är lagad."
NOTHING = (None, None, None)


@pytest.fixture
def anna(inside: Flask) -> Staff:
    return factories.member()


def kept(row: Case | PastClock) -> tuple[bool | None, bool | None, int | None]:
    return row.answer_thanks, row.answer_regrets, row.answer_lix


def answered(anna: Staff, text: str, **given: object) -> Receipt:
    receipt = factories.send_in(**given)
    factories.act(handling.answer, anna, receipt, text)
    return receipt


def test_the_words_of_the_first_answer_are_kept(anna: Staff) -> None:
    receipt = answered(anna, KIND)
    assert kept(factories.case(receipt))[:2] == (True, True)
    assert 0 < (factories.case(receipt).answer_lix or 0) < 40
    factories.act(handling.answer, anna, receipt, CURT)
    assert kept(factories.case(receipt))[:2] == (True, True)
    assert kept(factories.case(answered(anna, CURT))) == (False, False, None)


def test_notes_of_a_conversation_are_not_its_words(anna: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.answer_orally, anna, receipt, KIND)
    assert kept(factories.case(receipt)) == NOTHING


def test_the_index_is_for_swedish(anna: Staff) -> None:
    receipt = answered(anna, f"Thank you. I am sorry. {KIND}", language="en")
    assert kept(factories.case(receipt)) == (True, True, None)


def test_a_case_that_waits_for_the_answer_gets_its_words(anna: Staff) -> None:
    member, main = factories.send_in(), factories.send_in()
    pair(merging.merge, anna, member, main, "Vi svarar er tillsammans.")
    factories.act(handling.answer, anna, main, KIND)
    assert kept(factories.case(member)) == kept(factories.case(main))


def test_each_round_has_its_own(anna: Staff) -> None:
    receipt = answered(anna, KIND)
    factories.act(sender.reply, factories.sender(receipt), receipt, "Den är trasig igen.")
    case = factories.case(receipt)
    (past,) = session().query(PastClock).filter_by(case_id=case.id)
    assert kept(case) == NOTHING
    assert (case.contact_named, past.contact_named) == (None, False)
    assert kept(past)[:2] == (True, True)


def test_an_officer_is_named_at_a_contact_when_the_case_has_one(anna: Staff) -> None:
    called, taken, asked = (factories.send_in() for _number in range(3))
    factories.act(handling.record_call, anna, called, "Ringde.")
    factories.act(handling.take, anna, taken)
    factories.act(handling.record_call, anna, taken, "Ringde.")
    factories.act(handling.request_supplement, anna, asked, "Vilken gunga?")
    named = [factories.case(receipt).contact_named for receipt in (called, taken, asked)]
    assert named == [False, True, True]
    factories.act(handling.take, anna, called)
    factories.act(handling.record_call, anna, called, "Ringde igen.")
    assert factories.case(called).contact_named is False


def test_the_figures_count_what_is_asked_of_each_kind(anna: Staff) -> None:
    for kind in (Kind.COMPLAINT, Kind.PRAISE, Kind.QUESTION):
        answered(anna, KIND, kind=kind)
    answered(anna, CURT)
    waits = factories.send_in()
    factories.act(handling.take, anna, waits)
    factories.act(handling.record_call, anna, waits, "Ringde.")
    sums = total(figures(System(), date(2020, 1, 1), date(2030, 1, 1), Dimension.KIND))
    shares = {
        name: (sums[f"policy.{name}.followed"], sums[f"policy.{name}.total"])
        for name in ("thanks", "regret", "plain", "named")
    }
    assert shares == {"thanks": (2, 3), "regret": (1, 2), "plain": (3, 3), "named": (1, 1)}
