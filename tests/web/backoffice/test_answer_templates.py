"""Templates on the pages: fetched into an answer without losing a word, written, refused, put away."""

import pytest
from flask import Flask

from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

FORM = "form[action$='/answer']"
COMPLAINT = "Klagomål: beklaga och tacka"


@pytest.fixture
def eva(anna: Staff, staff_page: steps.SignIn) -> Page:
    return staff_page(factories.member("eva", Role.REGISTRAR, None))


def acting_as(page: Page) -> str:
    """The membership of this browser, as its forms carry it."""
    return str(page.get("/handlaggning/mallar/ny").find("[name=acting_as]")["value"])


def send_in(app: Flask, **given: object) -> str:
    with app.app_context():
        return steps.case_address(factories.number(factories.send_in(**given)))


def fetch(page: Page, address: str, name: str, body: str = "", status: int = 303) -> Document:
    shown = page.get(address)
    option = next(each for each in shown.all("#answer-template option") if each.get_text() == name)
    changes = {"template": str(option["value"]), "body": body}
    return page.submit(shown, FORM, changes=changes, button="Hämta mallen", status=status)


def test_a_template_comes_after_what_was_written_and_is_kept(app: Flask, page: Page) -> None:
    address = send_in(app, email="maja@exempel.se", name="Maja Ek")
    shown = page.follow(fetch(page, address, COMPLAINT, "Mitt eget."))
    text = steps.kept(shown, "answer-body")
    assert text.startswith("Mitt eget.\n\nHej Maja,\n\nTack för att du berättar.")
    assert text.endswith("Vänliga hälsningar\nAnna\nParkenheten, Burlövs kommun")
    refused = page.submit(shown, FORM, status=422)
    asked = "Byt ut [Skriv vad som har hänt och vad ni gör åt det.] mot dina egna ord"
    assert refused.errors() == [asked]
    own = text.replace("[Skriv vad som har hänt och vad ni gör åt det.]", "Gungan är lagad.")
    done = page.follow(page.submit(refused, FORM, changes={"body": own}))
    assert "Svaret är skickat till Maja Ek med mejl." in done.text


def test_an_anonymous_sender_is_called_nothing(app: Flask, page: Page) -> None:
    shown = page.follow(fetch(page, send_in(app), COMPLAINT))
    assert steps.kept(shown, "answer-body").startswith("Hej,\n\nTack")


def test_a_sender_who_writes_english_is_answered_in_english(app: Flask, page: Page) -> None:
    shown = page.follow(fetch(page, send_in(app, language="en"), "Complaint: regret and thank"))
    assert steps.kept(shown, "answer-body").endswith("Kind regards\nAnna\nParks unit, Burlövs kommun")


@pytest.mark.parametrize(("chosen", "told"), [("", "Välj en mall"), ("999", "Mallen finns inte längre.")])
def test_without_a_template_the_text_is_kept(app: Flask, page: Page, chosen: str, told: str) -> None:
    address = send_in(app)
    fields = page.get(address).form(FORM).fields() | {"body": "Mitt eget.", "fetch": "1", "template": chosen}
    refused = page.post(f"{address}/utkast", fields, 422)
    assert refused.errors()[0].startswith(told)
    assert refused.find(".ds-error-summary a")["href"] == "#answer-template"
    assert steps.kept(refused, "answer-body") == "Mitt eget."


def test_a_template_that_does_not_fit_is_refused_and_the_text_kept(app: Flask, page: Page) -> None:
    refused = fetch(page, send_in(app), COMPLAINT, "a" * 19_999, 422)
    assert refused.errors() == ["Mallen får inte plats. Korta ned det du har skrivit."]
    assert len(steps.kept(refused, "answer-body")) == 19_999


def write(page: Page, **changes: str) -> Document:
    form = page.get("/handlaggning/mallar/ny")
    usual = {"name": "Gungor", "body": "Hej {namn},\n\nVi lagar {rubrik}."}
    return page.submit(form, "main form", changes=usual | changes)


def test_an_officer_writes_for_the_unit_and_finds_it_in_the_case(app: Flask, page: Page, eva: Page) -> None:
    shown = page.follow(write(page))
    assert "Mallen är sparad." in shown.text
    assert "Vi lagar Lekplatsen är stängd." in shown.text
    assert "Alla typer, Svenska, Parkenheten" in shown.text
    again = page.submit(shown, "main form.panel", changes={"body": "Hej {namn},\n\nVi lagar."})
    shown = page.follow(again)
    assert [plain(each.get_text(" ", strip=True)) for each in shown.all("main summary")] == [
        "Anna, Parkenheten, i dag kl. 10.00",
        "Anna, Parkenheten, i dag kl. 10.00",
    ]
    filled = page.follow(fetch(page, send_in(app), "Gungor"))
    assert steps.kept(filled, "answer-body") == "Hej,\n\nVi lagar."
    assert "Gungor" in eva.get("/handlaggning/mallar").text


def test_an_unknown_placeholder_is_named_with_those_there_are_and_the_text_is_kept(page: Page) -> None:
    form, body = page.get("/handlaggning/mallar/ny"), "Hej {förnamn} och {namn"
    changes = {"name": "Fel", "body": body}
    refused = page.submit(form, "main form", changes=changes, status=422)
    (told,) = refused.errors()
    assert told.startswith("{förnamn}, { går inte att fylla i. Det här finns: {namn}, {nummer}, ")
    assert steps.kept(refused, "body") == body
    assert steps.kept(refused, "name") == "Fel"


def test_the_later_of_two_is_told_and_loses_nothing(page: Page, eva: Page) -> None:
    shown = page.follow(write(page))
    changes = {"body": "x", "acting_as": acting_as(page)}
    page.submit(eva.get(shown.path), "main form.panel", changes=changes, status=422)  # not hers: a token
    eva.submit(eva.get(shown.path), "main form.panel", changes={"body": "Evas"})
    late = page.submit(shown, "main form.panel", changes={"body": "Annas"}, status=422)
    assert late.errors()[0].startswith("Någon annan har sparat en ny version.")
    assert steps.kept(late, "body") == "Annas"
    assert "Evas" in late.text
    saved = page.follow(page.submit(late, "main form.panel"))
    assert saved.text_of(".message-body") == "Annas"


def test_a_shared_one_is_read_by_all_and_changed_by_those_who_keep_it(page: Page, eva: Page) -> None:
    shown = page.get("/handlaggning/mallar/1")
    assert not shown.has("main form")
    form = eva.get("/handlaggning/mallar/1").form("main form.panel")
    fields = form.fields() | {"csrf_token": steps.token(page), "acting_as": acting_as(page)}
    page.post("/handlaggning/mallar/1", fields | {"unit": "3"}, 404)
    page.post("/handlaggning/mallar/1/arkivera", {"csrf_token": steps.token(page), "away": "1"}, 404)
    page.get("/handlaggning/mallar/999", 404)


def test_one_that_is_put_away_is_offered_no_longer_until_it_is_taken_back(
    app: Flask, page: Page, eva: Page
) -> None:
    address, shown = send_in(app), eva.get("/handlaggning/mallar")
    form = "form[action$='/arkivera']"
    away = eva.follow(eva.submit(eva.get(shown.links[COMPLAINT]), form))
    assert "Mallen är arkiverad." in away.text
    assert not page.get(address).has("#answer-template")
    eva.submit(away, form)
    assert page.get(address).has("#answer-template")
    eva.post(f"{shown.links[COMPLAINT]}/arkivera", {"away": "1"}, 422)
