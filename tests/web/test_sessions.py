"""Your own sessions: they are new at each sign-in, end in time with a warning, and can be seen and ended."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from portal.identity import sessions
from portal.identity.actors import Citizen, Staff
from tests import factories
from tests.page import Page
from tests.plain_text import plain
from tests.web import steps
from tests.web.steps import Travel

CITIZEN, STAFF = Callable[[Citizen], Page], Callable[[Staff], Page]
CSS = Path(__file__).parents[2] / "static/kontakt.css"


@pytest.fixture
def maria(travel: Travel, citizen_page: CITIZEN) -> Page:
    """The browser of a citizen who signed in just now."""
    return citizen_page(factories.citizen())


def test_whoever_does_nothing_for_an_hour_is_signed_out(maria: Page, travel: Travel) -> None:
    travel.shift(59 * 60)
    maria.get("/mina-sidor")
    travel.shift(61 * 60)
    assert maria.get("/mina-sidor", 303).location.startswith("/logga-in/medborgare?")


def test_whoever_does_something_stays_twelve_hours_and_no_longer(maria: Page, travel: Travel) -> None:
    for _half_hour in range(23):
        travel.shift(30 * 60)
        maria.get("/mina-sidor")
    travel.shift(31 * 60)
    maria.get("/mina-sidor", 303)


def test_one_can_stay_at_least_ten_times_before_the_end() -> None:
    assert sessions.TTL / sessions.IDLE >= 11


def test_every_page_of_somebody_signed_in_holds_a_warning_that_leaves_no_page(
    maria: Page, travel: Travel
) -> None:
    shown = maria.get("/lamna/fraga")
    link = shown.find(".session-warning a")
    assert (link["href"], link["target"]) == ("/inloggad", "_blank")
    assert shown.find(".session-warning")["role"] == "status"
    assert not shown.has(".session-end")


def test_nobody_else_is_warned(page: Page) -> None:
    assert not page.get("/lamna/fraga").has(".session-warning")


def test_the_warning_is_shown_while_there_is_still_time() -> None:
    delay = re.search(
        r"animation: session-warning 1s linear (\d+)s forwards", CSS.read_text(encoding="utf-8")
    )
    assert delay
    earliest_end = (sessions.IDLE - sessions.LAST_SEEN_STEP).total_seconds()
    assert earliest_end - int(delay[1]) >= 10 * 60


def test_whoever_follows_the_warning_stays_and_is_told_until_when(maria: Page, travel: Travel) -> None:
    form = maria.get("/lamna/fraga")
    travel.shift(50 * 60)
    shown = maria.get("/inloggad")
    assert shown.h1 == "Du är inloggad"
    assert "Du loggas ut kl. 11.45 om du inte gör något innan dess" in shown.text
    assert "senast i dag kl. 22.00" in shown.text
    travel.shift(50 * 60)
    receipt = maria.submit(form, "main form", changes=steps.WRITTEN)
    assert receipt.location.startswith("/kvitto/")


def test_whoever_cannot_stay_much_longer_is_told_on_every_page(maria: Page, travel: Travel) -> None:
    for _hour in range(23):
        travel.shift(29 * 60)
        maria.get("/mina-sidor")
    shown = maria.get("/lamna/fraga")
    assert "Du loggas ut kl. 22.00 och behöver då logga in igen" in shown.text_of(".session-end")
    assert "Du loggas ut i dag kl. 22.00" in maria.get("/inloggad").text


def test_what_was_written_until_the_end_is_given_back(maria: Page, travel: Travel) -> None:
    maria.submit(maria.get("/lamna/fraga"), "main form", changes=steps.ON_PORTAL)
    case = maria.get("/mina-sidor/arenden/KB-2026-000001")
    travel.shift(61 * 60)
    late = maria.submit(case, "#body", changes={"body": "En sak till."}, status=403)
    assert steps.kept(late, "mine") == "En sak till."


def test_one_sees_where_one_is_signed_in_and_ends_what_is_not_wanted(
    maria: Page, citizen_page: CITIZEN, travel: Travel
) -> None:
    travel.shift(600)
    other = citizen_page(factories.citizen())
    shown = maria.get("/inloggningar")
    rows = [row.get_text(" ", strip=True) for row in shown.all(".sessions li")]
    assert len(rows) == 2
    assert ["Den här webbläsaren" in row for row in rows] == [False, True]
    assert "Inloggad i dag kl. 10–11" in plain(rows[0])
    ended = maria.follow(maria.submit(shown, ".sessions li:first-child form"))
    assert "Inloggningen är avslutad." in ended.text
    assert len(ended.all(".sessions li")) == 1
    other.get("/mina-sidor", 303)
    maria.get("/mina-sidor")


def test_to_end_the_one_in_use_is_to_sign_out(maria: Page) -> None:
    shown = maria.get("/inloggningar")
    assert maria.submit(shown, ".sessions li form").location
    assert steps.count("sign_in") == 0
    maria.get("/mina-sidor", 303)


def test_all_are_ended_at_once(maria: Page, citizen_page: CITIZEN) -> None:
    others = [citizen_page(factories.citizen()) for _each in range(2)]
    stranger = citizen_page(factories.citizen("yusuf"))
    maria.submit(maria.get("/inloggningar"), "form[action$='avsluta-alla']")
    for page in (maria, *others):
        page.get("/mina-sidor", 303)
    stranger.get("/mina-sidor")


def test_nobody_ends_the_session_of_somebody_else(maria: Page, citizen_page: CITIZEN) -> None:
    yusuf = citizen_page(factories.citizen("yusuf"))
    token = str(yusuf.get("/inloggningar").find("[name=csrf_token]")["value"])
    for session in (1, 99, 2147483647):
        yusuf.post(f"/inloggningar/{session}/avsluta", {"csrf_token": token})
    maria.get("/mina-sidor")
    assert len(yusuf.get("/inloggningar").all(".sessions li")) == 1


def test_nothing_of_the_browser_or_the_address_is_kept(maria: Page) -> None:
    maria.get(
        "/inloggningar", headers={"User-Agent": "Sparsam/1.0"}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    stored = steps.everything()
    assert "Sparsam" not in stored
    assert "192.0.2.7" not in stored


def test_staff_see_theirs_too(app: Flask, staff_page: STAFF) -> None:
    shown = staff_page(factories.member()).get("/inloggningar")
    assert "Som personal" in shown.text


@pytest.fixture
def night() -> Iterator[Travel]:
    with time_machine.travel("2026-05-04 18:30:00Z", tick=False) as clock:
        yield clock


def test_an_end_after_midnight_is_told_with_its_day(night: Travel, citizen_page: CITIZEN) -> None:
    assert "senast 5 maj kl. 08.00" in citizen_page(factories.citizen()).get("/inloggad").text
