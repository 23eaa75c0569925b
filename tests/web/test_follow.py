"""Following by code: who gets in, what they see, and what they write back."""

import re

import pytest
from flask import Flask

from portal import db
from portal.cases.models import Case
from portal.identity.actors import Role
from tests import factories
from tests.page import Document, Page
from tests.web import steps

WRONG = "Numret och koden hör inte ihop. Jämför med kvittot."
NO_CODE = "2222-2222-2222-2222"


@pytest.fixture
def sent(app: Flask) -> tuple[str, str]:
    """The number and the code of a case."""
    receipt = steps.send(Page(app.test_client()))
    return steps.number_of(receipt), steps.code_of(receipt)


def apart_from_what_was_written(shown: Document) -> str:
    without_tokens = re.sub(r'name="csrf_token"[^>]*>', "", shown.html)
    return re.sub(r'(id="(?:number|code)"[^>]*) value="[^"]*"', r"\1", without_tokens)


def test_number_and_code_open_the_case(page: Page, sent: tuple[str, str]) -> None:
    shown = page.follow(steps.open_case(page, *sent))
    assert re.fullmatch(r"/folj/[\w-]{22}", shown.path)
    assert (shown.h1, steps.WRITTEN["body"] in shown.text) == (steps.WRITTEN["subject"], True)


def test_they_open_it_from_the_start_page_as_well(page: Page, sent: tuple[str, str]) -> None:
    number, code = sent
    answer = page.submit(page.get("/"), "form[action='/folj']", changes={"number": number, "code": code})
    assert page.follow(answer).h1 == steps.WRITTEN["subject"]


def test_small_letters_spaces_and_missing_hyphens_are_forgiven(page: Page, sent: tuple[str, str]) -> None:
    number, code = sent
    forgiven = [(number.lower(), code.lower()), (f" {number.replace('-', ' ')} ", code.replace("-", " "))]
    for pair in [*forgiven, (number.replace("-", ""), code.replace("-", "–"))]:
        assert steps.open_case(page, *pair).location.startswith("/folj/")


def test_every_wrong_pair_gets_the_same_answer(page: Page, sent: tuple[str, str]) -> None:
    number, code = sent
    other = steps.code_of(steps.send(page))
    wrong = [(number, NO_CODE), ("KB-2026-009999", code), (number, other), ("", ""), (number, ""), ("", code)]
    wrong += [("XX-2026-000001", code), ("KB20261", code), (f"{number}0", code), (number, f"{code}A")]
    wrong += [
        (number, "0" * 16),
        (f"{number}\x00", code),
        ("KB-9999-999999999", code),
        (f"{number}' --", "ö"),
    ]
    wrong += [
        (number, "<script>alert(1)</script>"),
        ("KB-٢٠٢٦-000001", code),
        ("K" * 100_000, "A" * 100_000),
    ]
    answers = [steps.open_case(page, *pair, status=422) for pair in wrong]
    assert answers[0].errors() == [WRONG]
    assert answers[0].find(".ds-error-summary a")["href"] == "#code"
    assert len({apart_from_what_was_written(answer) for answer in answers}) == 1
    for pair, answer in zip(wrong, answers, strict=True):
        assert (steps.kept(answer, "number"), steps.kept(answer, "code")) == pair


def test_a_wrong_pair_stores_nothing_and_opens_nothing(page: Page, sent: tuple[str, str]) -> None:
    before = steps.stored()
    steps.open_case(page, sent[0], NO_CODE, status=422)
    assert steps.stored() == before
    assert page.get("/folj/arende", 303).location == "/folj"


def test_without_its_token_the_right_pair_opens_nothing_and_is_kept(
    page: Page, sent: tuple[str, str]
) -> None:
    number, code = sent
    asked = page.post("/folj", {"number": number, "code": code}, 422)
    assert (steps.kept(asked, "number"), steps.kept(asked, "code")) == sent
    assert steps.count("code_grant") == 0
    assert page.follow(page.submit(asked, "main form")).h1 == steps.WRITTEN["subject"]


def test_somebody_else_on_the_way_to_the_case_is_sent_to_show_the_code(app: Flask, page: Page) -> None:
    steps.opened(page)
    stranger = Page(app.test_client())
    assert stranger.get("/folj/arende", 303).location == "/folj"
    for address in ("/folj/arende", "/folj/arende/stang"):
        assert stranger.post(address, {"csrf_token": steps.token(stranger)}).location == "/folj"
        stranger.post(address, {"body": "Hej", "csrf_token": steps.token(stranger)}, 403)
    assert steps.count("message") == 1


def test_the_case_stays_open_for_half_an_hour(page: Page, travel: steps.Travel) -> None:
    steps.opened(page)
    travel.shift(30 * 60 - 1)
    steps.latest(page)
    travel.shift(1)
    assert page.get("/folj/arende", 303).location == "/folj"


def test_whoever_comes_too_late_is_told_why_the_code_is_asked_for_again(
    page: Page, travel: steps.Travel
) -> None:
    steps.opened(page)
    assert "30 minuter" not in page.get("/folj").text
    travel.shift(30 * 60)
    asked = page.follow(page.get("/folj/arende", 303))
    assert "Ett öppet ärende stänger vi efter 30 minuter" in asked.text_of("[role=status]")


def test_a_reply_written_for_too_long_is_not_sent_and_given_back(page: Page, travel: steps.Travel) -> None:
    shown = steps.opened(page)
    travel.shift(30 * 60)
    late = page.submit(shown, "main form", changes={"body": "Ett\nlångt <svar>"}, status=403)
    assert (late.h1, steps.kept(late, "mine")) == ("Det har gått en stund", "Ett\nlångt <svar>")
    assert late.links["Öppna ärendet igen"] == "/folj"
    assert steps.count("message") == 1


def test_a_text_that_another_site_sends_is_not_shown_as_ones_own(page: Page) -> None:
    assert page.post("/folj/arende", {"body": "Ring 0900"}).location == "/folj"


def test_close_ends_it_on_this_device_and_on_the_server(app: Flask, page: Page) -> None:
    shown = steps.opened(page)
    kept = page.client.get_cookie("kontakt")
    assert kept
    assert page.submit(shown, "form[action$='/stang']").location == "/folj"
    assert steps.count("code_grant") == 0
    page.get("/folj/arende", 303)
    with_old_cookie = Page(app.test_client())
    with_old_cookie.client.set_cookie("kontakt", kept.value)
    with_old_cookie.get("/folj/arende", 303)


def test_close_without_its_token_closes_nothing_and_says_so(page: Page) -> None:
    shown = steps.opened(page)
    asked = page.post(f"{shown.path}/stang", {}, 422)
    assert "Sidan hade varit öppen för länge." in asked.text
    assert page.submit(asked, "form[action$='/stang']").location == "/folj"


def test_a_browser_has_the_case_that_it_opened_last(page: Page) -> None:
    steps.opened(page, {"subject": "Det första"})
    assert steps.opened(page, {"subject": "Det andra"}).h1 == "Det andra"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "Skriv något först"),
        (" \n ", "Skriv något först"),
        ("a" * 20_001, "Texten är 1 tecken för lång. Den får vara högst 20 000 tecken."),
        ("Hej\x07", "Texten innehöll tecken som inte går att läsa. Vi tog bort dem. Läs igenom och skicka."),
    ],
)
def test_a_reply_that_cannot_be_sent_is_kept_and_told(page: Page, written: str, message: str) -> None:
    shown, before = steps.opened(page), steps.stored()
    asked = page.submit(shown, "#body", changes={"body": written}, status=422)
    assert asked.errors() == [message]
    assert asked.text_of("#body-error") == message
    assert steps.kept(asked, "body").strip() == written.replace("\x07", "").strip()
    assert steps.stored() == before


def test_a_reply_without_its_token_is_kept_and_the_next_try_goes_through(page: Page) -> None:
    shown = steps.opened(page)
    without = {"body": "Vilken tid?", "csrf_token": None}
    asked = page.submit(shown, "#body", changes=without, status=422)
    assert "Sidan hade varit öppen för länge. Allt du skrev finns kvar. Skicka igen." in asked.text
    assert steps.count("message") == 1
    told = page.follow(page.submit(asked, "#body"))
    assert "Vilken tid?" in told.text
    assert "Tack. Vi har fått det du skrev." in told.text


def test_a_reply_to_a_closed_case_opens_it_again_with_a_new_promise(
    page: Page, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    receipt = steps.send(page, {"category": "parker"})
    officer = staff_page(factories.member())
    steps.act(officer, "KB-2026-000001", "answer", changes={"body": "I juni."}, button="Skicka och avsluta")
    travel.shift(24 * 3600)
    shown = page.follow(steps.open_case(page, "KB-2026-000001", steps.code_of(receipt)))
    assert shown.text_of(".ds-tag") == "Avslutat"
    told = page.follow(page.submit(shown, "#body", changes={"body": "När i juni?"}))
    assert told.text_of(".ds-tag") == "Pågår"
    assert "Du skrev tillbaka och ärendet öppnades igen" in told.text
    db.close_read_session()
    assert str(db.session().query(Case).one().due_answer) == "2026-05-20"


def test_what_staff_say_between_themselves_is_never_shown(page: Page, staff_page: steps.SignIn) -> None:
    steps.opened(page, {"category": "parker"})
    officer = staff_page(factories.member())
    steps.act(officer, "KB-2026-000001", "note", changes={"body": "Hen har ringt förut."})
    shown = steps.latest(page)
    assert "ringt förut" not in shown.html
    assert "anteckning" not in shown.text
    assert "ringt förut" in officer.get(steps.case_address("KB-2026-000001")).text


def test_the_answer_shows_who_wrote_it_and_from_which_unit(page: Page, staff_page: steps.SignIn) -> None:
    steps.opened(page, {"category": "parker"})
    officer = staff_page(factories.member())
    steps.act(officer, "KB-2026-000001", "take")
    steps.act(officer, "KB-2026-000001", "answer", changes={"body": "Den 1 juni."})
    shown = steps.latest(page)
    assert "Svar från Anna, Parkenheten" in shown.text
    assert shown.text_of("label[for=body]") == "Skriv till oss"


def test_a_code_holder_is_not_staff_and_staff_are_no_code_holders(
    page: Page, staff_page: steps.SignIn
) -> None:
    steps.opened(page)
    assert "/logga-in/" in page.get("/handlaggning/", 303).location
    registrar = staff_page(factories.member("eva", Role.REGISTRAR, None))
    assert registrar.get("/folj/arende", 303).location == "/folj"
