"""Testlegitimering in a browser: on another device by a code that lives, and where no script runs."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import PATIENCE_MS, Screen, Visitor

MARIA = "Maria Ekdahl"
ANOTHER_DEVICE = "Använd en annan enhet med QR-kod"
PHONE = Screen(320, "dark")


def picture(visitor: Visitor) -> Locator:
    return visitor.page.get_by_alt_text("QR-kod för testappen")


def ask_for_a_code(visitor: Visitor) -> None:
    """From a page that needs a citizen to the code."""
    visitor.open("/mina-sidor")
    visitor.press(ANOTHER_DEVICE)
    width = picture(visitor).evaluate("image => image.complete && image.naturalWidth && image.width")
    assert width >= 180


def scan(phone: Visitor, visitor: Visitor) -> None:
    """Read the code with the other device, where somebody is asked who they are."""
    address = visitor.page.get_by_role("link", name="Öppna testappen").get_attribute("href")
    phone.open(visitor.page.url.partition("/person")[0].partition("/qr")[0] + str(address))
    phone.press("Läs koden")


def confirm(phone: Visitor, name: str = MARIA) -> None:
    phone.go(phone.page.get_by_role("button", name=name))
    phone.press("Bekräfta")
    assert phone.h1 == "Klart"


def is_signed_in(visitor: Visitor) -> None:
    visitor.page.wait_for_url("**/mina-sidor", timeout=PATIENCE_MS)
    visitor.look()
    expect(visitor.page.get_by_role("button", name="Logga ut")).to_be_visible()


def test_the_code_changes_by_itself_and_the_page_follows_the_other_device(
    visit: Visit, screen: Screen
) -> None:
    stranger, phone = visit(screen), visit(PHONE)
    ask_for_a_code(stranger)
    first = str(picture(stranger).get_attribute("src"))
    expect(picture(stranger)).not_to_have_attribute("src", first)
    scan(phone, stranger)
    stranger.sees("Testappen har läst koden.")
    stranger.look()
    confirm(phone)
    is_signed_in(stranger)


def test_a_cancel_on_the_other_device_shows_here_and_leads_on(visit: Visit, screen: Screen) -> None:
    stranger, phone = visit(screen), visit(PHONE)
    ask_for_a_code(stranger)
    scan(phone, stranger)
    phone.press("Avbryt")
    stranger.sees("Ingen är inloggad.")
    stranger.look()
    assert stranger.h1 == phone.h1 == "Du avbröt i testappen"
    stranger.press("Tillbaka till Kontakt")
    assert stranger.h1 == "Du avbröt inloggningen"


def test_without_script_a_button_fetches_a_new_code_and_another_one_goes_on(visit: Visit) -> None:
    stranger, phone = visit(Screen(320, "light", script=False)), visit(PHONE)
    ask_for_a_code(stranger)
    first = picture(stranger).get_attribute("data-code")
    stranger.press("Hämta en ny kod")
    assert picture(stranger).get_attribute("data-code") != first
    scan(phone, stranger)
    stranger.press("Hämta en ny kod")
    stranger.sees("Testappen har läst koden.")
    confirm(phone)
    with stranger.page.expect_navigation():
        stranger.page.get_by_role("button", name="Jag har bekräftat").click()
    is_signed_in(stranger)


@pytest.mark.parametrize("script", [True, False])
def test_a_switch_is_chosen_by_hand_and_leads_to_its_page(visit: Visit, script: bool) -> None:
    stranger = visit(Screen(320, "light", script=script))
    stranger.open("/mina-sidor")
    stranger.page.get_by_text("Inställningar för test").click()
    stranger.look()
    stranger.page.get_by_label("I testappen").select_option(label="Tekniskt fel")
    stranger.go(stranger.page.get_by_role("button", name=MARIA))
    stranger.press("Bekräfta")
    assert stranger.h1 == "Det blev ett tekniskt fel"
    stranger.press("Försök igen")
    stranger.go(stranger.page.get_by_role("button", name=MARIA))
    stranger.press("Bekräfta")
    is_signed_in(stranger)


def test_this_device_takes_two_clicks_and_the_overview_knows_of_it(visit: Visit, screen: Screen) -> None:
    stranger = visit(screen)
    stranger.open("/mina-sidor")
    provider = stranger.page.url.partition("/authorize")[0]
    stranger.go(stranger.page.get_by_role("button", name=MARIA))
    stranger.press("Bekräfta")
    is_signed_in(stranger)
    stranger.open(f"{provider}/")
    stranger.sees("som Maria Ekdahl")
    stranger.press("Logga ut Maria")
    assert stranger.h1 == "Utloggad"
