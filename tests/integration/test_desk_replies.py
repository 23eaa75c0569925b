"""What is never public, and what staff write down: who may, what is new, and what the sender is sent."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock, db
from portal.cases.desk import questions, replies
from portal.cases.enums import KnownBy, LegalMatter, Via
from portal.cases.lifecycle import NotAllowed
from portal.cases.models import Case
from portal.identity.actors import Role, Staff
from tests import factories


@pytest.fixture
def eva(inside: Flask) -> Staff:
    """A registrar."""
    return factories.member("eva", Role.REGISTRAR, None)


@pytest.mark.parametrize("known", list(KnownBy))
def test_who_may_only_read_writes_nothing_down(inside: Flask, known: KnownBy) -> None:
    archive = factories.records_officer("park", name="anna")
    receipt = factories.send_in()
    with pytest.raises(NotAllowed):
        factories.act(replies.record_reply, archive, receipt, "Från arkivet", Via.PHONE, known)
    assert len(factories.case(receipt).messages) == 1


def test_the_same_words_by_another_way_or_of_another_time_are_new(eva: Staff) -> None:
    receipt = factories.send_in()
    at = clock.now() + timedelta(minutes=2)
    said: list[tuple[Via, KnownBy, Any]] = [
        (Via.PHONE, KnownBy.UNVERIFIED, None),
        (Via.PHONE, KnownBy.STAFF, None),
        (Via.LETTER, KnownBy.STAFF, None),
        (Via.LETTER, KnownBy.STAFF, at),
    ]
    with clock.at(at + timedelta(hours=1)):
        for via, known, moment in said:
            for _click in range(2):
                factories.act(replies.record_reply, eva, receipt, "Det är fel", via, known, moment)
    told_of = [(message.via, message.known) for message in factories.case(receipt).messages[1:]]
    assert told_of == [(via, known) for via, known, _moment in said]


@pytest.mark.parametrize(
    ("via", "lead"),
    [
        (Via.PHONE, "Vi har skrivit ned det du berättade."),
        (Via.DESK, "Vi har skrivit ned det du berättade."),
        (Via.LETTER, "Vi har skrivit ned det du lämnade."),
    ],
)
def test_the_sender_may_say_that_it_was_not_what_they_told(eva: Staff, via: Via, lead: str) -> None:
    receipt = factories.send_in(email="maja@exempel.se", name="Maja Ek")
    factories.act(replies.record_reply, eva, receipt, "Kedjan är av.", via, KnownBy.STAFF)
    letter = factories.letters()[-1]
    assert letter.name == "written_down"
    text = letter.text or ""
    assert lead in text
    assert "Om det inte stämmer skriver du tillbaka i ärendet." in text
    assert lead.removesuffix(".") in (letter.subject or "")
    assert "det du skrev" not in text


@pytest.mark.parametrize("matter", list(LegalMatter))
def test_not_even_the_existence_of_a_report_is_public(eva: Staff, matter: LegalMatter) -> None:
    receipt = factories.send_in()
    with db.transaction() as writer:
        writer.get_one(Case, receipt.case).legal_matter = matter
    is_report = matter in (LegalMatter.CHILD_CONCERN, LegalMatter.WHISTLEBLOWING)
    assert (questions.public_case(eva, receipt.year, receipt.number) is None) == is_report
