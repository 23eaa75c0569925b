"""The statistics are drawn once for each publication: nothing old is shown, and nothing of a reader."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.cases.enums import Kind
from portal.identity.actors import Citizen
from portal.organisation.models import Board
from portal.statistics.models import CountedMonth
from portal.statistics.published.closed_months import count_next_month
from tests import factories
from tests.page import Page
from tests.plain_text import plain
from tests.web import steps

DECEMBER, MARCH, APRIL = date(2025, 12, 1), date(2026, 3, 2), date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _today(travel: steps.Travel) -> None:
    travel.move_to("2026-05-20 08:00:00Z")


def answered(app: Flask, start: date, cases: int) -> None:
    with app.app_context():
        for _number in range(cases):
            factories.past(start, start + timedelta(days=1), kind=Kind.QUESTION, category="parker")


def count(app: Flask) -> int:
    with app.app_context():
        return count_next_month()


def texts(readers: Sequence[Page]) -> list[str]:
    return [plain(reader.get(address).text) for reader in readers for address in ("/", "/statistik")]


def test_a_publication_is_on_every_page_at_once(app: Flask, page: Page) -> None:
    english = Page(app.test_client())
    english.get("/sprak/en", 303)
    answered(app, MARCH, 5)
    answered(app, APRIL, 6)
    count(app)
    of_march = texts([page, english])
    # The clock is frozen, so only the month distinguishes one publication from the next.
    count(app)
    of_april = texts([page, english])
    assert all(old != new for old, new in zip(of_march, of_april, strict=True))
    assert "6 av 6" in of_april[0]
    assert "6 of 6" in of_april[2]


def test_the_first_publication_is_seen_by_who_saw_that_there_was_none(app: Flask, page: Page) -> None:
    assert "Det finns för få ärenden att räkna på än." in page.get("/statistik").text
    assert "i tid" not in page.get("/").text
    answered(app, APRIL, 6)
    count(app)
    assert "6 ärenden fick svar." in page.get("/statistik").text
    assert "I april 2026 fick 6 av 6 svar i tid." in plain(page.get("/").text)


def test_a_year_that_becomes_complete_is_on_the_page_of_its_board(app: Flask, page: Page) -> None:
    answered(app, DECEMBER, 6)
    address = "/statistik?namnd=tekniska"
    assert "Det finns inga siffror för nämnden än." in page.get(address).text
    count(app)
    assert "Det finns inga siffror för nämnden än." not in page.get(address).text
    with app.app_context(), db.transaction() as writer:
        writer.execute(sa.update(Board).where(Board.key == "tekniska").values(name="Nya nämnden"))
    assert page.get(address).h1 == "Nya nämnden"


def test_what_was_counted_again_in_a_restored_database_is_shown(
    app: Flask, page: Page, travel: steps.Travel
) -> None:
    answered(app, APRIL, 5)
    count(app)
    assert "5 av 5" in plain(page.get("/").text)
    with app.app_context(), db.transaction() as writer:
        for table in reversed(CountedMonth.metadata.sorted_tables):
            if table.name.startswith("statistics_"):
                writer.execute(sa.delete(table))
    answered(app, APRIL, 1)
    travel.shift(timedelta(seconds=1))
    count(app)
    assert "6 av 6" in plain(page.get("/").text)
    assert "6 ärenden fick svar." in page.get("/statistik").text


def test_a_page_that_a_signed_in_person_saw_first_has_nothing_of_them(
    app: Flask, page: Page, citizen_page: Callable[[Citizen], Page]
) -> None:
    answered(app, APRIL, 5)
    count(app)
    with app.app_context():
        citizen = factories.citizen()
    own = citizen_page(citizen)
    shown = own.get("/statistik")
    assert "Maria" in shown.text
    seen_by_others = page.get("/statistik")
    assert "Maria" not in seen_by_others.text
    assert seen_by_others.text_of("main h1") == shown.text_of("main h1")
    assert not seen_by_others.all("main [name=csrf_token]")
