"""The page of figures: what it says, what it leaves out, in Swedish and in English."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import Tag
from flask import Flask

from portal.cases.enums import Kind
from portal.organisation import queries as organisation
from portal.statistics.kept import keep_counts
from tests import factories, statements
from tests.page import Document, Page
from tests.web import steps

HEADS = ["Hälften fick svar inom", "Nästan alla (9 av 10) fick svar inom", "Kom in", "Har fått svar"]
MARCH, APRIL, MAY = date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _today(travel: steps.Travel) -> None:
    travel.move_to("2026-05-20 08:00:00Z")


def told(app: Flask, *days: int | None, kind: Kind = Kind.QUESTION, start: date = MARCH) -> None:
    """Somebody sent something in for each, and got an answer so many days after, or none."""
    with app.app_context():
        for each in days:
            answered = None if each is None else start + timedelta(days=each)
            factories.past(start, answered, kind=kind)


def rows(document: Document, table: int = 0) -> list[list[str]]:
    """The texts of a table, row by row, its heads first."""
    found = document.all("main table")[table].find_all("tr")
    return [[flat(cell) for cell in row.find_all(["th", "td"])] for row in found]


def flat(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def key_figures(document: Document) -> list[str]:
    return [flat(one) for one in document.all(".key-figures > div")]


def test_the_page_says_how_the_promise_was_kept(app: Flask, page: Page) -> None:
    told(app, *[1] * 8, 2, 3, 15, None)
    shown = page.get("/statistik")
    assert shown.h1 == "Håller vi vad vi lovar?"
    assert "Vi lovar svar inom 10 arbetsdagar. Så gick det mars–maj 2026." in shown.text
    share = "83 % 10 av 12 1 är sent och väntar än"
    assert key_figures(shown) == [
        f"Svar i tid fick {share}",
        "Hälften fick svar inom 1 arbetsdag",
        "Nästan alla (9 av 10) fick svar inom 11 arbetsdagar",
        "Det kom in 12 ärenden 11 har fått svar",
    ]
    assert rows(shown)[:2] == [
        ["Typ", "Svar i tid", *HEADS],
        ["Fråga", share, "1 arbetsdag", "11 arbetsdagar", "12 ärenden", "11"],
    ]
    assert rows(shown)[2] == ["Klagomål", "Färre än fem ärenden"]
    assert [rect["width"] for rect in shown.all("main table")[0].select("rect")] == ["100", "83"]


def test_each_month_of_a_kind_has_a_row_and_the_newest_comes_first(app: Flask, page: Page) -> None:
    told(app, *[1] * 5)
    told(app, *[1] * 5, start=APRIL)
    told(app, *[0] * 5, start=MAY)
    shown = page.get("/statistik")
    assert [row[0] for row in rows(shown, 1)] == ["Månad", "Maj 2026, hittills", "April 2026", "Mars 2026"]
    assert rows(shown, 1)[1][1:] == ["– inget tal"] * 3 + ["5 ärenden", "5"]
    assert shown.text_of("main table:nth-of-type(1) caption") == "Svarstider för varje typ av ärende"
    assert {cell["scope"] for cell in shown.all("main th")} == {"col", "row"}


def test_nothing_tells_of_fewer_than_five(app: Flask, page: Page) -> None:
    told(app, *[1] * 5)
    before = page.get("/statistik").text_of("main")
    told(app, 1, 2, 3, None, kind=Kind.PRAISE)
    assert page.get("/statistik").text_of("main") == before
    told(app, 1, kind=Kind.PRAISE)
    assert page.get("/statistik").text_of("main") != before


def test_with_too_few_the_page_says_so(app: Flask, page: Page) -> None:
    told(app, 1, 1, 1, 1)
    shown = page.get("/statistik")
    assert shown.text_of(".empty h2") == "Det finns för få ärenden att räkna på än."
    assert not shown.has("main table")
    assert not any(figure in shown.text_of("main") for figure in ("100 %", "4 ärenden"))


def test_what_there_is_too_little_to_say_of_is_not_among_the_key_figures(app: Flask, page: Page) -> None:
    told(app, *[0] * 5, start=MAY)
    assert key_figures(page.get("/statistik")) == ["Det kom in 5 ärenden 5 har fått svar"]


def test_everything_kept_is_a_whole_and_a_single_miss_is_not(app: Flask, page: Page) -> None:
    told(app, *[1] * 5)
    assert "100 %" in key_figures(page.get("/statistik"))[0]
    told(app, 20)
    assert "83 % 5 av 6" in key_figures(page.get("/statistik"))[0]


def test_no_text_of_a_case_nor_its_number_or_topic_is_on_the_page(app: Flask, page: Page) -> None:
    told(app, *[1] * 5)
    shown = page.get("/statistik")
    assert not [text for text in ("KB-2026", "Lekplatsen", "Ingen skylt", "Parker") if text in shown.html]


def test_the_page_asks_the_database_twice_and_before_the_worker_has_counted_four_times(
    app: Flask, page: Page
) -> None:
    told(app, *[1] * 6)
    told(app, *[1] * 6, kind=Kind.FAULT_REPORT)
    before, cost = asked(page)
    with app.app_context():
        keep_counts()
    after, least = asked(page)
    assert (cost, least) == (4, 2)
    assert after.text == before.text


def asked(page: Page) -> tuple[Document, int]:
    """The page, and how often it asked the database."""
    with statements.counted() as found:
        document = page.get("/statistik")
    return document, len(found)


def test_the_page_is_in_english_too(app: Flask, page: Page) -> None:
    told(app, *[1] * 10)
    page.get("/sprak/en", 303)
    shown = page.get("/statistik")
    assert shown.h1 == "Do we keep what we promise?"
    assert "We promise an answer within 10 working days. This is how it went March–May 2026." in shown.text
    assert key_figures(shown)[2] == "Nearly all (9 out of 10) got an answer within 1 working day"
    assert rows(shown)[2] == ["Complaint", "Fewer than five cases"]


def test_every_page_leads_to_the_figures(page: Page) -> None:
    assert page.get("/").links["Svarstider i siffror"] == "/statistik"


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


def test_where_no_number_is_promised_only_times_are_told(app: Flask, with_promise: Make) -> None:
    other, page = with_promise("")
    told(other, *[1] * 5)
    shown = page.get("/statistik")
    assert shown.h1 == "Hur snabbt svarar vi?"
    assert key_figures(shown) == [
        "Hälften fick svar inom 1 arbetsdag",
        "Det kom in 5 ärenden 5 har fått svar",
    ]
    assert rows(shown)[0] == ["Typ", *HEADS]
    assert "i tid" not in shown.text_of("main")


def test_a_promised_first_contact_has_its_own_figure(app: Flask, with_promise: Make) -> None:
    other, page = with_promise("contact_working_days = 2")
    told(other, 1, 2, 2, 2, 3)
    shown = page.get("/statistik")
    assert "Vi lovar en första kontakt inom 2 arbetsdagar." in shown.text
    assert key_figures(shown)[0] == "En första kontakt i tid fick 80 % 4 av 5"
    assert rows(shown)[0][1] == "Första kontakt i tid"
    assert rows(shown)[1][1] == "80 % 4 av 5"
