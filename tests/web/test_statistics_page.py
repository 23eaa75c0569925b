"""The page of figures: what it says, what it leaves out, in Swedish and in English; and the open data."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import Tag
from flask import Flask

from portal import clock, db
from portal.cases.enums import Kind
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.statistics.published.closed_months import count_next_month
from portal.web.public.figures.open_data import FIELDS
from tests import factories, statements
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

MARCH, APRIL, DECEMBER = date(2026, 3, 2), date(2026, 4, 1), date(2025, 12, 1)


@pytest.fixture(autouse=True)
def _today(travel: steps.Travel) -> None:
    travel.move_to("2026-05-20 08:00:00Z")


def answered(app: Flask, *days: int | None, start: date = MARCH, **given: str) -> None:
    """A case for each, answered so many days after it came in, or not."""
    with app.app_context():
        for number in days:
            then = None if number is None else start + timedelta(days=number)
            factories.past(start, then, **{"kind": Kind.QUESTION} | given)


def count(app: Flask) -> None:
    with app.app_context():
        while count_next_month():
            pass


def rows(document: Document, table: int = 0) -> list[list[str]]:
    """The texts of a table, row by row, its heads first."""
    found = document.all("main table")[table].find_all("tr")
    return [[flat(cell) for cell in row.find_all(["th", "td"])] for row in found]


def flat(tag: Tag) -> str:
    return plain(" ".join(tag.get_text(" ").split()))


def key_figures(document: Document) -> list[str]:
    return [flat(one) for one in document.all(".key-figures > li")]


def test_the_page_says_how_the_promise_was_kept(app: Flask, page: Page) -> None:
    answered(app, *[1] * 8, 2, 3, 15, None, start=APRIL)
    count(app)
    shown = page.get("/statistik")
    assert shown.h1 == "Håller vi vad vi lovar?"
    assert "Vi lovar svar inom 10 arbetsdagar. Så gick det maj 2025–april 2026." in plain(shown.text)
    assert "I april 2026 fick 11 av 12 svar i tid." in plain(shown.text)
    assert key_figures(shown) == [
        "91 % av svaren kom i tid. Målet är 90 procent.",
        "1 arbetsdag är mediantiden. Hälften fick svar inom den tiden.",
        "11 ärenden fick svar.",
    ]
    assert rows(shown)[1][:3] == ["April 2026", "91 %", "11 av 12"]
    assert rows(shown, 1)[:2] == [
        ["Typ", "Svar i tid", "Avslutat i tid", "Hälften fick svar inom", "Ärenden"],
        ["Fråga", "91 %", "91 %", "1 arbetsdag", "12"],
    ]
    assert ["Klagomål", "Färre än fem ärenden"] in rows(shown, 1)
    widths = [rect["width"] for rect in shown.all("main table")[1].select("rect")]
    assert widths[:3] == ["100", "91", "1"]


def test_the_start_page_has_the_sentence_and_leads_to_the_figures(app: Flask, page: Page) -> None:
    assert "svar i tid" not in page.get("/").text
    answered(app, *[1] * 5, None, start=APRIL)
    count(app)
    start = page.get("/")
    assert "I april 2026 fick 5 av 6 svar i tid." in plain(start.text)
    assert start.links["Se hur det går"] == "/statistik"


def test_a_month_with_too_few_cases_has_no_sentence(app: Flask, page: Page) -> None:
    answered(app, *[1] * 5)
    answered(app, 1, start=APRIL)
    count(app)
    assert "April 2026" in plain(page.get("/statistik").text)
    for address in ("/", "/statistik"):
        assert "I april 2026" not in plain(page.get(address).text)


def test_a_month_with_few_cases_is_merged_with_the_next(app: Flask, page: Page) -> None:
    answered(app, *[1] * 3)
    answered(app, *[1] * 4, start=APRIL)
    count(app)
    shown = page.get("/statistik")
    assert [row[0] for row in rows(shown, 2)] == ["Månad", "Mars–april 2026"]
    assert rows(shown)[1] == ["April 2026", "– inget tal", "– inget tal"]


def test_nothing_tells_of_fewer_than_five(app: Flask, page: Page) -> None:
    answered(app, *[1] * 5)
    answered(app, 1, 2, 3, None, kind=Kind.PRAISE)
    count(app)
    shown = page.get("/statistik")
    assert ["Beröm", "Färre än fem ärenden"] in rows(shown, 1)
    assert key_figures(shown)[-1] == "5 ärenden fick svar."


@pytest.mark.parametrize("cases", [0, 4])
def test_with_too_few_the_page_says_so(app: Flask, page: Page, cases: int) -> None:
    answered(app, *[1] * cases)
    count(app)
    shown = page.get("/statistik")
    assert shown.text_of(".empty h2") == "Det finns för få ärenden att räkna på än."
    assert not shown.has("main table")


@pytest.fixture
def with_year(app: Flask) -> Flask:
    """A year with boards, topics and units, and some months of the next."""
    answered(app, *[1] * 6, start=DECEMBER, category="parker")
    answered(app, *[1] * 5, start=DECEMBER, category="skola")
    answered(app, *[1] * 2, start=DECEMBER, category="bygga")
    answered(app, *[1] * 6)
    count(app)
    return app


def test_a_year_has_its_boards_and_rounded_topics_and_units(with_year: Flask, page: Page) -> None:
    shown = page.get("/statistik?ar=2025")
    names = [row[0] for row in rows(shown)]
    assert names[:2] == ["Nämnd", "Tekniska nämnden"]
    assert names[2].startswith("Utbildnings- och kulturnämnden, ")
    assert [row[-1] for row in rows(shown)[1:]] == ["6", "7"]
    counts = [flat(one) for one in shown.all(".counts > div")]
    assert counts[0] == "Besvarade, och annat cirka 15"
    assert counts[2:] == [
        "Förskola och skola, och övriga ämnen cirka 5",
        "Parkenheten cirka 5",
        "Grundskoleenheten, och övriga enheter cirka 5",
    ]
    assert [flat(tab) for tab in shown.all(".periods [aria-current]")] == ["2025"]
    latest = page.get("/statistik")
    assert "Nämnd för nämnd 2025" in latest.text


def test_a_board_has_a_page_of_its_years_also_when_it_is_closed(with_year: Flask, page: Page) -> None:
    shown = page.get(page.get("/statistik").links["Tekniska nämnden"])
    assert shown.h1 == "Tekniska nämnden"
    assert [row[0] for row in rows(shown)] == ["År", "2025"]
    small = page.get("/statistik?namnd=social")
    assert rows(small)[1][0].startswith("2025: Utbildnings- och kulturnämnden, ")
    assert "Det finns inga siffror för nämnden än." in page.get("/statistik?namnd=social&ar=2026").text
    with with_year.app_context(), db.transaction() as writer:
        writer.execute(sa.update(Board).where(Board.key == "tekniska").values(closed_at=clock.now()))
    closed = page.get("/statistik?namnd=tekniska")
    assert "Nämnden finns inte längre." in closed.text
    assert rows(closed)[1][-1] == "6"


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("ar=tjugo", 400, "Skriv ett år med fyra siffror, till exempel 2026."),
        ("ar=2016-2026", 400, "Skriv ett år med fyra siffror, till exempel 2026."),
        ("ar=%D9%A2%D9%A0%D9%A2%D9%A5", 400, "Skriv ett år med fyra siffror, till exempel 2026."),
        ("&".join(f"ar={year}" for year in range(2016, 2026)), 400, "Välj ett år i taget."),
        ("ar=1999", 404, "Det finns inga siffror för 1999."),
        ("namnd=okand", 404, "Vi känner inte till någon sådan nämnd."),
        ("namnd=ks&namnd=bygg", 400, "Välj en nämnd i taget."),
    ],
)
def test_what_cannot_be_shown_gets_a_clear_page(
    with_year: Flask, page: Page, query: str, status: int, text: str
) -> None:
    shown = page.get(f"/statistik?{query}", status)
    assert shown.text_of(".empty h2") == text
    assert shown.links["2025"] == "/statistik?ar=2025"


def test_no_text_of_a_case_nor_its_number_is_on_the_page(app: Flask, page: Page) -> None:
    answered(app, *[1] * 5)
    count(app)
    shown = page.get("/statistik")
    assert not [text for text in ("KB-2026", "Lekplatsen", "Ingen skylt") if text in shown.html]


def cost(page: Page, address: str) -> int:
    with statements.counted() as asked:
        page.get(address)
    assert not any('FROM "case"' in statement for statement in asked)
    return len(asked)


def test_a_page_asks_the_database_for_its_edition_alone_once_it_is_drawn(
    with_year: Flask, page: Page
) -> None:
    costs = {"/statistik": (4, 1), "/statistik?ar=2025": (3, 1), "/statistik?namnd=bygg": (3, 2), "/": (2, 1)}
    for address, most in costs.items():
        assert (cost(page, address), cost(page, address)) <= most, address


def test_the_open_data_have_the_same_numbers_as_the_page(with_year: Flask, page: Page) -> None:
    file = page.client.get("/statistik.csv")
    text = file.get_data(as_text=True)
    assert text.startswith("\ufeff")
    records = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert list(records[0]) == list(FIELDS)
    data = json.loads(page.client.get("/statistik.json").get_data(as_text=True))
    assert (data["licens"], data["falt"]) == ("CC0-1.0", FIELDS)
    values = [["" if value is None else str(value) for value in row.values()] for row in data["rader"]]
    assert values == [list(record.values()) for record in records]
    boards = [row for row in records if row["tabell"] == "nämnd"]
    assert [row["arenden"] for row in boards] == ["6", "7"]
    assert {row["arenden"] for row in records if row["tabell"] == "ämne"} == {"5"}


def test_the_open_data_may_be_kept_for_an_hour_and_asked_for_again(with_year: Flask, page: Page) -> None:
    for address in ("/statistik.csv", "/statistik.json"):
        first = page.client.get(address)
        assert first.headers["Cache-Control"] == "public, max-age=3600"
        assert "Set-Cookie" not in first.headers
        again = page.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_without_figures_the_open_data_are_empty(page: Page) -> None:
    assert json.loads(page.client.get("/statistik.json").get_data(as_text=True))["rader"] == []


def test_the_page_is_in_english_too(app: Flask, page: Page) -> None:
    answered(app, *[1] * 10, start=APRIL)
    count(app)
    page.get("/sprak/en", 303)
    shown = page.get("/statistik")
    assert shown.h1 == "Do we keep what we promise?"
    assert "In April 2026, 10 of 10 got an answer in time." in plain(shown.text)
    assert ["Complaint", "Fewer than five cases"] in rows(shown, 1)


PROMISE = "[promise]\nanswer_working_days = 10\n"


@pytest.fixture
def with_promise(make_app: Callable[..., Flask], tmp_path: Path) -> Callable[[str], tuple[Flask, Page]]:
    """The portal of a municipality that promises something else."""

    def make(promise: str) -> tuple[Flask, Page]:
        text = organisation.profile().text
        assert PROMISE in text
        file = tmp_path / "annan.toml"
        file.write_text(text.replace(PROMISE, f"[promise]\n{promise}\n"), encoding="utf-8")
        app = make_app(profile=str(file))
        return app, Page(app.test_client())

    return make


Make = Callable[[str], tuple[Flask, Page]]


def test_where_no_number_is_promised_only_times_are_shown(app: Flask, with_promise: Make) -> None:
    other, page = with_promise("")
    answered(other, *[1] * 5)
    count(other)
    shown = page.get("/statistik")
    assert shown.h1 == "Hur snabbt svarar vi?"
    assert key_figures(shown) == [
        "1 arbetsdag är mediantiden. Hälften fick svar inom den tiden.",
        "5 ärenden fick svar.",
    ]
    assert rows(shown)[0] == ["Typ", "Hälften fick svar inom", "Ärenden"]
    assert "i tid" not in shown.text_of("main")


def test_a_promised_first_contact_has_its_own_figure(app: Flask, with_promise: Make) -> None:
    other, page = with_promise("contact_working_days = 2")
    answered(other, 1, 2, 2, 2, 3)
    count(other)
    shown = page.get("/statistik")
    assert "Vi lovar en första kontakt inom 2 arbetsdagar." in shown.text
    assert key_figures(shown)[0] == "80 % fick en första kontakt i tid. Målet är 90 procent."
    assert rows(shown, 1)[0][1] == "Första kontakt i tid"
