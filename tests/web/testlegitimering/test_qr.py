"""Testlegitimering on another device, and the page for each way that a sign-in can fail."""

import pytest
import time_machine
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.testlegitimering import create_app, development_clients
from portal.testlegitimering.sign_in.failures import FAILURES
from tests.web.testlegitimering.steps import HOME, ISSUER, MARIA, answer, ask, redeem, soup, submit

AMINA, FREYA = "198606722398", "ZZ:testperson-1"
LOA3 = '{"id_token": {"acr": {"essential": true, "values": ["http://id.elegnamnden.se/loa/1.0/loa3"]}}}'
START = "2026-05-04 10:00:00Z"


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    """The other device, with no cookie in common."""
    return app.test_client()


def heading(page: TestResponse) -> str:
    return "".join(one.get_text() for one in soup(page).select("h1"))


def buttons(page: TestResponse) -> list[str]:
    return [one.get_text() for one in soup(page).select("button")]


def qr_page(browser: FlaskClient, **asked: str) -> TestResponse:
    return submit(browser, ask(browser, **asked), button="qr")


def picture(page: TestResponse) -> Tag:
    return soup(page).select("img[data-code]")[0]


def look(browser: FlaskClient, page: TestResponse) -> TestResponse:
    """What the script of the page sends: the form, by no button."""
    pending = str(soup(page).select("input[name=pending]")[0]["value"])
    return browser.post("/qr", data={"pending": pending})


def state(browser: FlaskClient, page: TestResponse) -> str:
    return str(browser.get(str(soup(page).select("form")[0]["data-state"])).get_json()["state"])


def scan(phone: FlaskClient, page: TestResponse) -> TestResponse:
    opened = phone.get(str(soup(page).select("a")[0]["href"]))
    text = soup(opened).select("textarea")[0].get_text()
    assert text == picture(page)["data-code"]
    return phone.post("/app", data={"qr": text})


def test_the_code_is_read_and_confirmed_on_another_device_and_this_one_goes_on(
    browser: FlaskClient, phone: FlaskClient
) -> None:
    page = qr_page(browser)
    assert buttons(page) == ["Fortsätt på den här enheten", "Hämta en ny kod", "Avbryt"]
    assert state(browser, page) == "waiting"
    pick = scan(phone, page)
    assert state(browser, page) == "scanned"
    assert "Använd en annan enhet med QR-kod" not in buttons(pick)
    waiting = look(browser, page)
    assert "Testappen har läst koden." in waiting.text
    assert buttons(waiting)[0] == "Jag har bekräftat"
    done = submit(phone, submit(phone, pick, person=MARIA))
    assert (done.status_code, heading(done)) == (200, "Klart")
    assert state(browser, page) == "done"
    given = answer(submit(browser, waiting))
    assert redeem(browser, given["code"]).status_code == 200


def test_the_reload_button_goes_on_too_when_the_other_device_is_done(
    browser: FlaskClient, phone: FlaskClient
) -> None:
    page = qr_page(browser)
    confirm = submit(phone, scan(phone, page))
    assert "Testappen har läst koden." in submit(browser, page, button="new").text
    for _double_click in range(2):
        assert heading(submit(phone, confirm)) == "Klart"
    assert "code" in answer(submit(browser, page, button="new"))


def test_the_picture_changes_each_second_and_says_what_the_app_reads(browser: FlaskClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        page = qr_page(browser)
        source = str(picture(page)["src"])
        drawn = browser.get(source)
        assert (drawn.mimetype, drawn.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
        assert browser.get(source).data == drawn.data
        clock.shift(1)
        assert browser.get(source).data != drawn.data


def test_a_new_code_takes_the_place_of_the_one_before(browser: FlaskClient, phone: FlaskClient) -> None:
    page = qr_page(browser)
    newer = submit(browser, page, button="new")
    assert picture(newer)["data-code"] != picture(page)["data-code"]
    scan(phone, page)
    assert state(browser, newer) == "waiting"
    assert heading(scan(phone, newer)) == "Logga in på Kontakt"


def test_one_can_go_on_here_or_cancel(browser: FlaskClient) -> None:
    page = qr_page(browser)
    pick = submit(browser, page)
    assert "code" in answer(submit(browser, submit(browser, pick)))
    assert answer(submit(browser, page, button="cancel"))["error"] == "access_denied"


def test_nobody_else_sees_the_picture_or_how_far_it_has_come(
    browser: FlaskClient, phone: FlaskClient
) -> None:
    page = qr_page(browser)
    for path in (str(picture(page)["src"]), str(soup(page).select("form")[0]["data-state"])):
        assert phone.get(path).status_code == 400
        assert browser.get(path).status_code == 200
    pending = str(soup(ask(browser)).select("input[name=pending]")[0]["value"])
    assert browser.get(f"/qr/picture?pending={pending}").status_code == 404


@pytest.mark.parametrize("text", ["", "nonsens", "bankid.x.0.y"])
def test_a_code_that_is_wrong_leads_nowhere(phone: FlaskClient, text: str) -> None:
    page = phone.post("/app", data={"qr": text})
    assert (page.status_code, heading(page)) == (422, "Testappen")
    assert soup(page).select(".problem")[0].get_text() == "Koden stämmer inte. Läs av den igen."


def test_a_code_is_read_by_one_device_only(browser: FlaskClient, phone: FlaskClient, app: Flask) -> None:
    page = qr_page(browser)
    scan(phone, page)
    second = scan(app.test_client(), page)
    assert heading(second) == "Inloggningen pågår någon annanstans"
    assert state(browser, page) == "scanned"


def test_a_code_that_nobody_read_in_half_a_minute_has_expired(
    browser: FlaskClient, phone: FlaskClient
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        page = qr_page(browser)
        clock.shift(30)
        assert heading(scan(phone, page)) == "Koden har gått ut"
        expired = look(browser, page)
        assert (heading(expired), buttons(expired)) == (
            "Koden har gått ut",
            ["Hämta en ny kod", "Tillbaka till Kontakt"],
        )
        again = submit(browser, expired)
        assert state(browser, again) == "waiting"


def test_a_code_that_was_read_but_not_confirmed_in_three_minutes_times_out(
    browser: FlaskClient, phone: FlaskClient
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        page = qr_page(browser)
        confirm = submit(phone, scan(phone, page))
        clock.shift(180)
        assert heading(submit(phone, confirm)) == "Tiden gick ut"
        assert heading(look(browser, page)) == "Tiden gick ut"


def test_cancel_in_the_app_shows_on_both_and_the_service_is_told(
    browser: FlaskClient, phone: FlaskClient
) -> None:
    page = qr_page(browser)
    over = submit(phone, scan(phone, page), button="cancel")
    stopped = look(browser, page)
    assert heading(over) == heading(stopped) == "Du avbröt i testappen"
    given = answer(back(browser, stopped))
    assert (given["error"], given["error_description"]) == ("access_denied", "cancelled")


def back(browser: FlaskClient, page: TestResponse) -> TestResponse:
    """By the button that leads back to the service."""
    fields = {str(one["name"]): str(one["value"]) for one in soup(page).select("input")}
    return browser.post("/failed", data=fields)


@pytest.mark.parametrize(
    "outcome", ["cancelled", "timed_out", "started_elsewhere", "not_started", "certificate", "technical"]
)
def test_each_failure_has_a_page_a_new_try_and_a_way_back(browser: FlaskClient, outcome: str) -> None:
    page = submit(browser, submit(browser, ask(browser, test_outcome=outcome)))
    failure = FAILURES[outcome]
    assert (heading(page), buttons(page)) == (failure.heading, ["Försök igen", "Tillbaka till Kontakt"])
    assert failure.text in page.text
    again = submit(browser, page)
    assert "code" in answer(submit(browser, submit(browser, again)))
    assert answer(back(browser, page))["error"] == failure.error
    assert back(browser, page).status_code == 400


def test_a_failure_in_the_app_reaches_the_device_that_waits(browser: FlaskClient, phone: FlaskClient) -> None:
    page = qr_page(browser, test_outcome="certificate")
    there = submit(phone, submit(phone, scan(phone, page)))
    here = look(browser, page)
    assert heading(there) == heading(here) == "Det är fel på testlegitimationen"
    assert heading(submit(browser, here)) == "Logga in på Kontakt"


def test_a_person_who_lacks_the_level_may_pick_another_or_go_back(browser: FlaskClient) -> None:
    page = submit(browser, submit(browser, ask(browser, claims=LOA3), person=FREYA))
    assert (heading(page), buttons(page)[0]) == ("Den legitimationen räcker inte", "Välj en annan testperson")
    pick = submit(browser, page)
    assert "code" in answer(submit(browser, submit(browser, pick, person=AMINA)))
    assert answer(back(browser, page))["error"] == "unmet_authentication_requirements"


def test_a_failure_that_is_not_known_is_a_technical_one(browser: FlaskClient) -> None:
    page = submit(browser, submit(browser, ask(browser, test_outcome="cancelled")))
    assert heading(submit(browser, page, failure="nonsens")) == "Det blev ett tekniskt fel"


def test_an_old_request_and_another_browser_are_told_apart(browser: FlaskClient, phone: FlaskClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        pick = ask(browser)
        assert heading(submit(phone, pick)) == "Påbörjad någon annanstans"
        clock.shift(600)
        assert heading(submit(browser, pick)) == "Tiden gick ut"


def test_a_fault_of_our_own_has_a_kind_page_and_no_details() -> None:
    broken = create_app(ISSUER, development_clients("http://localhost:8000"))
    del broken.extensions["testlegitimering"]
    page = broken.test_client().get(f"/authorize?client_id=kontakt-medborgare&redirect_uri={HOME}")
    assert (page.status_code, heading(page)) == (500, "Det blev ett tekniskt fel")
    assert "KeyError" not in page.text
