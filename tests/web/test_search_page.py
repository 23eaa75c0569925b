"""Searching in the queue: what is found, where it stands, and what is said when nothing is."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.cases.actions import handling
from portal.cases.enums import ReplyBy
from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Document, Page

SignIn = Callable[[Staff], Page]


@pytest.fixture
def page(app: Flask, staff_page: SignIn) -> Page:
    """A registrar, who sees every case but the secret ones."""
    return staff_page(factories.member("eva", Role.REGISTRAR, None))


def search(page: Page, words: str, **more: str) -> Document:
    return page.get("/handlaggning/", query_string={"q": words, **more})


def subjects(shown: Document) -> list[str]:
    return [link.get_text(strip=True) for link in shown.all("td.what > a")]


def notes(shown: Document) -> list[str]:
    return [" ".join(each.get_text().split()) for each in shown.all(".ds-alert[data-color=info] p")]


def test_what_is_found_comes_newest_first_with_the_sentence_and_its_hits(page: Page) -> None:
    factories.send_in(subject="Gungan", body="Hej. En <b>gunga</b> i parken är trasig.")
    factories.send_in(subject="Parkbänk", body="Den är målad i rött.")
    factories.send_in(subject="Nytt", body="Alla gungor i parken gnisslar. Tack.")
    shown = page.submit(page.get("/handlaggning/"), "form.filters", changes={"q": "gungor park"})
    assert subjects(shown) == ["Nytt", "Gungan"]
    assert [each.get_text() for each in shown.all(".hit mark")] == ["gungor", "parken", "gunga", "parken"]
    assert shown.text_of(".hit") == "Träff i ett meddelande: Alla gungor i parken gnisslar."
    assert "En <b>gunga</b> i parken är trasig." in shown.text
    assert "2 ärenden med ”gungor park”, det senaste först" in shown.text
    assert shown.all("#q")[0]["value"] == "gungor park"


def test_filters_orders_and_pages_go_along_with_the_words(page: Page) -> None:
    for number in range(27):
        factories.send_in(subject=f"gunga {number:02d}", category="parker" if number else "gator")
    first = search(page, "gunga")
    assert subjects(first)[0] == "gunga 26"
    assert subjects(page.get(first.links["Nästa"])) == ["gunga 01", "gunga 00"]
    assert subjects(search(page, "gunga", amne="gator")) == ["gunga 00"]
    assert subjects(search(page, "gunga", ordning="oldest"))[0] == "gunga 00"


def test_a_number_leads_to_its_case_and_in_quotation_marks_to_those_that_name_it(page: Page) -> None:
    number = factories.number(factories.send_in(subject="Ett"))
    factories.send_in(subject="Två", body=f"Det gäller {number}.")
    assert page.get("/handlaggning/", query_string={"q": number}, status=303).status == 303
    assert subjects(search(page, f'"{number}"')) == ["Två", "Ett"]


def test_a_search_that_finds_nothing_says_what_was_searched_and_how_to_widen(page: Page) -> None:
    receipt = factories.send_in(subject="Gungan")
    factories.act(handling.answer, factories.member(), receipt, "Lagad.", close=True)
    shown = search(page, "gunga")
    assert (subjects(shown), shown.text_of(".empty h2")) == ([], "Inget ärende med ”gunga” här")
    assert subjects(page.get(shown.links["Sök i alla ärenden som du ser"])) == ["Gungan"]
    nothing = search(page, "elefant", vy="newest")
    assert "Vi sökte i rubriker, meddelanden, anteckningar, ärendenummer och avsändare." in nothing.text
    assert "Rensa sökningen" in nothing.links


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("och att", ["Nästan alla texter har och, att. Skriv ett ord till."]),
        ("?!*", ["Skriv minst ett ord att söka på."]),
        ("KB-2026-000999", ["Det finns inget ärende KB-2026-000999 som du kan se."]),
        ("gunga " * 1000, []),
        (" ".join(f"gunga{number}" for number in range(600)), ["Vi sökte på de första 20 orden."]),
        ('" NEAR( * \x00', []),
    ],
)
def test_what_cannot_be_searched_for_is_said_and_never_an_error(
    page: Page, words: str, said: list[str]
) -> None:
    factories.send_in(subject="Ett")
    shown = search(page, words)
    assert (notes(shown)[: len(said)], subjects(shown)) == (said, [])


def test_nobody_finds_a_secret_case_or_a_hidden_sender_and_neither_is_counted(
    app: Flask, page: Page, staff_page: SignIn
) -> None:
    factories.send_in(subject="Elefanten", category="aldre")
    factories.send_in(
        subject="Öppet", reply_by=ReplyBy.EMAIL, email="elefant@exempel.se", name="Elin Elefant"
    )
    shown = search(page, "elefant", vy="newest")
    assert subjects(shown) == ["Öppet"]
    assert shown.text_of(".hit") == "Träff på avsändaren: Elin Elefant"
    assert "1 ärende med ”elefant”" in shown.text
    archivist = staff_page(factories.member("samir", Role.RECORDS_OFFICER, None))
    assert subjects(search(archivist, "elefant", vy="newest")) == ["Öppet", "Elefanten"]
