"""Several tabs of one browser, as people with many of them meet the portal."""

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor


def new_tab(visitor: Visitor) -> Visitor:
    """Another tab of the same browser."""
    return Visitor(visitor.page.context.new_page(), visitor.address, visitor.screen)


def write_and_choose_portal(sender: Visitor, subject: str) -> None:
    sender.open("/lamna/fraga")
    sender.write(subject=subject, body="Vilka tider gäller?")
    sender.page.get_by_label("Mina sidor", exact=True).check()
    sender.press("Skicka frågan")


def test_two_receipts_and_two_cases_by_code_keep_to_their_tabs(stranger: Visitor) -> None:
    other = new_tab(stranger)
    first, second = steps.ask(stranger), steps.ask(other)
    stranger.page.reload()
    assert steps.receipt(stranger, first.subject) == first
    stranger.press("Öppna ärendet")
    other.press("Öppna ärendet")
    stranger.write(body="Om det första.")
    stranger.press("Skicka till Parkenheten")
    assert stranger.h1 == first.subject
    stranger.sees("Om det första.")
    other.page.reload()
    assert other.h1 == second.subject
    other.sees_no("Om det första.")


def test_two_texts_and_two_sign_ins_each_come_back_to_their_own(visit: Visit, screen: Screen) -> None:
    one = visit(screen)
    two = new_tab(one)
    write_and_choose_portal(one, "Den ena")
    write_and_choose_portal(two, "Den andra")
    for tab, subject in ((one, "Den ena"), (two, "Den andra")):
        tab.go(tab.page.get_by_role("button", name=steps.YUSUF))
        tab.press("Bekräfta")
        expect(tab.page.locator("[name=subject]")).to_have_value(subject)
    one.press("Skicka frågan")
    assert one.h1 == "Tack. Din fråga är framme."
    two.press("Skicka frågan")
    assert two.h1 == "Tack. Din fråga är framme."


def test_signed_out_in_another_tab_the_text_comes_back_after_the_sign_in(
    visit: Visit, screen: Screen
) -> None:
    officer, sender = visit(screen), visit(screen)
    sent = steps.ask(sender)
    steps.sign_in(officer)
    steps.find(officer, sent)
    other = new_tab(officer)
    other.open("/handlaggning/")
    steps.sign_out(other)
    steps.choose_tab(officer, "note")
    officer.page.locator("#note-body").fill("Ring skolan.")
    officer.press("Spara anteckningen")
    assert officer.status == 403
    officer.follow("Logga in igen")
    officer.go(officer.page.get_by_role("button", name=steps.ANNA))
    officer.press("Bekräfta")
    assert officer.h1 == "Du är inloggad igen"
    officer.press("Fortsätt med min text")
    expect(officer.page.locator("#note-body")).to_have_value("Ring skolan.")


def test_an_older_tab_does_not_replace_a_newer_draft(visit: Visit, screen: Screen) -> None:
    officer, sender = visit(screen), visit(screen)
    sent = steps.ask(sender)
    steps.sign_in(officer)
    steps.find(officer, sent)
    newer = new_tab(officer)
    newer.open(officer.page.url)
    save(newer, "Den nya.")
    save(officer, "Den gamla.")
    assert officer.h1 == "Du har två utkast"
    officer.follow("Behåll det nyare utkastet")
    expect(officer.page.locator("#answer-body")).to_have_value("Den nya.")


def save(officer: Visitor, text: str) -> None:
    officer.page.locator("#answer-body").fill(text)
    officer.press("Spara utkast")


def test_the_language_button_and_back_keep_what_is_written(stranger: Visitor) -> None:
    stranger.open("/lamna/fraga")
    stranger.write(subject="När öppnar badet?", body="Vilka tider gäller?")
    stranger.press("English")
    expect(stranger.page.locator("html")).to_have_attribute("lang", "en")
    expect(stranger.page.locator("[name=subject]")).to_have_value("När öppnar badet?")
    stranger.press("Svenska")
    expect(stranger.page.locator("[name=body]")).to_have_value("Vilka tider gäller?")
    stranger.open("/lamna/fraga")
    stranger.write(subject="Gungan", body="Den är trasig.")
    stranger.open("/om")
    stranger.back("/lamna/fraga")
    expect(stranger.page.locator("[name=subject]")).to_have_value("Gungan")
    expect(stranger.page.locator("[name=body]")).to_have_value("Den är trasig.")
