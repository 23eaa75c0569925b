"""Who meets which case in the back office. What somebody may not see does not exist."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from portal import db
from portal.identity import commands as identity
from portal.identity.actors import Role, Staff
from portal.web.support import waiting_drafts
from tests import factories
from tests.page import Document, Page
from tests.web import steps

ACTIONS = ["take", "assign", "note", "answer", "close", "uppgifter/1"]
SUBJECT = "Lekplatsen är stängd"
FIRST = "KB-2026-000001"
FIELDS = {"body": "Den 1 juni.", "officer": "1", "version": "1"}
NO_CASES = [Role.ANALYST, Role.PROCESS_OWNER, Role.ELECTED, Role.ADMINISTRATOR]


def everywhere(page: Page, number: str, status: int) -> list[Document]:
    """The case and everything that can be done with it."""
    fields = FIELDS | {"csrf_token": steps.token(page)}
    shown = [page.get(steps.case_address(number), status)]
    return shown + [page.post(steps.case_address(number, f"/{each}"), fields, status) for each in ACTIONS]


def test_an_officer_reads_a_case_of_their_own_unit(app: Flask, staff_page: steps.SignIn) -> None:
    number = factories.number(factories.send_in())
    assert staff_page(factories.member()).get(steps.case_address(number)).h1 == SUBJECT


def test_a_case_of_another_unit_is_not_there_whatever_is_asked(
    app: Flask, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    mine = factories.number(factories.send_in(category="gator"))
    factories.send_in()
    page, before = staff_page(factories.member("samir", unit="gata")), steps.stored()
    absent = {each.html for each in everywhere(page, "KB-2026-009999", 404)}
    for number in ("KB-2026-000002", "KB-2026-9", "XX-2026-000001", "1", "KB-0000-000000", "kb", "%00", "å"):
        assert {each.html for each in everywhere(page, number, 404)} == absent
    assert SUBJECT not in "".join(absent)
    assert steps.stored() == before
    assert page.get(steps.case_address(mine)).h1 == SUBJECT


def test_the_queue_shows_and_counts_nothing_outside_the_gate(app: Flask, staff_page: steps.SignIn) -> None:
    factories.send_in(category="gator", subject="Hål i gatan")
    for category in ("parker", "aldre", None):
        factories.send_in(category=category, subject="Inte för gatan")
    page = staff_page(factories.member("samir", unit="gata"))
    for view in ("due", "newest", "unassigned"):
        shown = page.get(f"/handlaggning/?vy={view}")
        assert [row.get_text(strip=True) for row in shown.all("td.what a")] == ["Hål i gatan"]
        assert "Inte för gatan" not in shown.html
        counts = {tag.get_text(" ", strip=True) for tag in shown.all(".views a")}
        assert {"Alla öppna 1", "Att fördela 1", "Nyaste först", "Mina ärenden 0"} <= counts


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.RECORDS_OFFICER])
def test_a_topic_with_a_secrecy_default_is_for_its_unit_and_the_records_officer(
    app: Flask, staff_page: steps.SignIn, role: Role
) -> None:
    number = factories.number(factories.send_in(category="aldre", subject="Hemtjänsten kom inte"))
    reads = role is Role.RECORDS_OFFICER
    page = staff_page(factories.member("eva", role, None))
    assert ("Hemtjänsten" in page.get("/handlaggning/").text) is reads
    page.get(steps.case_address(number), 200 if reads else 404)
    own = staff_page(factories.member("samir", unit="aldre"))
    assert "Sekretessmarkerat enligt" in own.get(steps.case_address(number)).text


def test_the_records_officer_registers_and_answers_nothing(app: Flask, staff_page: steps.SignIn) -> None:
    number = factories.number(factories.send_in())
    page = staff_page(factories.member("eva", Role.RECORDS_OFFICER, None))
    shown = page.get(steps.case_address(number))
    forms = {str(form["action"]).rsplit("/", 1)[-1] for form in shown.all("form")}
    # The sender is anonymous, so there is nothing to hide of them.
    assert forms == {
        "logga-ut",
        "mark_secrecy",
        "mark_message",
        "reclassify",
        "mark_concerned",
    }
    before = steps.stored()["case"]
    fields = FIELDS | {"csrf_token": steps.token(page)}
    for action in ("take", "note", "answer", "close"):
        page.post(steps.case_address(number, f"/{action}"), fields, 409)
    assert (steps.stored()["case"], steps.count("message")) == (before, 1)


@pytest.mark.parametrize("role", NO_CASES)
def test_a_role_without_cases_is_told_so_and_sees_nothing_of_them(
    app: Flask, staff_page: steps.SignIn, role: Role
) -> None:
    page = staff_page(factories.member("eva", role, None))
    # Those who are elected are led from the queue to their only page.
    assert_kept_out(page, "Din roll läser inga ärenden", closes_queue=role is not Role.ELECTED)


def test_staff_without_a_role_are_told_so_and_see_nothing(app: Flask, staff_page: steps.SignIn) -> None:
    actor = factories.member()
    page = staff_page(actor)
    page.get("/handlaggning/")
    end(actor)
    assert_kept_out(page)


def end(actor: Staff) -> None:
    with db.transaction():
        assert identity.end_membership(actor.membership or 0)


def assert_kept_out(
    page: Page, heading: str = "Du kommer inte åt ärenden än", closes_queue: bool = True
) -> None:
    number = factories.number(factories.send_in())
    before = steps.stored()
    queue = [page.get("/handlaggning/", 403)] if closes_queue else []
    for shown in [*queue, *everywhere(page, number, 403)]:
        assert shown.h1 == heading
        assert SUBJECT not in shown.html
        assert number not in shown.html
    assert steps.stored() == before


def test_a_stranger_is_sent_to_sign_in_and_the_way_back_is_kept(app: Flask, page: Page) -> None:
    number, before = factories.number(factories.send_in()), steps.stored()
    for wanted in ("/handlaggning/", "/handlaggning/?vy=mine&ordning=oldest", steps.case_address(number)):
        sent = urlsplit(page.get(wanted, 303).location)
        assert (sent.path, parse_qs(sent.query)) == ("/logga-in/personal", {"nasta": [wanted]})
    for action in ACTIONS:
        address, fields = steps.case_address(number, f"/{action}"), {"csrf_token": steps.token(page)}
        assert page.post(address, fields).location == f"/logga-in/personal?nasta={steps.case_address(number)}"
        own = page.post(address, FIELDS | fields, 403)
        assert (steps.kept(own, "mine"), SUBJECT in own.html) == (FIELDS["body"], False)
    after = steps.stored()
    # What a person wrote waits for their sign-in, in few drafts that this browser alone opens.
    assert len(after.pop("draft")) == min(len(ACTIONS), waiting_drafts.MAX_DRAFTS)
    assert before.pop("draft") == []
    assert after == before


def test_a_session_ends_after_an_hour_idle_and_twelve_hours_in_all(
    app: Flask, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    page = staff_page(factories.member())
    for _half_hour in range(23):
        travel.shift(1800)
        page.get("/handlaggning/")
    travel.shift(1799)
    page.get("/handlaggning/")
    travel.shift(1)
    page.get("/handlaggning/", 303)
    page = staff_page(factories.member())
    travel.shift(3600)
    page.get("/handlaggning/", 303)


def test_each_opening_of_a_case_is_noted_with_who_and_when(
    app: Flask, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    number, anna, eva = (
        factories.number(factories.send_in()),
        factories.member(),
        factories.member("eva", Role.REGISTRAR, None),
    )
    assert steps.count("read_log") == 0
    for actor in (anna, eva, anna):
        staff_page(actor).get(steps.case_address(number))
    assert [row[2] for row in steps.stored()["read_log"]] == [
        anna.membership,
        eva.membership,
        anna.membership,
    ]


def test_neither_the_queue_nor_a_refusal_is_noted_as_reading(app: Flask, staff_page: steps.SignIn) -> None:
    number, page = factories.number(factories.send_in()), staff_page(factories.member("samir", unit="gata"))
    page.get("/handlaggning/")
    page.get(steps.case_address(number), 404)
    assert steps.count("read_log") == 0


def test_no_page_of_a_case_is_kept_by_a_cache(app: Flask, staff_page: steps.SignIn) -> None:
    number, page = factories.number(factories.send_in()), staff_page(factories.member())
    for address in ("/handlaggning/", steps.case_address(number)):
        assert page.get(address).response.headers["Cache-Control"] == "no-store"
