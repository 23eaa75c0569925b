"""The code: lost and replaced, wrong, and put away."""

from tests.browser import outbox, steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor


def test_a_lost_code_is_replaced_by_a_link_that_works_once(stranger: Visitor) -> None:
    sent = steps.ask(stranger, email="maria@exempel.se")
    stranger.open("/folj")
    stranger.follow("Har du tappat koden?")
    stranger.follow("Få en ny kod")
    stranger.write(number=sent.number, email="maria@exempel.se")
    stranger.press("Skicka länken")
    assert stranger.h1 == "Titta i din e-post"

    one = outbox.letter(stranger, "Länk till en ny kod för ärende " + sent.number)
    link = outbox.opened(one).get_by_role("link", name="Hämta den nya koden").get_attribute("href") or ""
    stranger.go(one.get_by_role("link", name=link, exact=True))
    stranger.press("Visa den nya koden")
    new = steps.receipt(stranger, sent.subject)
    assert new.number == sent.number
    assert new.code != sent.code

    steps.open_case(stranger, sent)
    assert stranger.status == 422
    steps.open_case(stranger, new)
    assert stranger.h1 == sent.subject
    stranger.open(link)
    assert (stranger.h1, stranger.status) == ("Länken gäller inte längre", 410)


def test_a_wrong_code_a_wrong_number_and_nonsense_get_the_same_answer(stranger: Visitor) -> None:
    sent = steps.ask(stranger)
    wrong = [(sent.number, "ABCD-EFGH-JKLM-NPQR"), ("KB-2019-000001", sent.code), ("hej", "hå")]
    told = [tell(stranger, number, code) for number, code in wrong]
    assert stranger.status == 422
    assert told[0] == told[1] == told[2]


def tell(stranger: Visitor, number: str, code: str) -> str:
    """What is said to somebody who tries this number and code."""
    stranger.open("/folj")
    stranger.write(number=number, code=code)
    stranger.press("Visa ärendet")
    return stranger.page.locator("main").inner_text()


def test_the_receipt_opens_the_case_and_closing_it_asks_for_the_code_again(stranger: Visitor) -> None:
    sent = steps.ask(stranger)
    stranger.press("Öppna ärendet")
    assert stranger.h1 == sent.subject
    stranger.press("Stäng ärendet i den här webbläsaren")
    stranger.open("/folj/arende")
    assert stranger.h1 == "Följ ditt ärende"
    stranger.sees_no(sent.subject)


def test_a_qr_code_fills_in_the_number_where_scripts_run_and_one_types_it_elsewhere(visit: Visit) -> None:
    for screen, filled in ((Screen(320, "light"), "KB-2026-000123"), (Screen(320, "dark", script=False), "")):
        reader = visit(screen)
        reader.open("/folj#KB-2026-000123")
        assert reader.page.locator("#number").input_value() == filled
