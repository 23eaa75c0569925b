"""The preview is what is sent afterwards, to whom it says, and looking at it sends and writes nothing."""

import re

import pytest
from flask import Flask

from portal.cases.actions import handling
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role
from tests import factories
from tests.page import Document, Page
from tests.web import steps

TEXT = "Tack. Jag beklagar.\n\nGungan lagas på <tisdag>."
FORM = "form[action$='/answer']"


def send_in(app: Flask, **given: object) -> Receipt:
    with app.app_context():
        return factories.send_in(**given)


def read(page: Page, sent: Receipt) -> Document:
    return page.get(steps.case_address(factories.number(sent)))


def look(page: Page, sent: Receipt, body: str = TEXT) -> Document:
    return page.follow(page.submit(read(page, sent), FORM, changes={"body": body}, button="Förhandsgranska"))


def bodies(shown: Document) -> list[str]:
    return [each.get_text() for each in shown.all(".message-body")]


@pytest.mark.parametrize("button", ["Skicka svar", "Skicka och avsluta"])
def test_the_letter_that_is_shown_is_the_letter_that_is_sent(app: Flask, page: Page, button: str) -> None:
    sent = send_in(app, email="maja@exempel.se", name="Maja Ek")
    shown = look(page, sent)
    assert [row.name for row in factories.letters()] == ["received"]
    assert "Till m•••@exempel.se" in shown.text
    assert "maja@exempel.se" not in shown.text
    assert "Svar från Anna, Parkenheten" in shown.text
    own, *letters = bodies(shown)
    page.submit(shown, FORM, button=button)
    row = factories.letters()[-1]
    assert (row.name, row.subject) == ("answered", shown.text_of("section:nth-of-type(2) h3"))
    # The link to the two questions is made when the letter is.
    assert letters[button == "Skicka och avsluta"] == re.sub(r"(?<=/enkat/)\S+", "…", row.text or "")
    assert (own, TEXT in (row.text or "")) == (TEXT, True)
    assert steps.count("answer_draft") == 0


def test_to_look_sends_and_writes_nothing_but_who_read(app: Flask, page: Page) -> None:
    sent = send_in(app, email="maja@exempel.se")
    shown, before = look(page, sent), steps.stored()
    page.get(shown.path)
    after = steps.stored()
    assert len(after.pop("read_log")) == len(before.pop("read_log")) + 1
    assert after == before
    back = page.get(shown.links["Ändra"])
    assert steps.kept(back, "answer-body") == TEXT


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"email": "maja@exempel.se"}, "Avsändaren får svaret i ett mejl, och läser det i ärendet."),
        (
            {"email": "maja@exempel.se", "category": "aldre"},
            "Avsändaren får ett mejl om att svaret finns, och läser det i ärendet.",
        ),
        (
            {"reply_by": "sms", "phone": "+46701740605"},
            "Avsändaren får ett sms om att svaret finns, och läser det i ärendet.",
        ),
        ({}, "Avsändaren är anonym och läser svaret med sin kod."),
    ],
)
def test_how_it_will_be_read_is_said_in_the_form_and_in_the_preview(
    app: Flask, staff_page: steps.SignIn, travel: steps.Travel, given: dict[str, str], told: str
) -> None:
    page = staff_page(factories.member(unit="aldre" if "category" in given else "park"))
    sent = send_in(app, **given)
    assert read(page, sent).text_of("#answer-body-hint").startswith(told)
    shown = look(page, sent)
    assert told in shown.text
    assert (TEXT in "".join(bodies(shown)[1:])) is ("i ett mejl" in told)
    assert ("Sms:et" in shown.text, "Mejlet" in shown.text) == ("phone" in given, "email" in given)


def test_without_a_draft_or_a_way_to_answer_it_leads_back_to_the_case(app: Flask, page: Page) -> None:
    sent = send_in(app)
    address = steps.case_address(factories.number(sent), "/forhandsgranskning")
    page.get(address, 303)
    look(page, sent)
    factories.act(handling.answer, factories.member("eva", Role.REGISTRAR, None), sent, "Ja.", close=True)
    assert TEXT in steps.kept(page.follow(page.get(address, 303)), "mine")
    page.get(address.replace("000001", "000009"), 404)


def test_who_looked_before_a_colleague_changed_the_case_is_told_before_and_stopped_after(
    app: Flask, page: Page, travel: steps.Travel
) -> None:
    sent = send_in(app)
    shown = look(page, sent)
    travel.shift(60)
    factories.act(handling.take, factories.member("eva", Role.REGISTRAR, None), sent)
    assert "Ärendet har ändrats sedan du sparade utkastet." in page.get(shown.path).text
    late = page.submit(page.get(shown.path), FORM, status=409)
    assert steps.kept(late, "mine-body") == TEXT
    assert steps.kept(read(page, sent), "answer-body") == TEXT


def test_a_complaint_without_regret_or_thanks_is_reminded_and_never_refused(app: Flask, page: Page) -> None:
    sent = send_in(app)
    reminder = "Det är ett klagomål: beklaga det som har hänt, och tacka."
    assert reminder in read(page, sent).text
    assert reminder in look(page, sent, "Nej.").text
    assert reminder not in look(page, sent).text
    shown = look(page, sent, "Tack. [Skriv svaret här.]")
    assert "Byt ut [Skriv svaret här.] innan du skickar. Det är ett klagomål: beklaga" in shown.text
    page.submit(look(page, sent, "Nej."), FORM)


def test_an_answer_by_word_of_mouth_is_read_by_both_and_keeps_the_promise(app: Flask, page: Page) -> None:
    sent = send_in(app, email="maja@exempel.se")
    told = steps.act(
        page, factories.number(sent), "answer_orally", changes={"body": "Jag ringde. Den 1 juni."}
    )
    shown = page.follow(told)
    assert "Det muntliga svaret " in shown.text
    assert "Svar, muntligt, från Anna, Parkenheten" in shown.text
    assert "Anna svarade muntligt" in shown.text
    assert shown.text_of(".case-head .ds-tag") == "Besvarat"
    assert factories.letters()[-1].name == "answered_orally"
    assert factories.case(sent).answered_at == factories.case(sent).contacted_at
    reader = Page(app.test_client())
    assert sent.code
    mine = reader.follow(steps.open_case(reader, factories.number(sent), sent.code))
    assert "Svar, muntligt, från Anna, Parkenheten" in mine.text
    assert "Jag ringde. Den 1 juni." in mine.text
    assert "Anna skrev ned svaret som du fick muntligt" in mine.text
