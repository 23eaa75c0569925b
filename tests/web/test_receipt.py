"""The receipt: number, code, the promised date, and nothing left behind."""

import re
from datetime import date
from http.cookies import SimpleCookie

import pytest
import segno
from flask import Flask

from portal import config, db
from portal.cases.models import Case
from portal.words import dates
from tests.page import Document, Page
from tests.web import steps


def test_it_shows_number_code_and_the_promised_date(page: Page, travel: steps.Travel) -> None:
    receipt = steps.send(page)
    assert steps.number_of(receipt) == "KB-2026-000001"
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", steps.code_of(receipt))
    assert receipt.text_of("[data-code]").replace(" ", "-") == steps.code_of(receipt)
    due = db.session().query(Case).one().due_answer
    assert due == date(2026, 5, 19)
    assert f"svarar senast {dates.breakable(dates.weekday_date(due))}." in receipt.text
    assert receipt.find(".promise-date time")["datetime"] == "2026-05-19"


def test_the_code_opens_the_case_from_the_receipt_by_one_button(page: Page) -> None:
    receipt = steps.send(page)
    shown = page.follow(page.submit(receipt, "form[action='/folj']"))
    assert shown.h1 == steps.WRITTEN["subject"]


def test_the_cookie_is_unreadable_for_this_path_alone_and_gone_in_half_an_hour(page: Page) -> None:
    sent = page.submit(page.get(steps.COMPLAINT), "main form", changes=steps.WRITTEN)
    cookie = SimpleCookie(
        next(c for c in sent.response.headers.getlist("Set-Cookie") if c.startswith("kvitto="))
    )
    kept = cookie["kvitto"]
    assert (kept["path"], kept["max-age"], kept["samesite"]) == (sent.location, "1800", "Lax")
    assert kept["httponly"]
    receipt = page.follow(sent)
    for secret in (steps.code_of(receipt), steps.code_of(receipt).replace("-", ""), "000001"):
        assert secret not in kept.value


def test_it_lives_half_an_hour_and_the_server_sees_to_it(page: Page, travel: steps.Travel) -> None:
    sent = page.submit(page.get(steps.COMPLAINT), "main form", changes=steps.WRITTEN)
    kept = page.client.get_cookie("kvitto", path=sent.location)
    assert kept
    travel.shift(29 * 60)
    assert page.follow(sent).has("[data-code]")
    travel.shift(61)
    page.client.set_cookie("kvitto", kept.value, path=sent.location)
    assert_gone(page.get(sent.location))


def assert_gone(shown: Document) -> None:
    assert shown.h1 == "Kvittot visas inte längre"
    assert not shown.has("[data-code]")
    assert "KB-" not in shown.text


def test_klar_makes_this_device_forget_the_code(page: Page) -> None:
    receipt = steps.send(page)
    assert page.submit(receipt, "form[action^='/kvitto/']").location == "/"
    assert page.client.get_cookie("kvitto", path=receipt.path) is None
    assert_gone(page.get(receipt.path))
    assert_gone(page.get("/kvitto"))
    assert steps.open_case(page, steps.number_of(receipt), steps.code_of(receipt)).location.startswith(
        "/folj/"
    )


def test_klar_without_its_token_does_not_pretend(page: Page) -> None:
    receipt = steps.send(page)
    page.post(receipt.path, {}, 422)
    assert steps.latest_receipt(page).has("[data-code]")


@pytest.mark.parametrize("value", ["", "x", "gAAAAABx", "%C3%A5", "a" * 4000])
def test_a_cookie_that_is_none_of_ours_shows_nothing(page: Page, value: str) -> None:
    page.client.set_cookie("kvitto", value, path="/kvitto/gissad")
    assert_gone(page.get("/kvitto/gissad"))


def test_somebody_elses_browser_has_no_receipt(app: Flask, page: Page) -> None:
    steps.send(page)
    assert_gone(Page(app.test_client()).get("/kvitto"))


def test_no_address_holds_the_code(page: Page) -> None:
    shown = [page.get(steps.COMPLAINT)]
    shown.append(page.submit(shown[-1], "main form", changes=steps.MAILED))
    shown.append(receipt := page.follow(shown[-1]))
    shown.append(page.submit(receipt, "form[action='/folj']"))
    shown.append(page.follow(shown[-1]))
    plain = steps.code_of(receipt).replace("-", "")
    for each in shown:
        links = [
            str(tag.get(name, "")) for name in ("href", "src", "action") for tag in each.all(f"[{name}]")
        ]
        for address in [each.response.request.url, each.location, *links]:
            assert plain not in address.replace("-", "")


def test_the_qr_code_leads_to_the_page_that_asks_for_the_code_and_holds_the_number_alone(page: Page) -> None:
    receipt = steps.send(page)
    number = steps.number_of(receipt)
    address = f"{config.settings().base_url}/folj#{number}"
    expected = segno.make(address, error="m", micro=False, mask=2).svg_inline(
        scale=4, border=2, dark="#000", light="#fff", omitsize=True
    )
    assert expected in receipt.html
    assert steps.code_of(receipt) in receipt.html


def test_it_tells_who_gets_mail_without_showing_the_address(page: Page) -> None:
    receipt = steps.send(page, steps.MAILED)
    assert "maja@exempel.se" not in receipt.html
    assert "Vi skriver till m" in receipt.text
    assert "@exempel.se när något händer" in receipt.text


def test_it_tells_somebody_with_a_code_alone_that_it_cannot_be_had_again(page: Page) -> None:
    receipt = steps.send(page)
    assert "Vi vet inte vem du är och kan inte ta fram koden igen." in receipt.text


def test_the_exemption_of_summer_is_told_before_one_sends_and_on_the_receipt(
    page: Page, travel: steps.Travel
) -> None:
    assert "kan svaret komma senare" not in steps.send(page).text
    travel.move_to("2026-06-26 08:00:00Z")
    for shown in (page.get("/"), page.get(steps.COMPLAINT), steps.send(page)):
        assert "I sommar, till och med söndag 16 augusti, kan svaret komma senare." in shown.text


def test_klar_is_echoed_once_where_it_leads(page: Page) -> None:
    done = page.follow(page.submit(steps.send(page), "form[action^='/kvitto']"))
    assert done.text_of("[role=status]") == "Klart. Koden visas inte längre i den här webbläsaren."
    assert "Klart." not in page.get("/").text


def test_the_sentences_about_the_code_have_a_space_between_them(page: Page) -> None:
    assert "när något händer. Om du tappar koden kan du" in steps.send(page, steps.MAILED).text
