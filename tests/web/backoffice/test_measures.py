"""Measures on the page of a case, and the page of every measure."""

from base64 import urlsafe_b64encode

import pytest
from flask import Flask

from portal.cases.actions import handling
from portal.cases.intake.submission import Receipt
from portal.cases.measures import actions as measures
from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Page
from tests.web import steps

ALL = "/handlaggning/atgarder"
# After every measure there is.
LATER = urlsafe_b64encode(b"measures 5000-01-01T00:00:00+00:00 1").decode()


@pytest.fixture
def sent(app: Flask, anna: Staff) -> Receipt:
    """A closed case."""
    with app.app_context():
        receipt = factories.send_in(subject="Gungan <b>är trasig")
        factories.act(handling.answer, anna, receipt, "I dag.", close=True)
    return receipt


def do(page: Page, sent: Receipt, action: str, **options: object) -> object:
    return page.follow(steps.act(page, factories.number(sent), action, **options))


def test_a_closed_case_gets_a_measure_and_a_proposal_that_is_settled_by_its_buttons(
    page: Page, sent: Receipt
) -> None:
    do(page, sent, "measure", changes={"body": "Skylten är uppe."})
    shown = do(page, sent, "propose", changes={"body": "En skylt <samma> dag.\n\nAlltid."})
    assert "Förslaget är sparat." in shown.text
    listed = [each.get_text(" ", strip=True) for each in shown.all("[aria-labelledby=atgarder] article")]
    assert [text.split()[0] for text in listed] == ["Förbättringsförslag", "Åtgärd"]
    assert "En skylt <samma> dag." in listed[0]
    settled = page.follow(page.submit(shown, "form[action$='/decide']"))
    assert "Förslaget ska genomföras." in settled.text
    assert "Beslutat: Anna, Parkenheten, i dag" in settled.text_of(".settled")
    assert not settled.has("form[action$='/decide']")
    done = page.follow(page.submit(settled, "form[action$='/carry_out']"))
    assert not done.has("[aria-labelledby=atgarder] form")


def test_a_measure_that_is_empty_is_asked_for_at_its_field(page: Page, sent: Receipt) -> None:
    shown = page.get(steps.case_address(factories.number(sent)))
    asked = page.submit(shown, "form[action$='/measure']", changes={"body": " "}, status=422)
    assert asked.errors() == ["Skriv åtgärden först"]


@pytest.mark.parametrize("measure", ["", "99", "x", "9" * 40])
def test_a_proposal_that_is_not_there_is_no_fault_of_ours(page: Page, sent: Receipt, measure: str) -> None:
    fields = {"measure": measure, "csrf_token": steps.token(page)}
    told = page.post(steps.case_address(factories.number(sent), "/decide"), fields, 422)
    assert told.text_of(".ds-error-summary li") in (
        "Välj ett förslag",
        "Förslaget finns inte i det här ärendet.",
    )


def test_a_measure_is_nothing_that_the_sender_reads(
    app: Flask, page: Page, sent: Receipt, anna: Staff
) -> None:
    with app.app_context():
        factories.act(measures.propose, anna, sent, "Kanariefågel")
    visitor = Page(app.test_client())
    followed = visitor.follow(steps.open_case(visitor, factories.number(sent), sent.code))
    assert "Kanariefågel" not in followed.html
    assert "förbättring" not in followed.html


def test_a_reader_sees_measures_and_no_buttons(
    app: Flask, sent: Receipt, anna: Staff, staff_page: steps.SignIn
) -> None:
    with app.app_context():
        factories.act(measures.propose, anna, sent, "En skylt.")
    reader = staff_page(factories.member("eva", Role.RECORDS_OFFICER, None))
    shown = reader.get(steps.case_address(factories.number(sent)))
    assert "En skylt." in shown.text
    assert not shown.has("[aria-labelledby=atgarder] form")


def test_the_page_of_measures_leads_to_their_cases_and_back_to_what_was_chosen(
    page: Page, sent: Receipt
) -> None:
    assert "Inga åtgärder än" in page.get(ALL).text
    do(page, sent, "measure", changes={"body": "Skylten är uppe. " * 40})
    do(page, sent, "propose", changes={"body": "En skylt samma dag."})
    shown = page.get(ALL)
    assert (shown.h1, len(shown.all("article"))) == ("Åtgärder", 2)
    assert shown.text_of(".site-nav [aria-current]") == "Åtgärder"
    assert shown.all("article")[1].select_one(".message-body").get_text().endswith(" …")
    chosen = page.submit(shown, "form.filter", changes={"typ": "proposal", "enhet": "park"})
    assert len(chosen.all("article")) == 1
    assert chosen.find("#typ [selected]")["value"] == "proposal"
    assert "Inget passar" in page.submit(chosen, "form.filter", changes={"lage": "rejected"}).text
    assert page.get(chosen.links[factories.number(sent)]).h1 == "Gungan <b>är trasig"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("typ=x", "Typen i adressen"),
        ("lage=%00", "Läget i adressen"),
        ("enhet=aldre", "Enheten i adressen"),
        ("efter=1-x", "Sidan i adressen"),
        (f"efter={LATER}&typ=taken", ""),
    ],
)
def test_an_address_that_cannot_be_used_is_passed_over_with_a_word(
    page: Page, asked: str, words: str
) -> None:
    shown = page.get(f"{ALL}?{asked}")
    assert [text.get_text().startswith(words) for text in shown.all(".ds-alert")] == ([True] if words else [])


def test_the_pages_of_measures_follow_each_other(app: Flask, page: Page, sent: Receipt, anna: Staff) -> None:
    with app.app_context():
        for place in range(27):
            factories.act(measures.note_measure, anna, sent, f"Åtgärd {place}")
    first = page.get(f"{ALL}?typ=taken")
    second = page.get(first.links["Nästa"])
    assert [len(each.all("article")) for each in (first, second)] == [25, 2]
    assert "typ=taken" in second.links["Till de nyaste"]
    assert "Nästa" not in second.links
