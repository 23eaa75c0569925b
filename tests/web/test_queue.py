"""The queue: its views, their order, their counts, and the pages of a long one."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.identity.actors import Role
from tests import build
from tests.page import Document, Page
from tests.web import steps

MONDAY = datetime(2026, 5, 4, 8, tzinfo=UTC)


@pytest.fixture
def page(app: Flask, staff_page: steps.SignIn, travel: steps.Travel) -> Page:
    """A registrar, who sees every case."""
    return staff_page(build.member("eva", Role.REGISTRAR, None))


def arrive(subject: str, days_ago: int = 0) -> str:
    with clock.at(MONDAY - timedelta(days=days_ago)):
        return build.number(build.send_in(subject=subject))


def subjects(shown: Document) -> list[str]:
    return [link.get_text(strip=True) for link in shown.all("td.what a")]


def queue(page: Page, view: str = "", number: int | str = "") -> Document:
    return page.get("/handlaggning/", query_string={"vy": view, "sida": number})


def counts(shown: Document) -> dict[str, int]:
    views = [link.get_text(" ", strip=True).rsplit(" ", 1) for link in shown.all(".views a")]
    return {label: int(count) for label, count in views}


def test_an_empty_queue_says_what_will_come(page: Page) -> None:
    shown = queue(page)
    assert (shown.h1, shown.text_of(".empty h2")) == ("Alla öppna", "Inga ärenden här")
    assert "0 ärenden, det mest brådskande först" in shown.text
    mine = queue(page, "mine")
    assert mine.text_of(".empty h2") == "Du har inga öppna ärenden"
    assert queue(page, "unassigned").path == page.get(mine.links["Se vad som ska fördelas"]).path


def test_the_most_urgent_comes_first_and_the_newest_in_its_own_view(page: Page) -> None:
    for subject, days_ago in [("ny", 0), ("gammal", 20), ("mellan", 5)]:
        arrive(subject, days_ago)
    assert subjects(queue(page)) == ["gammal", "mellan", "ny"]
    assert subjects(queue(page, "unassigned")) == ["gammal", "mellan", "ny"]
    assert subjects(queue(page, "newest")) == ["ny", "mellan", "gammal"]
    states = [cell.get("data-state") for cell in queue(page).all("td.due")]
    assert states[0] == "late"
    assert states[-1] == ""


def test_mine_and_unassigned_part_the_open_cases(page: Page) -> None:
    taken, _other = arrive("tagen"), arrive("ingens")
    steps.act(page, taken, "take")
    assert subjects(queue(page, "mine")) == ["tagen"]
    assert subjects(queue(page, "unassigned")) == ["ingens"]
    assert queue(page, "mine").text_of("td.handler") == "Du"
    assert counts(queue(page)) == {"Alla öppna": 2, "Mina ärenden": 1, "Att fördela": 1, "Senast inkomna": 2}


def test_what_is_answered_leaves_the_open_views_and_stays_among_the_newest(page: Page) -> None:
    steps.act(page, arrive("besvarad"), "answer", changes={"body": "Ja."})
    assert subjects(queue(page)) == subjects(queue(page, "mine")) == []
    shown = queue(page, "newest")
    assert (subjects(shown), shown.text_of("td .ds-tag[data-color=success]")) == (["besvarad"], "Besvarat")


def test_a_long_queue_has_pages_with_every_case_once(page: Page) -> None:
    for number in range(30):
        arrive(f"ärende {number:02d}")
    first = queue(page)
    assert (len(subjects(first)), "30 ärenden" in first.text) == (25, True)
    second = page.get(first.links["Nästa"])
    assert sorted(subjects(first) + subjects(second)) == [f"ärende {number:02d}" for number in range(30)]
    assert "Nästa" not in second.links
    assert subjects(page.get(second.links["Föregående"])) == subjects(first)
    assert "Föregående" not in first.links


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1e9", "9" * 30, "\x00"])
def test_a_page_that_is_none_is_no_error(page: Page, number: str) -> None:
    arrive("ett")
    assert queue(page, "due", number).h1 == "Alla öppna"


def test_beyond_the_last_page_is_the_last_page(page: Page) -> None:
    for number in range(26):
        arrive(f"ärende {number:02d}")
    assert subjects(queue(page, "due", "9")) == subjects(queue(page, "due", "2")) == ["ärende 25"]
    assert queue(page, "due", "9").links["Föregående"].endswith("sida=1")
    assert queue(page, "mine", "9").h1 == "Mina ärenden"
    assert not queue(page, "mine", "9").has("[rel=prev]")


@pytest.mark.parametrize("view", ["allas", "", "DUE", "<script>", "\x00"])
def test_a_view_that_is_none_is_the_first(page: Page, view: str) -> None:
    assert queue(page, view).text_of(".views [aria-current]") == "Alla öppna 0"


def test_a_row_leads_to_its_case(page: Page) -> None:
    number = arrive("gungan")
    shown = page.get(queue(page).links["gungan"])
    assert (shown.h1, shown.path) == ("gungan", steps.case_address(number))
    assert shown.links["Ärenden"].startswith("/handlaggning/")
