"""The survey among the figures inside: on the page and in its files, with and without cases."""

import csv
import io
import zipfile
from datetime import date

import pytest
from flask import Flask

from portal import db
from portal.identity.actors import Role
from portal.organisation import queries as organisation
from portal.statistics.models import CountedSurvey
from portal.statistics.published.closed_months import count_next_month
from tests import factories
from tests.page import Page
from tests.plain_text import plain
from tests.web import steps
from tests.web.backoffice.test_figures import ADDRESS, SPRING, head, reader, rows

ROLES = pytest.mark.parametrize("role", [Role.HEAD_OF_UNIT, Role.ANALYST])


@pytest.fixture
def answers(app: Flask, travel: steps.Travel) -> None:
    """Eight answers about the park unit, complete in March."""
    with app.app_context(), db.transaction() as writer:
        park = organisation.unit("park")
        assert park
        sums = {"survey": 8, "helped.yes": 5, "helped.partly": 1, "helped.no": 2, "treatment.good": 6}
        place = {"unit_id": park.id, "board_id": park.board_id}
        writer.add(CountedSurvey(**place, last=date(2026, 3, 31), sums=sums))


@pytest.fixture
def months(app: Flask, travel: steps.Travel) -> None:
    """A case in March, which is counted."""
    with app.app_context():
        factories.past(date(2026, 3, 2), date(2026, 3, 3))
        while count_next_month():
            pass


def page_of(role: Role, staff_page: steps.SignIn) -> Page:
    return head(staff_page) if role is Role.HEAD_OF_UNIT else reader(staff_page)


EXPECTED = ["8", "62 % (5 av 8)", "12 % (1 av 8)", "25 % (2 av 8)", "75 % (6 av 8)"]


@ROLES
def test_the_survey_is_counted_where_it_knows_its_place(
    months: None, answers: None, staff_page: steps.SignIn, role: Role
) -> None:
    page = page_of(role, staff_page)
    shown = page.get(ADDRESS, query_string=SPRING | {"grupp": "namnd"})
    assert [plain(cell) for cell in rows(shown, "enkat")["Alla"]] == EXPECTED
    assert len(rows(shown, "enkat")) == 2
    for asked in ({"grupp": "amne"}, {"typ": "klagomal"}):
        assert not rows(page.get(ADDRESS, query_string=SPRING | asked), "enkat")


def test_the_survey_is_shown_where_no_case_came_in(answers: None, staff_page: steps.SignIn) -> None:
    shown = page_of(Role.HEAD_OF_UNIT, staff_page).get(ADDRESS, query_string=SPRING)
    assert [plain(cell) for cell in rows(shown, "enkat")["Alla"]] == EXPECTED
    assert not shown.has("#loften")
    assert "Inget att visa" not in shown.text
    assert "Hämta som Excel" in shown.links


@ROLES
def test_the_files_have_the_survey_after_the_figures(
    months: None, answers: None, staff_page: steps.SignIn, role: Role
) -> None:
    page = page_of(role, staff_page)
    text = page.client.get(f"{ADDRESS}.csv", query_string=SPRING).get_data(as_text=True)
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    blank = lines.index([])
    headings = ["Månad", "Svar på enkäten", "Ja", "Delvis", "Nej", "Bra bemötande"]
    block = lines[blank + 1 :]
    assert block[0][:5] == headings[:5]
    assert block[1:] == [["Alla", "8", "5", "1", "2", "6"], ["Mars 2026", "8", "5", "1", "2", "6"]]
    book = zipfile.ZipFile(io.BytesIO(page.client.get(f"{ADDRESS}.xlsx", query_string=SPRING).data))
    assert 'name="Enkät"' in book.read("xl/workbook.xml").decode()
    sheet = book.read("xl/worksheets/sheet2.xml").decode()
    assert sheet.count("<row ") == len(block)
    assert "<v>6</v>" in sheet


def test_the_files_have_no_survey_where_it_cannot_be_counted(
    months: None, answers: None, staff_page: steps.SignIn
) -> None:
    page = page_of(Role.ANALYST, staff_page)
    asked = SPRING | {"grupp": "amne"}
    assert "Svar på enkäten" not in page.client.get(f"{ADDRESS}.csv", query_string=asked).get_data(
        as_text=True
    )
    book = zipfile.ZipFile(io.BytesIO(page.client.get(f"{ADDRESS}.xlsx", query_string=asked).data))
    assert "xl/worksheets/sheet2.xml" not in book.namelist()
