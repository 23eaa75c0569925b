"""The start page is drawn once for all, with a token and a name for each reader, and the day of today."""

from collections.abc import Callable

from flask import Flask

from portal.identity.actors import Citizen
from tests import factories
from tests.page import Page
from tests.plain_text import plain
from tests.web import steps

FORM = "#formular"


def test_each_reader_has_a_token_of_their_own_that_holds(app: Flask) -> None:
    pages = [Page(app.test_client()) for _reader in range(2)]
    starts = [page.get("/") for page in pages]
    tokens = [start.form(FORM).fields()["csrf_token"] for start in starts]
    assert tokens[0] != tokens[1]
    for page, start in zip(pages, starts, strict=True):
        refused = page.submit(start, FORM, changes={"number": "KB-2026-000412"}, status=422)
        assert "Numret och koden hör inte ihop." in refused.text


def test_who_is_signed_in_is_seen_by_nobody_else(page: Page, citizen_page: Callable[[Citizen], Page]) -> None:
    maria, yusuf = (citizen_page(factories.citizen(name)) for name in ("maria", "yusuf"))
    for reader, name in ((maria, "Maria"), (yusuf, "Yusuf"), (page, ""), (maria, "Maria")):
        shown = reader.get("/")
        assert [other for other in ("Maria", "Yusuf") if other in shown.text] == [name] * bool(name)
        assert shown.has("#mina") is not bool(name)


def test_the_promise_is_that_of_today(page: Page, travel: steps.Travel) -> None:
    dates = []
    for day in ("2026-05-04", "2026-05-05", "2026-05-04"):
        travel.move_to(f"{day} 08:00:00Z")
        dates.append(plain(page.get("/").text_of(".promise-date")))
    assert dates[0] == dates[2] != dates[1]


def test_what_was_written_is_on_the_page_in_another_language_and_on_no_other(app: Flask, page: Page) -> None:
    # Also a character that no text has, in whose place the token is put.
    written = {"number": "KB-2026-\ufdd0412"}
    changed = page.submit(page.get("/"), FORM, changes=written, button="sprak=en", status=200)
    assert changed.form(FORM).fields()["number"] == [written["number"]]
    assert changed.find("html")["lang"] == "en"
    assert Page(app.test_client()).get("/").form(FORM).fields()["number"] == [""]
