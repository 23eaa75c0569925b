"""Ways that end: a sign-in given up, a person without a membership, a page that is not there."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor


def test_somebody_who_cancels_at_the_provider_is_told_and_may_try_again(stranger: Visitor) -> None:
    stranger.open("/handlaggning/")
    stranger.press("Avbryt")
    assert (stranger.h1, stranger.status) == ("Du avbröt inloggningen", 400)
    stranger.follow("Försök igen")
    stranger.go(stranger.page.get_by_role("button", name=steps.ANNA))
    stranger.press("Bekräfta")
    assert stranger.h1 == "Alla öppna"


def test_somebody_may_cancel_after_having_chosen_a_person_too(stranger: Visitor) -> None:
    stranger.open("/handlaggning/")
    stranger.go(stranger.page.get_by_role("button", name=steps.ANNA))
    stranger.press("Avbryt")
    assert stranger.h1 == "Du avbröt inloggningen"
    stranger.open("/handlaggning/")
    assert stranger.h1.startswith("Logga in på")


def test_staff_without_a_membership_see_no_case_and_may_sign_out(stranger: Visitor) -> None:
    steps.sign_in(stranger, "Birgitta Ström")
    assert (stranger.h1, stranger.status) == ("Du kommer inte åt ärenden än", 403)
    steps.sign_out(stranger)
    expect(stranger.page.get_by_text("Birgitta Ström")).to_be_hidden()


def test_staff_without_a_membership_are_led_to_their_first_day_and_the_guide(stranger: Visitor) -> None:
    steps.sign_in(stranger, "Birgitta Ström")
    stranger.follow("Läs om din första dag")
    assert (stranger.h1, stranger.status) == ("Din första dag", 200)
    stranger.follow("Till guiden")
    assert (stranger.h1, stranger.status) == ("Guide", 200)


def test_the_case_of_another_unit_is_not_there(visit: Visit, screen: Screen) -> None:
    stranger, officer = visit(screen), visit(screen)
    sent = steps.ask(stranger)
    steps.sign_in(officer, "Lars Berg")
    officer.open(f"/handlaggning/arenden/{sent.number}")
    assert (officer.h1, officer.status) == ("Sidan finns inte", 404)
    officer.sees_no(sent.subject)


def test_the_second_of_two_officers_gets_their_text_back(visit: Visit, screen: Screen) -> None:
    stranger, first, second = visit(screen), visit(screen), visit(screen)
    sent = steps.ask(stranger)
    for officer, name in ((first, steps.ANNA), (second, steps.EVA)):
        steps.sign_in(officer, name)
        steps.find(officer, sent)
    steps.answer(first, "Den 1 juni.")
    second.page.get_by_label("Ditt svar", exact=True).fill("Den 2 juni.")
    second.press("Skicka svar")
    assert (second.h1, second.status) == ("Någon hann före", 409)
    expect(second.page.get_by_label("Ditt svar", exact=True)).to_have_value("Den 2 juni.")
    second.sees("Den 1 juni.")
    second.press("Fortsätt med min text")
    expect(second.page.get_by_label("Ditt svar", exact=True)).to_have_value("Den 2 juni.")
    second.press("Skicka svar")
    second.sees("Den 2 juni.")


@pytest.mark.parametrize("path", ["/finns-inte", "/lamna/finns-inte", "/utkorg/999999/brev"])
def test_a_page_that_is_not_there_leads_on(stranger: Visitor, path: str) -> None:
    stranger.open(path)
    assert (stranger.h1, stranger.status) == ("Sidan finns inte", 404)
    stranger.follow("Till start", within="main")
    assert stranger.status == 200
