"""The form when something is wrong, and when it is sent more than once."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

SUMMARY = "felen"


def test_an_empty_form_tells_what_is_missing_and_leads_there(stranger: Visitor) -> None:
    stranger.open("/lamna/klagomal")
    stranger.press("Skicka klagomålet")
    assert stranger.status == 422
    stranger.sees("Rätta tre saker")
    assert stranger.focused == SUMMARY
    # Who has read what goes elsewhere mends the form first.
    expect(stranger.page.get_by_text("Du är orolig för ett barn")).to_be_hidden()
    for place, field in enumerate(["subject", "body", "reply_by"]):
        stranger.page.locator(".ds-error-summary a").nth(place).click()
        assert stranger.focused == field


def test_what_was_written_is_kept_when_it_is_too_long(stranger: Visitor) -> None:
    stranger.open("/lamna/forslag")
    subject, body = "Fler bänkar", "å" * 20_001
    stranger.write(subject=subject, body=body)
    stranger.page.get_by_label("Anonymt, med en kod", exact=True).check()
    stranger.press("Skicka förslaget")
    stranger.sees("Texten är 1 tecken för lång.")
    assert stranger.focused == SUMMARY
    expect(stranger.page.locator("[name=subject]")).to_have_value(subject)
    expect(stranger.page.locator("[name=body]")).to_have_value(body)
    expect(stranger.page.get_by_label("Anonymt, med en kod", exact=True)).to_be_checked()


def test_a_wrong_address_is_told_beside_its_field(stranger: Visitor) -> None:
    stranger.open("/lamna/fraga")
    steps.fill(stranger, "När öppnar badet?", "maria@exempel")
    stranger.press("Skicka frågan")
    wrong = stranger.page.locator("[name=email]")
    expect(wrong).to_have_value("maria@exempel")
    expect(wrong).to_have_accessible_description("Det saknas en punkt efter @, som i namn@exempel.se")
    stranger.page.locator(".ds-error-summary a").click()
    assert stranger.focused == "email"

    wrong.fill("maria@exempel.se")
    stranger.press("Skicka frågan")
    assert stranger.h1 == "Tack. Din fråga är framme."


def test_the_address_is_asked_for_only_when_an_answer_by_mail_is_chosen(stranger: Visitor) -> None:
    stranger.open("/lamna/fraga")
    address = stranger.page.get_by_label("Din e-postadress")
    expect(address).to_be_hidden()
    stranger.page.get_by_label("E-post", exact=True).check()
    expect(address).to_be_visible()
    stranger.page.get_by_label("Anonymt, med en kod", exact=True).check()
    expect(address).to_be_hidden()


def test_a_double_click_on_send_makes_one_case(visit: Visit, screen: Screen) -> None:
    stranger, officer = visit(screen), visit(screen)
    subject = steps.unique("Lampan blinkar")
    stranger.open("/lamna/fraga")
    steps.fill(stranger, subject)
    stranger.page.route("**/lamna/fraga", send_twice)
    stranger.page.get_by_role("button", name="Skicka frågan").dblclick(no_wait_after=True)
    expect(stranger.page).to_have_url(re.compile("/kvitto/"))
    stranger.look()
    sent = steps.receipt(stranger, subject)

    steps.sign_in(officer, steps.EVA)
    steps.find(officer, sent)
    officer.open("/handlaggning/?vy=newest")
    expect(officer.page.locator("tr", has_text=subject)).to_have_count(1)


def send_twice(route: Route) -> None:
    """The first answer is lost on its way back, as when a second click overtakes it."""
    assert route.request.method == "POST"
    assert route.fetch(max_redirects=0).status == 303
    route.continue_()


@pytest.mark.whole_browser
def test_going_back_and_sending_again_shows_the_same_receipt(stranger: Visitor) -> None:
    subject = steps.unique("Lampan blinkar")
    stranger.open("/lamna/fraga")
    steps.fill(stranger, subject)
    stranger.press("Skicka frågan")
    first = steps.receipt(stranger, subject)
    stranger.back("/lamna/fraga")
    expect(stranger.page.locator("[name=subject]")).to_have_value(subject)
    stranger.press("Skicka frågan")
    assert stranger.h1 == "Tack. Din fråga är framme."
    assert steps.receipt(stranger, subject) == first


def test_the_receipt_can_be_read_again_until_it_is_put_away(stranger: Visitor) -> None:
    sent = steps.ask(stranger)
    stranger.page.reload()
    assert steps.receipt(stranger, sent.subject) == sent
    stranger.press("Klar")
    stranger.open("/kvitto")
    assert stranger.h1 == "Kvittot visas inte längre"
    stranger.sees_no(sent.code)
