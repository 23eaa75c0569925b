"""After the answer, in a browser: thanks close and open nothing, more opens, and the head is named."""

import pytest

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.steps import Sent
from tests.browser.visitor import Screen, Visitor

ANSWER = "Badet öppnar den 1 juni."


@pytest.fixture(params=[Screen(320, "dark", script=False), Screen(1280, "light")], ids=str)
def answered(request: pytest.FixtureRequest, visit: Visit) -> tuple[Visitor, Sent]:
    """A case that Anna has answered, opened by its sender."""
    stranger, officer = visit(request.param), visit(request.param)
    sent = steps.ask(stranger)
    steps.sign_in(officer)
    steps.find(officer, sent)
    steps.answer(officer, ANSWER)
    steps.open_case(stranger, sent)
    stranger.sees(ANSWER)
    return stranger, sent


def test_thanks_close_the_case_and_open_nothing(answered: tuple[Visitor, Sent]) -> None:
    stranger, _sent = answered
    stranger.press("Skicka ett tack")
    stranger.sees("Tack. Vi har fått din hälsning.")
    stranger.sees("Avslutat")
    stranger.sees_no("Ärendet öppnades igen")
    assert not stranger.page.get_by_role("button", name="Skicka ett tack", exact=True).count()
    stranger.sees("Om du skriver mer öppnas ärendet igen.")


def test_who_writes_more_opens_the_case_again(answered: tuple[Visitor, Sent]) -> None:
    stranger, _sent = answered
    stranger.write(body="Vilken tid?")
    stranger.press("Skicka och öppna igen")
    stranger.sees("Pågår")


def test_who_is_not_satisfied_reads_who_takes_over(answered: tuple[Visitor, Sent]) -> None:
    stranger, _sent = answered
    stranger.write(body="Det var inte min fråga.")
    stranger.press("Jag är inte nöjd")
    stranger.sees("Tack för att du säger till.")
    stranger.sees("tar nu över ärendet.")
    stranger.sees_no("Skicka till Anna")
