"""The pages of routines: read by all staff, written by heads, and what of it the public reads."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from portal import db
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.statements import counted
from tests.web import steps

LIST = "/handlaggning/rutiner"
PARK = f"{LIST}/park"
NOTE = "Vi sätter upp skyltar samma dag."


@pytest.fixture
def head(app: Flask, travel: steps.Travel) -> Staff:
    """The head of the park unit, in an organisation that has been open since the new year."""
    with app.app_context(), db.transaction() as session:
        session.execute(update(Board).values(opened_at=datetime(2026, 1, 1, 9, tzinfo=UTC)))
    return factories.member("samir", Role.HEAD_OF_UNIT)


@pytest.fixture
def office(head: Staff, staff_page: steps.SignIn) -> Page:
    """The browser of the head."""
    return staff_page(head)


def write(page: Page, status: int = 303, **changes: str) -> Document:
    return page.submit(page.get(PARK), changes={"body": NOTE} | changes, status=status)


def test_a_head_follows_up_a_routine_and_everybody_reads_that_it_was_done(office: Page, page: Page) -> None:
    listed = office.follow(write(office))
    assert "Uppföljningen av Parker och lekplatser är sparad." in listed.text
    assert "4 maj 2026, enhetschef, Parkenheten" in plain(listed.text)
    assert "4 juni 2026" in plain(listed.text)
    shown = plain(page.get("/rutiner").text)
    assert "Följdes upp 4 maj 2026 (enhetschef, Parkenheten)." in shown
    assert "Samir" not in shown
    assert NOTE not in shown


def test_staff_read_what_was_found_and_by_whom(office: Page, page: Page) -> None:
    write(office)
    shown = page.get(PARK)
    assert NOTE in shown.text
    assert "Samir, enhetschef, Parkenheten" in shown.text
    assert shown.all("form[method=post] textarea") == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"body": ""}, "Skriv kort vad ni såg"),
        ({"body": "x" * 2001}, "Texten är 1 tecken för lång"),
        ({"followed_up_on": ""}, "Skriv dagen som 2026-05-18"),
        ({"followed_up_on": "i går"}, "Skriv dagen som 2026-05-18"),
        ({"followed_up_on": "2026-W18-1"}, "Skriv dagen som 2026-05-18"),
        ({"followed_up_on": "20260504"}, "Skriv dagen som 2026-05-18"),
        ({"followed_up_on": "0206-05-04"}, "Skriv dagen som 2026-05-18"),
        ({"followed_up_on": "1926-05-04"}, "Skriv en dag från och med 1 januari 2026."),
        ({"followed_up_on": "2026-05-05"}, "Dagen har inte varit än"),
    ],
)
def test_what_is_wrong_is_said_and_the_text_kept(office: Page, changes: dict[str, str], told: str) -> None:
    shown = write(office, 422, **changes)
    assert told in plain(shown.text_of(".ds-error-summary"))
    assert steps.kept(shown, "body") == changes.get("body", NOTE)
    assert steps.count("routine_follow_up") == 0


def test_a_day_before_the_last_one_and_the_same_day_are_refused(office: Page) -> None:
    write(office, followed_up_on="2026-05-02")
    assert "har följts upp senare än så" in write(office, 422, followed_up_on="2026-05-01", body="B").text
    assert "är redan uppföljd den dagen" in write(office, 422, followed_up_on="2026-05-02", body="B").text


def test_the_second_click_is_as_the_first(office: Page) -> None:
    form = office.get(PARK)
    for _click in range(2):
        office.submit(form, changes={"body": NOTE}, status=303)
    assert steps.count("routine_follow_up") == 1


def test_a_post_by_who_follows_up_nothing_finds_no_page(page: Page) -> None:
    fields = {"followed_up_on": "2026-05-04", "body": NOTE, "csrf_token": steps.token(page, PARK)}
    page.post(PARK, fields, status=404)
    assert steps.count("routine_follow_up") == 0


def test_an_unknown_routine_is_no_page(office: Page) -> None:
    office.get(f"{LIST}/finns-inte", 404)


def test_what_is_overdue_stands_first_for_who_follows_it_up(
    head: Staff, anna: Staff, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    office = staff_page(head)
    write(office)
    assert not office.get(LIST).has("#sena")
    travel.move_to("2026-06-05 08:00:00Z")
    assert "Parker och lekplatser" in staff_page(head).get(LIST).text_of("[aria-labelledby=sena]")
    assert not staff_page(anna).get(LIST).has("#sena")


def test_the_process_owner_follows_up_every_routine(
    app: Flask, head: Staff, staff_page: steps.SignIn
) -> None:
    owner = staff_page(factories.member("eva", Role.PROCESS_OWNER, None))
    assert "Rutiner" in owner.get(LIST).links
    write(owner)
    assert steps.count("routine_follow_up") == 1


def test_the_list_costs_the_same_however_many_follow_ups_there_are(
    office: Page, travel: steps.Travel
) -> None:
    costs = []
    for day in ("2026-05-01", "2026-05-02", "2026-05-03"):
        write(office, followed_up_on=day)
        with counted() as statements:
            office.get(LIST)
        costs.append(len(statements))
    assert len(set(costs)) == 1


def fold(page: Page, receipt: Receipt) -> str:
    return page.get(steps.case_address(factories.number(receipt))).text_of("#rutin")


def test_a_case_shows_the_routine_of_its_unit_and_what_belongs_elsewhere(page: Page, sent: Receipt) -> None:
    shown = fold(page, sent)
    profile = organisation.profile()
    assert "Rutin för Parkenheten" in shown
    assert [row.text for row in profile.routines if (row.text in shown) is not (row.unit == "park")] == []
    assert [matter.way for matter in profile.not_handled if matter.way not in shown] == []


def test_a_topic_with_a_law_of_its_own_says_so_beside_the_routine(
    app: Flask, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    school = staff_page(factories.member(unit="grundskola"))
    with app.app_context():
        complaint = factories.send_in(category="skola")
    shown = school.get(steps.case_address(factories.number(complaint)))
    assert "skollagen 4 kap. 7–8 §§" in shown.text
    assert "Vi talar med skolan innan vi svarar" in shown.text_of("#rutin")
    assert shown.links["Alla rutiner"] == "/rutiner#grundskola"


def test_the_heads_page_lists_what_is_overdue_until_it_is_followed_up(
    app: Flask, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    travel.move_to(datetime(2036, 5, 5, 9, tzinfo=UTC))
    office = staff_page(factories.member("samir", Role.HEAD_OF_UNIT))
    shown = office.get("/handlaggning/enheten")
    assert "Rutiner att följa upp" in shown.text
    assert office.get(shown.links["Parker och lekplatser"]).h1 == "Parker och lekplatser"
    write(office)
    assert "Rutiner att följa upp" not in office.get("/handlaggning/enheten").text
