"""The first way, by hand in a browser: asked, taken, answered, read by code, replied to, closed."""

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen

NOTE = "Ring badmästaren före fredag."
ANSWER = "Badet öppnar den 1 juni."
REPLY = "Och vilken tid på dagen?"
LAST = "Klockan nio varje dag."


def first_way(visit: Visit, screen: Screen) -> None:
    """Stranger and officer take turns; each in a browser of their own."""
    stranger, officer = visit(screen), visit(screen)
    sent = steps.ask_from_the_start(stranger)
    assert stranger.h1 == "Tack. Din fråga är framme."
    assert sent.number.startswith("KB-")
    assert len(sent.code) == len("ABCD-EFGH-JKLM-NPQR")

    steps.sign_in(officer)
    steps.find(officer, sent)
    steps.take(officer)
    steps.note(officer, NOTE)
    steps.answer(officer, ANSWER)
    officer.sees("Besvarat")

    steps.open_case(stranger, sent)
    stranger.sees(ANSWER)
    stranger.sees_no(NOTE)
    stranger.write(body=REPLY)
    stranger.press("Skicka och öppna igen")
    stranger.sees(REPLY)

    steps.find(officer, sent)
    officer.sees(REPLY)
    officer.sees("Pågår")
    steps.answer(officer, LAST, "Skicka och avsluta")
    officer.sees("Avslutat")

    stranger.open("/folj/arende")
    stranger.sees("Avslutat")
    stranger.sees(LAST)
    stranger.sees_no(NOTE)


def test_a_stranger_asks_an_officer_answers_and_the_code_opens_it(visit: Visit, screen: Screen) -> None:
    first_way(visit, screen)


def test_the_whole_way_works_without_any_script(visit: Visit) -> None:
    first_way(visit, Screen(320, "dark", script=False))
