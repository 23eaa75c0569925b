"""An answer that nobody has saved: the page does it by itself, and says so when it cannot."""

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen

TEXT = "Badet öppnar den 1 juni.\n\nVälkommen."


def test_what_is_typed_is_saved_by_itself_and_a_failure_is_told(visit: Visit, screen: Screen) -> None:
    stranger, officer = visit(screen), visit(screen)
    sent = steps.ask(stranger)
    steps.sign_in(officer)
    steps.find(officer, sent)
    # To look at a page stops its timers; a fresh one has its own.
    officer.page.reload()
    box, state = officer.page.get_by_label("Ditt svar", exact=True), officer.page.locator("#utkastet")
    # To fill it in scrolls to it.
    box.focus()
    top = box.bounding_box()
    box.fill(TEXT)
    expect(state).to_contain_text("Utkastet sparades kl. ", timeout=15_000)
    assert box.bounding_box() == top
    officer.page.reload()
    expect(box).to_have_value(TEXT)
    officer.page.route("**/utkast", lambda route: route.abort())
    box.fill("Något annat")
    expect(state).to_have_text("Utkastet är inte sparat. Försök igen om en stund.", timeout=15_000)
    officer.complaints.clear()


def test_a_note_that_is_not_sent_is_shown_before_the_page_is_left(visit: Visit, screen: Screen) -> None:
    stranger, officer = visit(screen), visit(screen)
    stranger.thorough = officer.thorough = False
    sent = steps.ask(stranger)
    steps.sign_in(officer)
    steps.find(officer, sent)
    page, here, dialogs = officer.page, officer.page.url, list[str]()
    note, told = page.locator("#note-body"), page.locator(".writing > [role=status]")
    steps.choose_tab(officer, "note")
    note.fill("Ring skolan.")
    steps.choose_tab(officer, "answer")
    page.keyboard.press("j")
    expect(note).to_be_focused()
    expect(note).to_have_value("Ring skolan.")
    expect(told).to_have_text("Du har text som inte är skickad under Anteckning.")
    officer.look()

    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.dismiss()))
    page.locator(".list-line a").first.click()
    assert (page.url, dialogs) == (here, ["beforeunload"])

    # Another text, so it is asked about again, once.
    note.fill("Ring skolan i dag.")
    steps.choose_tab(officer, "answer")
    page.get_by_label("Ditt svar", exact=True).fill(TEXT)
    page.get_by_role("button", name="Skicka svar", exact=True).last.click()
    expect(note).to_be_focused()
    steps.choose_tab(officer, "answer")
    officer.press("Skicka svar")
    officer.sees("Svaret ligger i ärendet.")
    assert dialogs == ["beforeunload"]
