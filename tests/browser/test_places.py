"""The place of a fault: shared by a device or typed, on a telephone and without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Geolocation, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor
from tests.running import Running

FAULT = "/lamna/felanmalan"
HERE: Geolocation = {"latitude": 55.637912, "longitude": 13.094231, "accuracy": 18}


@pytest.fixture
def walker(browser: Browser, running: Running) -> Iterator[Visitor]:
    """A visitor with the screen of a telephone."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
    )
    visitor = Visitor(context.new_page(), running.address, Screen(360, "light"))
    yield visitor
    context.close()
    assert visitor.complaints == []


def write(visitor: Visitor, **more: str) -> None:
    visitor.write(subject="Hål i gatan", body="Stort hål.", **more)
    visitor.page.get_by_label("Anonymt, med en kod", exact=True).check()


def test_a_shared_place_is_said_in_words_removed_and_found_again(walker: Visitor) -> None:
    context = walker.page.context
    context.grant_permissions(["geolocation"])
    context.set_geolocation(HERE)
    walker.open(FAULT)
    page, state = walker.page, walker.page.locator("[data-place-state]")
    write(walker)
    page.get_by_role("button", name="Använd min plats").tap()
    expect(state).to_have_text("Din plats är med, på ungefär 18 meter när.")
    page.get_by_role("button", name="Ta bort min plats").tap()
    expect(state).to_have_text("Din plats är inte med längre.")
    assert page.locator("[name=latitude]").input_value() == ""
    context.set_geolocation(HERE | {"accuracy": 900})
    page.get_by_role("button", name="Använd min plats").tap()
    expect(state).to_have_text(
        "Din telefon eller dator vet bara ungefär var du är. Skriv var det är i stället."
    )
    context.set_geolocation(HERE)
    page.get_by_role("button", name="Använd min plats").tap()
    expect(state).to_have_text("Din plats är med, på ungefär 18 meter när.")
    walker.look()
    walker.press("Skicka felanmälan")
    assert walker.h1.startswith("Tack.")

    # The next one who passes by meets the question, and joins.
    walker.open(FAULT)
    write(walker)
    page.get_by_role("button", name="Använd min plats").tap()
    expect(state).to_have_text("Din plats är med, på ungefär 18 meter när.")
    walker.press("Skicka felanmälan")
    assert walker.h1 == "Är det samma fel?"
    page.get_by_label("Ja, det är samma: Felanmälan, nära din plats").check()
    walker.press("Skicka felanmälan")
    walker.sees("Du får svar samtidigt som den som anmälde felet först.")


def test_a_device_that_shares_nothing_is_no_hindrance(walker: Visitor) -> None:
    walker.open(FAULT)
    walker.page.get_by_role("button", name="Använd min plats").tap()
    expect(walker.page.locator("[data-place-state]")).to_have_text(
        "Din telefon eller dator delar inte sin plats med oss. Skriv var det är i stället."
    )
    write(walker, place="Havsgatan 3")
    walker.press("Skicka felanmälan")
    assert walker.h1.startswith("Tack.")


def test_everything_works_by_text_without_a_script(visit: Visit) -> None:
    for place in ("Sjögatan 3", "vid Sjög. 5"):
        visitor = visit(Screen(320, "light", script=False))
        visitor.thorough = False
        visitor.page.goto(visitor.address + FAULT)
        expect(visitor.page.get_by_role("button", name="Använd min plats")).to_be_hidden()
        write(visitor, place=place)
        visitor.page.get_by_role("button", name="Skicka felanmälan", exact=True).click()
    expect(visitor.page.locator("h1")).to_have_text("Är det samma fel?")
    visitor.page.get_by_label("Nej, det är ett annat fel").check()
    visitor.page.get_by_role("button", name="Skicka felanmälan", exact=True).click()
    expect(visitor.page.locator("h1")).to_contain_text("Tack.")
