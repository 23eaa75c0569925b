"""The figures inside: what each reader gets, files that are right in a spreadsheet, and bad input."""

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock, db
from portal.cases.actions import protection, secrecy
from portal.cases.enums import Kind
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.statistics.inside import queries
from portal.statistics.published.closed_months import count_next_month
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.statements import counted
from tests.web import steps

ADDRESS = "/handlaggning/uppfoljning"
SPRING = {"fran": "2026-03", "till": "2026-04"}
BUDGET = 14


@pytest.fixture
def cases(app: Flask, travel: steps.Travel) -> None:
    """Seven cases of the park unit in March, six answered, and one in April; two of the streets' in March."""
    with app.app_context():
        for day in range(2, 8):
            factories.past(date(2026, 3, day), date(2026, 3, day + 7))
        factories.past(date(2026, 3, 9))
        factories.past(date(2026, 4, 1), date(2026, 4, 2), kind=Kind.QUESTION)
        for day in (3, 4):
            factories.past(date(2026, 3, day), date(2026, 3, day + 1), category="gator")


@pytest.fixture
def months(cases: None, app: Flask, travel: steps.Travel) -> None:
    """The closed months are counted."""
    with app.app_context():
        while count_next_month():
            pass


def head(staff_page: steps.SignIn) -> Page:
    return staff_page(factories.member("anna", Role.HEAD_OF_UNIT))


def reader(staff_page: steps.SignIn, role: Role = Role.ANALYST) -> Page:
    return staff_page(factories.member("samir", role, None))


def rows(shown: Document, table: str = "loften") -> dict[str, list[str]]:
    """The cells of each row of a table."""
    return {
        row.select("th")[0].get_text(strip=True): [
            " ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("td")
        ]
        for row in shown.all(f"section[aria-labelledby={table}] tbody tr")
    }


def test_a_head_gets_the_cases_of_the_unit_and_a_way_to_them(cases: None, staff_page: steps.SignIn) -> None:
    page = head(staff_page)
    shown = page.get(ADDRESS, query_string=SPRING | {"grupp": "typ"})
    found = rows(shown)
    assert list(found) == ["Alla", "Klagomål", "Fråga"]
    assert found["Alla"][0].startswith("8 ärenden, Alla")
    link = shown.find("section[aria-labelledby=loften] tbody tr:nth-of-type(2) a")["href"]
    assert len(page.get(str(link)).all("tbody tr")) == 7
    fates = rows(shown, "sa-gick-det")
    assert sum(int(count) for count in fates["Alla"]) == 8


def test_what_a_head_may_not_see_is_in_no_figure(
    cases: None, app: Flask, staff_page: steps.SignIn, anna: Staff
) -> None:
    with app.app_context():
        hidden = factories.past(date(2026, 4, 7))
        factories.act(secrecy.mark_secrecy, anna, hidden, "halsa")
    shown = staff_page(head_of_administration()).get(
        ADDRESS, query_string={"fran": "2026-04", "till": "2026-04"}
    )
    assert rows(shown)["Alla"][0].startswith("1 ")


def head_of_administration() -> Staff:
    with db.transaction():
        administration = organisation.administration("samhallsbyggnad")
        scope = identity.MembershipScope(administration=administration.id if administration else None)
        role = Role.HEAD_OF_ADMINISTRATION
        return people.as_staff(identity.add_member("Samir", factories.NUMBERS["samir"], role, scope))


@pytest.mark.parametrize("role", [Role.ANALYST, Role.PROCESS_OWNER, Role.ELECTED])
def test_who_sees_no_case_gets_the_whole_without_links_and_small_groups(
    months: None, staff_page: steps.SignIn, role: Role
) -> None:
    page = reader(staff_page, role)
    shown = page.get(ADDRESS, query_string={"fran": "2026-03", "till": "2026-03", "grupp": "enhet"})
    found = rows(shown)
    assert found["Alla"][0] == "9"
    assert list(found) == ["Alla", "Övriga"]
    assert not shown.has("table a")
    for file in ("csv", "xlsx"):
        page.get(f"{ADDRESS}/arenden.{file}", 403)


def test_elected_read_figures_alone(staff_page: steps.SignIn) -> None:
    page = reader(staff_page, Role.ELECTED)
    # Where a sign-in leads.
    assert page.get("/handlaggning/", 303).location == ADDRESS
    for address in ("/handlaggning/enheten", "/handlaggning/registrera", "/handlaggning/guide"):
        assert page.get(address, 403).links["Till uppföljningen"] == ADDRESS
    shown = page.get(ADDRESS)
    assert "Inga siffror än" in shown.text
    assert "Registrera" not in shown.links
    assert "Uppföljning" in shown.links


def test_officers_have_no_such_page(staff_page: steps.SignIn) -> None:
    page = staff_page(factories.member())
    for address in (
        ADDRESS,
        f"{ADDRESS}.csv",
        f"{ADDRESS}.xlsx",
        f"{ADDRESS}/arenden.csv",
        f"{ADDRESS}/arenden.xlsx",
    ):
        page.get(address, 404)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"fran": "2026-05", "till": "2026-04"}, "Välj en sista månad som inte är före den första"),
        ({"fran": "2016-05", "till": "2026-04"}, "Välj högst 36 månader"),
        ({"fran": "igår", "till": "2026-04"}, "Skriv år och månad, till exempel 2026-05"),
        ({"namnd": "finns-inte"}, "Det du valde finns inte. Välj något i listan."),
        ({"grupp": "kon"}, "Välj något i listan."),
    ],
)
@pytest.mark.parametrize("file", ["", ".csv", ".xlsx"])
def test_bad_input_is_explained_and_kept(
    months: None, staff_page: steps.SignIn, written: dict[str, str], message: str, file: str
) -> None:
    refused = reader(staff_page).get(f"{ADDRESS}{file}", 422, query_string=written)
    assert refused.errors() == [message]
    for name, text in written.items():
        if name in ("fran", "till"):
            assert refused.find(f"#{name}")["value"] == text


def test_a_closed_board_can_be_chosen_and_the_page_says_since_when(
    months: None, app: Flask, staff_page: steps.SignIn
) -> None:
    with app.app_context(), db.transaction() as writer:
        board = writer.scalars(select(Board).where(Board.key == "bygg")).one()
        board.closed_at = datetime(2026, 3, 20, 9, tzinfo=clock.STOCKHOLM)
    page = reader(staff_page)
    chosen = {"namnd": "bygg", "fran": "2026-03", "till": "2026-03"}
    shown = page.get(ADDRESS, query_string=chosen)
    assert "Nämnd: avslutad 20 mars 2026." in plain(shown.text)
    assert "Inget att visa" in shown.text
    earlier = page.get(ADDRESS, query_string=chosen | {"fran": "2026-02", "till": "2026-02"})
    assert "avslutad 20 mars" not in plain(earlier.text)


def test_policies_that_were_followed_have_a_table_and_a_definition(
    months: None, staff_page: steps.SignIn
) -> None:
    shown = reader(staff_page).get(ADDRESS, query_string={"fran": "2026-03", "till": "2026-03"})
    # Eight complaints were answered with "I dag.", and no one was in touch before.
    assert rows(shown, "bemotande")["Alla"] == ["0 % (0 av 8)", "0 % (0 av 8)", "–", "–"]
    assert "har ett ord som tackar" in shown.text


def test_a_period_without_cases_says_so(months: None, staff_page: steps.SignIn) -> None:
    shown = reader(staff_page).get(ADDRESS, query_string={"fran": "2019-01", "till": "2019-02"})
    assert "Inget att visa" in shown.text


def test_months_that_are_not_counted_yet_are_named(months: None, staff_page: steps.SignIn) -> None:
    shown = reader(staff_page).get(ADDRESS, query_string={"fran": "2026-03", "till": "2026-05"})
    assert "Månaderna till och med mars 2026 är färdiga." in plain(shown.text)


def test_more_cases_than_a_page_counts_are_refused(
    cases: None, staff_page: steps.SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MAX_CASES", 5)
    page = head(staff_page)
    for file in ("", ".csv", ".xlsx"):
        refused = page.get(f"{ADDRESS}{file}", 422, query_string=SPRING)
        assert refused.errors() == ["Perioden har fler än 5 ärenden. Välj en kortare."]


def test_the_files_have_the_figures_of_the_page(cases: None, staff_page: steps.SignIn) -> None:
    page = head(staff_page)
    text = page.client.get(f"{ADDRESS}.csv", query_string=SPRING).get_data(as_text=True)
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert len({len(line) for line in lines}) == 1
    assert [line[:2] for line in lines] == [
        ["Månad", "Kom in"],
        ["Alla", "8"],
        ["Mars 2026", "7"],
        ["April 2026", "1"],
    ]
    book = page.client.get(f"{ADDRESS}.xlsx", query_string=SPRING)
    assert book.headers["Content-Disposition"] == "attachment; filename=uppfoljning-2026-03-2026-04.xlsx"
    sheet = zipfile.ZipFile(io.BytesIO(book.data)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(lines)
    assert "<f>" not in sheet
    assert "<v>7</v>" in sheet


def test_a_head_gets_the_cases_of_the_list_as_a_file_without_texts(
    cases: None, app: Flask, staff_page: steps.SignIn, anna: Staff
) -> None:
    with app.app_context():
        protected = factories.past(date(2026, 3, 12), name="Maja Ek", email="maja@exempel.se")
        factories.act(protection.protect, anna, protected)
    page = staff_page(factories.member("samir", Role.HEAD_OF_UNIT))
    shown = page.get(ADDRESS, query_string=SPRING)
    text = page.client.get(shown.links["Hämta ärendena som csv"]).get_data(as_text=True)
    lines = text.splitlines()
    assert len(lines) == 1 + 9
    assert "Lekplatsen" not in text
    assert "Maja" not in text
    assert f'"{factories.number(protected)}"' in text


def test_a_head_gets_the_cases_of_the_list_as_a_workbook_with_the_rows_of_the_csv_file(
    cases: None, staff_page: steps.SignIn
) -> None:
    page = head(staff_page)
    links = page.get(ADDRESS, query_string=SPRING).links
    lines = page.client.get(links["Hämta ärendena som csv"]).get_data(as_text=True).splitlines()
    book = page.client.get(links["Hämta ärendena som Excel"])
    assert book.headers["Content-Disposition"] == "attachment; filename=arenden.xlsx"
    assert book.headers["Cache-Control"] == "no-store"
    sheet = zipfile.ZipFile(io.BytesIO(book.data)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(lines) == 1 + 8
    assert "Lekplatsen" not in sheet


def test_a_list_that_is_too_long_for_a_workbook_is_shown_with_what_to_do(
    cases: None, staff_page: steps.SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = head(staff_page)
    links = page.get(ADDRESS, query_string=SPRING).links
    monkeypatch.setattr(queries, "MAX_CASES", 7)
    refused = page.get(links["Hämta ärendena som Excel"], 422)
    text = "Listan har fler än 7 ärenden. Avgränsa den, eller hämta ärendena som csv."
    assert refused.text_of(".ds-error-summary li") == text
    assert len(refused.all("tbody tr")) == 8
    assert len(page.client.get(links["Hämta ärendena som csv"]).get_data(as_text=True).splitlines()) == 9


@pytest.mark.parametrize("who", ["head", "reader"])
def test_a_page_costs_as_many_statements_whatever_is_asked_for(
    months: None, staff_page: steps.SignIn, who: str
) -> None:
    page = head(staff_page) if who == "head" else reader(staff_page)
    for grouped in ("manad", "amne", "namnd"):
        page.get(ADDRESS, query_string=SPRING | {"grupp": grouped})
        with counted() as statements:
            page.get(ADDRESS, query_string=SPRING | {"grupp": grouped})
        # A head's period and the year before are one statement each.
        assert len(statements) <= (11 if who == "head" else BUDGET), "\n".join(statements)
