"""Open fault reports by place: what a member of staff may see of them, street by street, and no more."""

from typing import Any

import pytest
from flask import Flask

from portal import db
from portal.audit.models import Read, Reading
from portal.cases.actions import handling, secrecy
from portal.cases.enums import Kind
from portal.cases.intake.submission import Receipt
from portal.cases.locations import listing
from portal.cases.locations.rules import Location
from portal.formats.places.coordinates import Spot
from portal.identity.actors import Role
from portal.organisation import queries as organisation
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

PLACES = "/handlaggning/platser"


def reported(place: str, topic: str = "gator", **given: Any) -> Receipt:
    location = given.pop("location", None) or Location(place)
    return factories.send_in(kind=Kind.FAULT_REPORT, category=topic, location=location, **given)


def text_of(document: Document) -> str:
    return plain(document.find("main").get_text(" ", strip=True))


def rows(document: Document) -> list[str]:
    return [plain(tag.get_text(" ", strip=True)) for tag in document.all("main ul.plain > li")]


@pytest.fixture
def registrar(app: Flask, travel: steps.Travel, staff_page: steps.SignIn) -> Page:
    """The browser of Eva of Medborgarservice, who reads all that has no secrecy."""
    return staff_page(factories.member("eva", Role.REGISTRAR, None))


def test_streets_come_with_their_number_of_reports_the_oldest_first(
    registrar: Page, travel: steps.Travel
) -> None:
    for place in ("Lundavägen 3", "Storg. 12", "vid Storgatan 2", "lekplatsen"):
        reported(place)
        travel.shift(60)
    listed = registrar.get(PLACES)
    assert rows(listed) == [
        "Lundavägen 1 felanmälan",
        "Storg. 2 felanmälningar",
        "Platser utan gata 1 felanmälan",
    ]
    street = registrar.get(listed.links["Storg."])
    assert ["Storg. 12" in rows(street)[0], "vid Storgatan 2" in rows(street)[1]] == [True, True]
    assert "lekplatsen" in text_of(registrar.get(listed.links["Platser utan gata"]))


def test_the_list_of_streets_has_no_other_words_of_a_sender(registrar: Page) -> None:
    for place in ("Anna på tre, Kalle Svensson Storgatan 3", "Storgatan 5", "Svensson 12"):
        reported(place)
    listed = registrar.get(PLACES)
    assert sorted(rows(listed)) == ["Platser utan gata 1 felanmälan", "Storgatan 2 felanmälningar"]
    assert "svensson" not in str(listed.find("main")).casefold()
    assert db.session().query(Reading).count() == 0
    elsewhere = registrar.get(listed.links["Platser utan gata"])
    assert "Svensson 12" in rows(elsewhere)[0]
    assert elsewhere.find("h1").get_text(strip=True) == "Platser utan gata"


def test_a_topic_limits_the_list(registrar: Page) -> None:
    reported("Storgatan 1")
    reported("Storgatan 2", "parker", subject="Trasig gunga")
    listed = registrar.submit(registrar.get(PLACES), "main form", changes={"amne": "parker"}, status=200)
    assert rows(listed) == ["Storgatan 1 felanmälan"]
    street = registrar.get(listed.links["Storgatan"])
    assert ["Trasig gunga" in row for row in rows(street)] == [True]


def test_only_what_the_reader_may_see_and_is_open_is_counted(
    app: Flask, registrar: Page, travel: steps.Travel
) -> None:
    officer = factories.member("samir", unit="gata")
    secret, done = reported("Storgatan 1"), reported("Storgatan 2")
    reported("Storgatan 3", subject="Lampan är trasig")
    factories.act(secrecy.mark_secrecy, officer, secret, organisation.profile().secrecy_provisions[0].key)
    factories.act(handling.answer, officer, done, "Lagat.")
    factories.send_in(kind=Kind.COMPLAINT, location=Location("Storgatan 4"))
    listed = registrar.get(PLACES)
    assert rows(listed) == ["Storgatan 1 felanmälan"]
    assert ["Lampan" in row for row in rows(registrar.get(listed.links["Storgatan"]))] == [True]


def test_an_officer_sees_the_reports_of_their_unit_alone(page: Page) -> None:
    reported("Storgatan 1")
    reported("Parkvägen 1", "parker")
    assert rows(page.get(PLACES)) == ["Parkvägen 1 felanmälan"]


def test_the_reports_of_a_street_are_in_the_read_log(registrar: Page) -> None:
    receipt = reported("Storgatan 1", location=Location("Storgatan 1", Spot(55.63791, 13.09423)))
    listed = registrar.get(PLACES)
    assert db.session().query(Reading).count() == 0
    registrar.get(listed.links["Storgatan"])
    db.close_read_session()
    reading = db.session().query(Reading).one()
    assert (reading.case_id, reading.what) == (receipt.case, Read.LIST)


def test_a_long_list_has_pages(registrar: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    for name in ("Alvägen", "Björkvägen", "Cedervägen"):
        reported(name)
    first = registrar.get(PLACES)
    second = registrar.get(first.links["Nästa"])
    assert rows(first) == ["Alvägen 1 felanmälan", "Björkvägen 1 felanmälan"]
    assert rows(second) == ["Cedervägen 1 felanmälan"]
    assert rows(registrar.get(second.links["Föregående"])) == rows(first)


@pytest.mark.parametrize("wrong", ["?efter=xx", "?fore=%00"])
def test_a_place_in_the_list_that_was_made_up_is_refused(registrar: Page, wrong: str) -> None:
    registrar.get(PLACES + wrong, status=400)


def test_a_street_without_reports_says_so(registrar: Page) -> None:
    assert "Inga öppna felanmälningar" in text_of(registrar.get(f"{PLACES}?gata=storgata"))


def test_staff_read_the_place_of_a_case_and_its_coordinates(registrar: Page) -> None:
    spot = Location("Storgatan 12", Spot(55.63791, 13.09423), 19)
    number = factories.number(reported("", location=spot))
    shown = text_of(registrar.get(f"/handlaggning/arenden/{number}"))
    assert "Plats Storgatan 12" in shown
    assert "Koordinater 55.63791, 13.09423 (på ungefär 19 meter när)" in shown
    assert "55.63791" in text_of(registrar.get(f"/handlaggning/arenden/{number}/utskrift"))


def test_staff_register_a_fault_with_its_place(registrar: Page) -> None:
    written = {"body": "Hål i gatan.", "kind": "fault_report", "place": "48.85, 2.35"}
    form = registrar.submit(
        registrar.get("/handlaggning/registrera"), "main form", changes=written, status=422
    )
    assert "utanför Sverige" in form.find("#place-error").get_text()
    registrar.submit(form, "main form", changes={"place": "Storgatan 5"}, status=303)
    assert rows(registrar.get(PLACES)) == ["Storgatan 1 felanmälan"]


def test_staff_correct_a_place_and_what_stood_before_is_a_note(registrar: Page) -> None:
    receipt = reported("Storgatan 12", location=Location("Storgatan 12", Spot(55.63791, 13.09423), 19))
    at = f"/handlaggning/arenden/{factories.number(receipt)}"
    form = "form[action$='/correct_place']"
    wrong = registrar.submit(registrar.get(at), form, changes={"spot": "vet inte"}, status=422)
    assert "Skriv koordinater som" in text_of(wrong)
    again = registrar.submit(wrong, form, changes={"place": "Lundavägen 3", "spot": "6167428 380040"})
    shown = text_of(registrar.follow(again))
    assert "Plats Lundavägen 3 Koordinater 55.6379" in shown
    assert "Förut stod: Storgatan 12, 55.63791, 13.09423 (på ungefär 19 meter när)." in shown


def test_a_case_of_another_kind_has_no_place_to_correct(registrar: Page) -> None:
    receipt = factories.send_in()
    assert not registrar.get(f"/handlaggning/arenden/{factories.number(receipt)}").has(
        "form[action$='/correct_place']"
    )
