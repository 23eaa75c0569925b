"""English: chosen at the foot of the page, kept, and complete for citizens; staff pages stay Swedish."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from portal.cases.enums import Kind
from portal.identity.actors import Citizen, Staff
from portal.organisation import queries as organisation
from portal.statistics.published.closed_months import count_next_month
from tests import factories
from tests.page import Page
from tests.web import providers, steps
from tests.web.english import (
    FORM,
    MAILED,
    NUMBER,
    TEXTED,
    WRITTEN,
    English,
    left_over,
    send,
    swedish_in,
    visit_as_a_stranger,
    visit_by_code,
    visit_mina_sidor,
    visit_the_desk,
    words,
)

# They redirect, are read by machines, or are files.
NO_PAGES = {
    "follow.attachment",
    "follow.latest",
    "follow.calendar_of",
    "follow.pdf_of",
    "mina_sidor.about_me_json",
    "mina_sidor.about_me_pdf",
    "mina_sidor.calendar_of",
    "follow.thumbnail",
    "mina_sidor.attachment",
    "mina_sidor.pdf_of",
    "mina_sidor.thumbnail",
    "public.language",
    "public.receipt_calendar",
    "public.receipt_pdf",
    "public.robots",
    "public.security",
    "public.statistics_csv",
    "public.statistics_json",
    "public.theme",
    "sign_in.keys",
    "sign_in.start",
}


@pytest.fixture
def english(swedish: set[str], app: Flask) -> Callable[[Page], English]:
    """A browser that chooses English."""

    def choose(page: Page) -> English:
        with app.app_context():
            return English(page, swedish)

    return choose


Choose = Callable[[Page], English]
SignedIn = Callable[[Citizen], Page]
StaffPage = Callable[[Staff], Page]


def handle(officer: Page, number: str = NUMBER) -> None:
    """Begin, answer, and close: each sends a message."""
    steps.act(officer, number, "take")
    steps.act(officer, number, "answer", changes={"body": "It opens on 1 June."})
    steps.act(officer, number, "close")


def test_the_choice_stands_at_the_foot_and_leads_back_to_the_same_page(page: Page) -> None:
    here = page.get("/om?fran=start")
    there = page.get(here.links["English"], 303)
    assert there.location == "/om?fran=start"
    shown = page.follow(there)
    assert (shown.h1, shown.find("html")["lang"]) == ("How it works", "en")
    back = page.get(shown.links["Svenska"], 303)
    assert page.follow(back).h1 == "Så fungerar det"


def test_every_page_of_a_citizen_is_in_english(
    app: Flask,
    page: Page,
    english: Choose,
    citizen_page: SignedIn,
    staff_page: StaffPage,
    travel: steps.Travel,
) -> None:
    officer, stranger, maria = (
        staff_page(factories.member()),
        english(page),
        english(citizen_page(factories.citizen())),
    )
    with app.app_context():
        visit_as_a_stranger(stranger)
    visit_by_code(stranger, officer)
    visit_mina_sidor(maria, officer)
    visit_the_desk(maria)
    rooms = ("public.", "follow.", "messages.", "sign_in.", "sessions.", "mina_sidor.")
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    unseen = {each for each in pages if each.startswith(rooms)} - stranger.seen - maria.seen
    assert unseen == NO_PAGES


def test_a_page_with_a_swedish_word_is_found(swedish: set[str]) -> None:
    sample = "<html lang='en'><p>{}</p><p title='Rubrik'>Your <span lang='sv'>ärende</span></p></html>"
    assert left_over(sample.format("Avsluta ärendet"), swedish, set()) == {"avsluta", "ärendet", "rubrik"}
    assert left_over(sample.format("Arlöv"), swedish, {"arlöv"}) == {"rubrik"}
    assert left_over(sample.format("<b class='code'>2DIN-SVAR</b>"), swedish, set()) == {"rubrik"}


def test_dates_and_times_are_english(page: Page, english: Choose, travel: steps.Travel) -> None:
    receipt = send(english(page), WRITTEN)
    assert "answers by Tuesday 19 May." in receipt.text
    assert "Monday 4 May at 10:00" in receipt.text
    assert receipt.text_of(".calendar th .ds-sr-only") == "Monday"
    assert "10 working days count. 5 days do not count: two weekends and Ascension Day." in receipt.text


def test_the_figures_are_in_english(app: Flask, page: Page, english: Choose, travel: steps.Travel) -> None:
    with app.app_context():
        for day in (3, 4, 5, 6, 17, None):
            factories.past(date(2026, 3, 2), date(2026, 3, day) if day else None, kind=Kind.QUESTION)
        while count_next_month():
            pass
    shown = english(page).get("/statistik")
    assert shown.text_of(".key-figures > li") == "66 % of the answers came in time. The goal is 90 per cent."


def test_the_municipalitys_own_words_are_in_english_and_the_rest_is_marked_as_swedish(
    page: Page, english: Choose
) -> None:
    browser = english(page)
    form = browser.get("/lamna/felanmalan")
    assert form.text_of("#annat") == "Is the fault dangerous?"
    assert "Streets and lighting" in form.text_of("#category")
    assert {option.get("lang") for option in form.all("#category option")} == {None}
    assert form.text_of(".site-footer [lang=sv]") == "Medborgarservice, Kyrkogatan 15, Arlöv."


def test_the_choice_and_what_was_written_survive_the_sign_in(
    make_app: Callable[..., Flask], issuer: str
) -> None:
    page = Page(make_app(oidc_citizen_issuer=issuer).test_client())
    page.get("/sprak/en", 303)
    sent = page.submit(page.get(FORM), "main form", changes=WRITTEN | {"reply_by": "portal"})
    started = page.follow(sent, 302)
    back = page.get(providers.at_testlegitimering(started.location, factories.CITIZENS["maria"]), 303)
    form = page.follow(back)
    assert (form.h1, steps.kept(form, "subject")) == ("Make a complaint", WRITTEN["subject"])
    done = page.submit(form, "main form", changes={"notify_by": "none"})
    assert page.follow(done).h1 == "Thank you. We have your complaint."


@pytest.mark.parametrize("written", [MAILED, TEXTED], ids=["email", "sms"])
def test_a_case_sent_in_english_gets_its_four_messages_in_english(
    page: Page,
    english: Choose,
    staff_page: StaffPage,
    swedish: set[str],
    written: dict[str, str],
    travel: steps.Travel,
) -> None:
    browser = english(page)
    send(browser, written)
    handle(staff_page(factories.member()))
    letters = factories.letters()
    assert [letter.name for letter in letters] == ["received", "being_handled", "answered", "closed"]
    assert {letter.language for letter in letters} == {"en"}
    about = words(" ".join(organisation.profile().about)) | browser.names
    for letter in letters:
        found = words(f"{letter.subject or ''} {letter.text}") - about
        assert swedish_in(found, browser.swedish) == set()
        if letter.html:
            assert left_over(letter.html, browser.swedish, browser.names) == set()
    assert "Tuesday 19 May" in str(letters[0].text)


def test_a_case_sent_in_swedish_gets_swedish_messages_whoever_handles_it(
    page: Page, staff_page: StaffPage
) -> None:
    steps.send(page, steps.MAILED | {"category": "parker"})
    officer = staff_page(factories.member())
    officer.get("/sprak/en", 303)
    handle(officer)
    assert {letter.language for letter in factories.letters()} == {"sv"}
    assert "Ditt ärende är avslutat." in str(factories.letters()[-1].text)


def test_the_pages_of_staff_stay_swedish(page: Page, staff_page: StaffPage) -> None:
    steps.send(page, {"category": "parker"})
    officer = staff_page(factories.member())
    officer.get("/sprak/en", 303)
    assert officer.get("/").find("html")["lang"] == "en"
    for path in ("/handlaggning/", steps.case_address(NUMBER)):
        shown = officer.get(path)
        assert shown.find("html")["lang"] == "sv"
        assert "Ärenden" in shown.text
    steps.act(officer, NUMBER, "take")
    assert "Pågår" in officer.get(steps.case_address(NUMBER)).text


@pytest.mark.parametrize("language", ["fi", "", "EN", "../en", "en\x00"])
def test_an_unknown_language_changes_nothing(page: Page, language: str) -> None:
    for chosen in ("sv", "en"):
        page.client.get(f"/sprak/{chosen}")
        page.client.get(f"/sprak/{language}")
        assert page.get("/").find("html")["lang"] == chosen


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", "/\\example.org", "om", ""])
def test_nobody_is_led_to_another_site_by_choosing_a_language(page: Page, back: str) -> None:
    answer = page.get("/sprak/en", 303, query_string={"nasta": back})
    assert answer.location == "/"
