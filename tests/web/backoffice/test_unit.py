"""The head's page: who has which, what its numbers lead to, and the page that assigns cases anew."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from portal import clock, db
from portal.cases.actions import bars
from portal.cases.enums import Secrecy
from portal.cases.models import Case
from portal.cli import week
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.organisation.models import Unit
from portal.statistics.figures.definitions import DEFINITIONS
from portal.web.backoffice.bulk import actions as bulk_actions
from tests.page import Document, Page
from tests.plain_text import plain
from tests.statements import counted
from tests.web import steps

PATH = "/handlaggning/enheten"
MONDAY = date(2026, 1, 12)
NINE = datetime(2026, 1, 12, 9, tzinfo=clock.STOCKHOLM)
BUDGET = 19
As = Callable[[str], Page]


@pytest.fixture
def crew(app: Flask, travel: steps.Travel) -> dict[str, Staff]:
    """The people of a week of Parkenheten, seen on Monday at nine."""
    travel.move_to(NINE)
    with app.app_context():
        with db.transaction():
            week.create_week(MONDAY)
        return {_key(row): people.as_staff(row) for row in people.members()}


def _key(row: Membership) -> str:
    """As anna, or samir in park."""
    first = row.person.name.split()[0].lower()
    return f"{first} in {row.unit.key}" if row.unit else first


@pytest.fixture
def at(crew: dict[str, Staff], staff_page: steps.SignIn) -> As:
    """The browser of one of them, in that role."""

    def sign_in(key: str) -> Page:
        page = staff_page(crew[key])
        if key == "samir in park":
            shown = page.get("/handlaggning/")
            page.submit(shown, ".roles", changes={"membership": str(crew[key].membership)})
        return page

    return sign_in


def numbers(shown: Document) -> dict[str, str]:
    """The addresses of all numbers that lead to a list, with the number."""
    links = shown.all("main a[href*='/handlaggning/?'], main a[href$='utan-handlaggare']")
    return {str(link["href"]): link.get_text(" ").split()[0] for link in links}


def assert_lead_to_their_cases(page: Page, shown: Document) -> None:
    found = numbers(shown)
    for href, number in found.items():
        if number.isdigit():
            assert len(page.get(href).all("tbody tr")) == int(number), href
    assert len(found) > 8


def cells(shown: Document, name: str) -> list[str]:
    """The row of an officer, a unit or a figure."""
    for row in shown.all("tbody tr"):
        head = row.find("th")
        if head and head.get_text(" ", strip=True).startswith(name):
            return [cell.get_text(" ", strip=True).split(" ")[0] for cell in row.select("td")]
    raise AssertionError(name)


def test_every_number_of_a_head_leads_to_exactly_its_cases(at: As) -> None:
    page = at("per in park")
    shown = page.get(PATH)
    assert shown.h1 == "Parkenheten"
    assert "borta till och med 16 januari, Samir Aziz ersätter" in plain(shown.text)
    assert cells(shown, "Anna Lindqvist")[:4] == list("3110")
    assert cells(shown, "Samir Aziz")[:4] == list("2101")
    assert shown.links["1 ärenden: Anna Lindqvist är borta"].startswith("/handlaggning/?handlaggare=")
    rows = [row.get_text(" ", strip=True) for row in shown.all("table")[0].select("tbody tr")]
    assert [row.split("kvar ")[-1] for row in rows] == [
        "Ingen Ingen handlägger",
        "Anna Lindqvist Handläggaren är borta",
    ]
    assert_lead_to_their_cases(page, shown)
    assert_in_budget(page)


def test_the_head_of_the_administration_sees_its_units_and_what_they_may_read(at: As) -> None:
    page = at("ingrid")
    with db.transaction() as session:
        # The case of the street unit has secrecy now.
        secret = session.get_one(Case, 9)
        assert secret.internal_subject == "Hål i cykelvägen"
        secret.secrecy, secret.secrecy_provision = Secrecy.MARKED, "OSL 25:1"
    shown = page.get(PATH)
    assert shown.h1 == "Samhällsbyggnadsförvaltningen"
    assert cells(shown, "Gatuenheten") == ["0"] * 7
    assert cells(shown, "Parkenheten")[:2] == ["10", "3"]
    assert "Hål i cykelvägen" not in shown.text
    assert_lead_to_their_cases(page, shown)
    assert_in_budget(page)


def test_a_reader_of_figures_sees_counts_without_links_and_no_small_number(at: As) -> None:
    page = at("sofia")
    shown = page.get(PATH)
    assert shown.h1 == "Alla enheter"
    assert numbers(shown) == {}
    assert cells(shown, "Parkenheten") == ["10", *["visas"] * 6]
    # One unit is hidden in the column: the total would be its number.
    assert cells(shown, "Hela kommunen")[0] == "visas"
    assert "Klotter" not in shown.text
    assert page.get("/handlaggning/", status=403).links["Enheterna"] == PATH
    assert_in_budget(page)
    assert at("nils").get(PATH).h1 == "Alla enheter"
    at("tomas").get(PATH, status=403)
    for key in ("anna in park", "eva", "karin"):
        other = at(key)
        other.get(PATH, status=404)
        assert "Enheten" not in other.get("/handlaggning/").links


def test_what_an_officer_has_is_assigned_to_another_in_one_go(at: As, crew: dict[str, Staff]) -> None:
    page, anna = at("per in park"), crew["anna in park"].membership
    with db.transaction() as session:
        bars.recuse(crew["per in park"], session.get_one(Case, 5), "")
    # The case that the head is barred from is in no number and not to be assigned.
    assert cells(page.get(PATH), "Anna Lindqvist")[0] == "2"
    shown = page.get(page.get(PATH).links["Fördela om Anna Lindqvist"])
    assert shown.h1 == "Fördela 2 ärenden"
    # Who answers for her is proposed, and whoever is away is said to be.
    assert steps.chosen(shown, "officer") == str(crew["samir in park"].membership)
    assert "Anna Lindqvist, borta till och med 16 januari, Samir Aziz ersätter" in plain(shown.text)
    assert shown.links["Avbryt"] == f"/handlaggning/?handlaggare={anna}"
    own = at("samir in park").get(f"{PATH}/fordela-om/{anna}?lofte=pressing")
    assert own.h1 == "Fördela 1 ärende"
    assert own.links["Avbryt"] == f"/handlaggning/?handlaggare={anna}&lofte=pressing"
    assert page.submit(shown, "main form.fields", status=200).h1 == "2 ärenden är fördelade."
    assert cells(page.get(PATH), "Samir Aziz")[0] == "4"
    page.get(f"{PATH}/fordela-om/999", status=404)
    other = at("lars in forskola").get(f"{PATH}/fordela-om/{anna}")
    assert other.h1 == "Inget av ärendena går att fördela"


def test_the_page_says_when_it_assigns_only_the_first_cases(
    at: As, crew: dict[str, Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, anna = at("per in park"), crew["anna in park"].membership
    path = f"{PATH}/fordela-om/{anna}"
    assert "första av" not in page.get(path).text
    monkeypatch.setattr(bulk_actions, "MAX_CASES", 2)
    shown = page.get(path)
    assert shown.h1 == "Fördela 2 ärenden"
    assert "De 2 första av 3. Fördela resten efteråt." in shown.text
    assert page.submit(shown, "main form.fields", status=200).h1 == "2 ärenden är fördelade."
    assert "första av" not in page.get(path).text


@pytest.fixture
def close(app: Flask) -> Callable[[], None]:
    """Closes two units."""

    def close_units() -> None:
        with app.app_context(), db.transaction() as session:
            units = update(Unit).where(Unit.key.in_(["park", "avfall"]))
            session.execute(units.values(closed_at=clock.now()))

    return close_units


def test_the_cases_and_answers_of_a_closed_unit_stay_in_the_counts(at: As, close: Callable[[], None]) -> None:
    page, before = at("ingrid"), at("ingrid").get(PATH)
    close()
    shown = page.get(PATH)
    assert cells(shown, "Parkenheten stängd enhet") == cells(before, "Parkenheten")
    assert cells(shown, "Svar") == cells(before, "Svar")
    assert len(page.get("/handlaggning/?enhet=park").all("tbody tr")) == 10
    figures = at("sofia").get(PATH)
    assert cells(figures, "Parkenheten stängd enhet")[0] == "10"
    # Closed, and without a case.
    assert figures.text.count("stängd enhet") == 1


def assert_in_budget(page: Page) -> None:
    with counted() as statements:
        page.get(PATH)
    assert len(statements) <= BUDGET


def test_the_figures_are_named_and_explained_by_the_definitions(at: As) -> None:
    shown = at("per in park").get(PATH)
    heads = [row.get_text(" ", strip=True) for row in shown.all("section[aria-labelledby=siffror] tbody th")]
    # No contact within a number of days is promised here.
    keys = ("received", "answers", "contact_within", "answered_in_time", "median", "nine_of_ten")
    assert heads[: len(keys)] == [f"{DEFINITIONS[key].name} {DEFINITIONS[key].counted}" for key in keys]
