"""A case on paper and as a PDF: all of it, in the read log as such, and nothing fetched from elsewhere."""

import time
import zlib
from pathlib import Path
from threading import BoundedSemaphore
from urllib.parse import urljoin

import pytest
import weasyprint
from flask import Flask
from structlog.testing import capture_logs

from portal import db
from portal.audit.models import Reading
from portal.cases.actions import handling
from portal.cases.intake.submission import Receipt
from portal.cases.measures import actions as measures
from portal.cases.models import Party
from portal.identity.actors import Role, Staff
from portal.operations import pdf_child
from portal.web import pdf
from portal.web.backoffice.case import printing
from tests import factories
from tests.page import Page
from tests.plain_text import plain
from tests.web import steps

HOSTILE = (
    "<img src=file:///etc/passwd><link rel=stylesheet href=http://127.0.0.1:9/x.css>"
    "<object data='https://exempel.se/'></object><style>@import url(file:///etc/hosts)</style>"
    "<a rel=attachment href=file:///etc/passwd>x</a>\n</p></article> {{ 7 * 7 }} ÅÄÖ"
)


@pytest.fixture
def sent(app: Flask, anna: Staff, travel: steps.Travel) -> Receipt:
    """A case in which something has been said, noted, done and proposed."""
    with app.app_context():
        receipt = factories.send_in(
            subject="Gungan <b>är trasig", body=HOSTILE, email="maja@exempel.se", name="Maja"
        )
        factories.act(handling.note, anna, receipt, "Per ringde henne.")
        factories.act(measures.propose, anna, receipt, "En skylt samma dag.")
        travel.move_to("2026-05-05 08:00:00Z")
        factories.act(handling.answer, anna, receipt, "Den 1 juni.")
    return receipt


@pytest.fixture
def page(sent: Receipt, anna: Staff, staff_page: steps.SignIn) -> Page:
    return staff_page(anna)


def on_paper(receipt: Receipt) -> str:
    return steps.case_address(factories.number(receipt), "/utskrift")


def as_pdf(receipt: Receipt) -> str:
    return steps.case_address(factories.number(receipt), "/arende.pdf")


def readings() -> list[str]:
    db.close_read_session()
    return [each.what.value for each in db.session().query(Reading).order_by(Reading.id)]


def test_the_printed_case_has_all_of_it_in_order_with_full_dates_and_who_printed_it(
    page: Page, sent: Receipt
) -> None:
    shown = page.get(on_paper(sent))
    assert shown.h1 == "Gungan <b>är trasig"
    assert shown.text_of(".printed") == "Utskrivet av Anna 5 maj 2026 kl. 10.00"
    whole = shown.text
    parts = [
        factories.number(sent),
        "Maja",
        "maja@exempel.se",
        "Löftet",
        "{{ 7 * 7 }} ÅÄÖ",
        "Per ringde henne.",
    ]
    parts += [
        "Den 1 juni.",
        "En skylt samma dag.",
        "Ärendet kom in",
        "Anna skrev en anteckning",
        "Anna svarade",
    ]
    places = [whole.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    rows = [[plain(cell.get_text()) for cell in row.select("td")] for row in shown.all("thead + tbody tr")]
    assert rows[0] == ["1", "4 maj 2026 kl. 10.00", "Ärendet kom in"]
    assert rows[-1] == ["4", "5 maj 2026 kl. 10.00", "Anna svarade (handläggare, Parkenheten)"]


def test_each_print_and_each_pdf_stands_in_the_read_log_as_such(page: Page, sent: Receipt) -> None:
    for address in (steps.case_address(factories.number(sent)), on_paper(sent), as_pdf(sent)):
        page.get(address)
    assert readings() == ["case", "print", "pdf"]


def test_the_case_page_leads_to_both_and_the_print_to_the_pdf(page: Page, sent: Receipt) -> None:
    links = page.get(steps.case_address(factories.number(sent))).links
    assert (links["Skriv ut ärendet"], links["Hämta som pdf"]) == (on_paper(sent), as_pdf(sent))
    assert page.get(on_paper(sent)).links["Hämta som pdf"] == as_pdf(sent)


def test_a_pdf_is_a_download_with_the_number_as_its_name_and_no_cache_keeps_it(
    page: Page, sent: Receipt
) -> None:
    answer = page.get(as_pdf(sent)).response
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={factories.number(sent)}.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data.startswith(b"%PDF-")


def test_a_pdf_is_made_of_our_own_sheets_and_fonts_alone_whatever_a_text_asks_for(
    app: Flask, page: Page, sent: Receipt
) -> None:
    escaped = page.get(as_pdf(sent)).response.data
    with app.app_context():
        unescaped = pdf.render_pdf(f"<html><body>{HOSTILE}")
    assert b"root:" not in b"".join(inflated(escaped) + inflated(unescaped))


def test_nothing_but_our_own_files_is_given_by_the_fetcher(app: Flask) -> None:
    files = pdf_child.allowed(Path(app.static_folder or ""))
    fetch = pdf_child.make_fetcher(weasyprint, files).fetch
    sheet = f"{pdf_child.STATIC_URL}utskrift.css"
    assert fetch(sheet).read() == files[sheet].read_bytes()
    for url in (
        "file:///etc/passwd",
        f"{pdf_child.STATIC_URL}../setup.cfg",
        f"{sheet}?x",
        "data:,x",
        "//x",
        "http://127.0.0.1:9/x.css",
    ):
        with pytest.raises(ValueError, match="elsewhere"):
            fetch(url)


def test_every_sheet_of_the_paper_is_one_that_the_fetcher_gives(
    app: Flask, page: Page, sent: Receipt
) -> None:
    files = pdf_child.allowed(Path(app.static_folder or ""))
    sheets = [str(link["href"]) for link in page.get(on_paper(sent)).all("link[rel=stylesheet]")]
    assert sheets
    addresses = [urljoin(pdf_child.STATIC_URL, sheet) for sheet in sheets]
    assert {pdf_child.without_version(address) for address in addresses} <= set(files)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("MAX_SECONDS", 1, "timeout"),
        ("MAX_MEMORY_BYTES", 64 * 1024 * 1024, "crashed"),
        ("_places", None, "busy"),
    ],
)
def test_a_pdf_over_its_limits_leads_to_the_print(
    page: Page, sent: Receipt, monkeypatch: pytest.MonkeyPatch, name: str, value: int | None, reason: str
) -> None:
    taken = BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(pdf, "MAX_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(pdf, name, taken if value is None else value)
    if name == "MAX_SECONDS":
        monkeypatch.setattr(printing, "page", lambda *_args, **_more: "<p>" + "ord " * 200_000)
    begun = time.monotonic()
    with capture_logs() as lines:
        told = page.get(as_pdf(sent), 503)
    assert time.monotonic() - begun < 30
    assert told.h1 == "Pdf-filen gick inte att göra"
    assert told.links["Till utskriften"] == on_paper(sent)
    assert [(line["event"], line["reason"]) for line in lines] == [("pdf.failed", reason)]


def inflated(written: bytes) -> list[bytes]:
    """Every stream of a PDF that is compressed."""
    found = []
    for part in written.split(b"stream\n")[1::2]:
        try:
            found.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return found


def test_without_the_library_the_address_leads_to_the_print_and_no_page_to_the_address(
    page: Page, sent: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    told = page.get(as_pdf(sent), 404)
    assert told.h1 == "Ingen pdf här"
    assert told.links["Till utskriften"] == on_paper(sent)
    assert readings() == []
    for address in (steps.case_address(factories.number(sent)), on_paper(sent)):
        assert "Hämta som pdf" not in page.get(address).links


@pytest.mark.parametrize("hidden", ["protected", "hide_sender"])
def test_a_sender_who_is_protected_or_hidden_has_no_name_on_paper(
    page: Page, sent: Receipt, hidden: str
) -> None:
    with db.transaction() as session:
        if hidden == "protected":
            session.query(Party).one().protected = True
        else:
            factories.queries.case_by_id(factories.System(), sent.case).hide_sender = True
    html = page.get(on_paper(sent)).html
    assert "Maja" not in html
    assert "maja@exempel.se" not in html


def test_a_case_that_one_does_not_see_is_neither_printed_nor_made_a_pdf_of(
    app: Flask, page: Page, staff_page: steps.SignIn
) -> None:
    with app.app_context():
        secret = factories.send_in(category="aldre")
    for address in (on_paper(secret), as_pdf(secret)):
        page.get(address, 404)
    assert readings() == []


def test_a_reader_may_print_and_is_named(sent: Receipt, staff_page: steps.SignIn) -> None:
    reader = staff_page(factories.member("eva", Role.RECORDS_OFFICER, None))
    assert "Utskrivet av Eva" in reader.get(on_paper(sent)).text_of(".printed")


def test_what_is_printed_is_swedish_whatever_language_its_reader_chose(page: Page, sent: Receipt) -> None:
    page.get("/sprak/en", 303)
    shown = page.get(on_paper(sent))
    assert shown.soup.html["lang"] == "sv"
    assert "5 maj 2026 kl. 10.00" in shown.text
    assert printing
