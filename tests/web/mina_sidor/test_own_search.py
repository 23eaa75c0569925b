"""Search on Mina sidor: words and numbers of a person's own cases, and nothing that only staff may read."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import handling
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case
from portal.cases.search import hits, index, queries
from portal.cases.senders import search
from portal.identity.actors import Citizen, Staff
from tests import bulk_cases, factories, statements
from tests.page import Document, Page
from tests.web import steps

SignedIn = Callable[[Citizen], Page]


@pytest.fixture
def anna(app: Flask, travel: steps.Travel) -> Staff:
    return factories.member()


@pytest.fixture
def sent(anna: Staff) -> Receipt:
    """A case of Maria's with an answer and a note of staff."""
    receipt = own_case("maria", subject="Gungan är trasig", body="Den vid dammen gick sönder i går.")
    factories.act(handling.take, anna, receipt)
    factories.act(handling.note, anna, receipt, "Snickaren Bertil ringer.")
    with db.transaction() as session:
        case = session.get_one(Case, receipt.case)
        case.internal_subject = "Internt: gungan"
        index.mark_changed(case)
    factories.act(handling.answer, anna, receipt, "Vi lagar gungställningen på tisdag.")
    return receipt


@pytest.fixture
def maria(sent: Receipt, citizen_page: SignedIn) -> Page:
    return citizen_page(factories.citizen())


def own_case(name: str, **values: str) -> Receipt:
    return factories.send_as(factories.citizen(name), **values)


def find(page: Page, words: str) -> Document:
    return page.submit(page.get("/mina-sidor"), ".own-search", changes={"sok": words}, status=200)


def test_a_case_is_found_by_its_subject_text_answer_and_number(maria: Page) -> None:
    for words in ("gungan", "dammen", "gungställningen tisdag", "trasig tisdag", "lagar", "KB-2026-1"):
        found = find(maria, words)
        assert "Gungan är trasig" in found.links, words
        assert found.text_of("#utfall") == "Ett ärende."


def test_what_only_staff_may_read_is_not_found(maria: Page) -> None:
    for words in ("snickaren", "bertil", "gungan bertil", "internt"):
        assert not find(maria, words).has(".case-rows"), words


def test_the_sentence_with_the_words_is_shown_and_marked(maria: Page) -> None:
    found = find(maria, "tisdag")
    assert found.text_of(".question") == "Vi lagar gungställningen på tisdag."
    assert found.text_of("mark") == "tisdag"


def test_the_cases_of_others_are_not_found(maria: Page, citizen_page: SignedIn) -> None:
    own_case("yusuf", subject="Gungan gnisslar", body="Hör här.")
    assert "Gungan gnisslar" not in find(maria, "gungan").text
    other = find(citizen_page(factories.citizen("yusuf")), "KB-2026-1")
    assert not other.has(".case-rows")


def test_a_search_without_words_and_one_without_hits_say_so(maria: Page) -> None:
    assert not maria.get("/mina-sidor/sok").has("#utfall")
    assert "Prova färre ord" in find(maria, "elefant").text_of("#utfall")
    assert "Skriv minst ett ord" in find(maria, "och").text_of("#utfall")


def test_the_statements_that_are_kept_for_shapes_of_words_are_bounded() -> None:
    for statement in (search._matching, hits._candidates_query, queries._hits):
        assert statement.cache_info().maxsize == 256


def test_many_cases_are_shown_twenty_at_a_time_with_as_many_statements(maria: Page) -> None:
    person = factories.citizen()
    bulk_cases.cases(45, sender_person_id=person.person, public_subject="Soptunnan är full")
    first = find(maria, "soptunnan")
    assert len(first.all(".case-rows li")) == 20
    with statements.counted() as counted:
        second = maria.get(first.links["Visa fler"])
    assert len(second.all(".case-rows li")) == 40
    assert len(counted) <= 5
