"""Who reads on Mina sidor is asked how to be notified, and changes it for one case."""

from playwright.sync_api import expect

from tests.browser import outbox, steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen


def test_who_reads_on_mina_sidor_chooses_how_to_be_notified(visit: Visit) -> None:
    citizen, subject = visit(Screen(320, "light")), steps.unique("Hur djupt är badet?")
    steps.sign_in_to_mina_sidor(citizen, steps.MARIA)
    citizen.open("/lamna/fraga")
    steps.fill(citizen, subject)
    question = citizen.page.get_by_role("group", name="Hur vill du få veta när det händer något?")
    address = citizen.page.get_by_label("E-postadress för meddelanden")
    expect(question).to_be_hidden()
    citizen.page.get_by_label("Mina sidor", exact=True).check()
    expect(question).to_be_visible()
    citizen.page.get_by_label("Jag vill inte ha meddelanden", exact=True).check()
    expect(address).to_be_hidden()
    citizen.page.get_by_label("Med e-post", exact=True).check()
    address.fill("maria")
    citizen.press("Skicka frågan")
    expect(address).to_have_accessible_description(
        "Adressen saknar @. Skriv hela adressen, till exempel namn@exempel.se"
    )
    address.fill("maria@exempel.se")
    citizen.press("Skicka frågan")
    number = citizen.page.locator("main .number").inner_text()
    outbox.letter(citizen, f"Vi har tagit emot din fråga, {number}")
    citizen.open(f"/mina-sidor/arenden/{number}")
    citizen.follow("Ändra hur du får meddelanden")
    citizen.page.get_by_label("Jag vill inte ha meddelanden", exact=True).check()
    citizen.press("Spara")
    citizen.sees("inga meddelanden om ärendet")
