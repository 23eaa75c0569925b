"""English: chosen at the foot of the page, kept, and complete for citizens; staff pages stay Swedish."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.identity.actors import Citizen, Staff
from portal.organisation import queries as organisation
from tests import build
from tests.house import catalogues
from tests.page import Document, Page
from tests.web import providers, steps

NUMBER = "KB-2026-000001"
FORM = "/lamna/klagomal"
WRITTEN = {"subject": "The playground", "body": "No sign says why.", "category": "parker", "reply_by": "code"}
MAILED = WRITTEN | {"reply_by": "email", "email": "mary@example.org", "name": "Mary"}
TEXTED = WRITTEN | {"reply_by": "sms", "phone": "070-174 06 05"}
SPOKEN = ("aria-label", "title", "alt", "placeholder")


def words(text: str) -> set[str]:
    """The words of a text, small."""
    return set(re.findall(r"[^\W\d_]+", text.lower()))


def words_of(texts: Catalog, translations: bool) -> set[str]:
    found = catalogues.contents(texts).items()
    return {
        word
        for key, forms in found
        for text in (forms if translations else key[:1])
        for word in words(text or "")
    }


@pytest.fixture(scope="module")
def swedish() -> set[str]:
    """Every word of our own that is no English word, what only staff read with it."""
    texts, translations = catalogues.asked(staff=True), catalogues.translated("en")
    return words_of(texts, translations=False) - words_of(translations, translations=True)


class English(Page):
    """A browser that has chosen English: every page that it sees must be in English."""

    def __init__(self, page: Page, swedish: set[str]) -> None:
        super().__init__(page.client)
        # The brand is a name in every language.
        self.swedish = swedish - words(organisation.profile().service)
        self.names = words(f"{organisation.profile().short} {organisation.profile().full}")
        self.seen: set[str] = set()
        self.post("/sprak", {"language": "en", "csrf_token": token(page)})

    def _open(self, method: str, path: str, status: int, **options: Any) -> Document:
        document = super()._open(method, path, status, **options)
        if document.html and not document.location:
            self.seen.add(self.endpoint(document))
            assert left_over(document.html, self.swedish, self.names) == set(), f"{document.path} ({status})"
        return document

    def endpoint(self, document: Document) -> str:
        """Which view drew a page; empty where there is none."""
        try:
            urls = self.client.application.url_map.bind("localhost")
            return str(urls.match(document.path, document.response.request.method)[0])
        except HTTPException:
            return ""


def token(page: Page) -> str:
    return str(page.get("/om").find("[name=csrf_token]")["value"])


def left_over(html: str, swedish: set[str], names: set[str]) -> set[str]:
    """The Swedish words of a page's own text, those aside that are marked as Swedish."""
    soup = BeautifulSoup(html, "html.parser")
    assert soup.html
    assert soup.html["lang"] == "en"
    for tag in soup.select("[lang=sv], .message-body, style"):
        tag.decompose()
    attributes = [str(tag[name]) for name in SPOKEN for tag in soup.select(f"[{name}]")]
    found = words(" ".join([soup.get_text(" "), *attributes])) - names
    return {word for word in found if word in swedish or re.search("[åäö]", word)}


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


def send(page: Page, changes: dict[str, str], kind: str = FORM) -> Document:
    return page.follow(page.submit(page.get(kind), "main form", changes=changes))


def handle(officer: Page, number: str = NUMBER) -> None:
    """Begin, ask, answer, and close: all that sends a message."""
    steps.act(officer, number, "take")
    steps.act(officer, number, "answer", changes={"body": "It opens on 1 June."})
    steps.act(officer, number, "close")


def test_the_choice_stands_at_the_foot_and_leads_back_to_the_same_page(page: Page) -> None:
    here = page.get("/om?fran=start")
    there = page.submit(here, "form[action='/sprak']", button="English")
    assert there.location == "/om?fran=start"
    shown = page.follow(there)
    assert (shown.h1, shown.find("html")["lang"]) == ("How it works", "en")
    back = page.submit(shown, "form[action='/sprak']", button="Svenska")
    assert page.follow(back).h1 == "Så fungerar det"


def visit_as_a_stranger(page: English) -> None:
    """Every page that needs no sign-in, and what they say of mistakes."""
    for path in ("/", "/lamna", "/kvitto", "/folj", "/folj/ny-kod", "/folj/ny-kod/skickad", "/om"):
        page.get(path)
    for path in ("/tillganglighet", "/personuppgifter", "/logga-in", "/utloggad", "/utkorg"):
        page.get(path)
    page.get("/finns-inte", 404)
    page.get("/logga-in/medborgare/aterkomst", 400)
    page.post("/om", {}, 405)
    for kind in organisation.profile().kinds:
        page.submit(page.get(f"/lamna/{kind}"), "main form", changes={"category": "x"}, status=422)
    page.submit(
        page.get(FORM), "main form", changes=MAILED | {"email": "mary", "body": "a" * 20_001}, status=422
    )
    page.submit(page.get(FORM), "main form", changes=TEXTED | {"phone": "1"}, status=422)
    page.post(FORM, WRITTEN, 422)
    page.submit(page.get("/folj/ny-kod"), "main form", status=422)
    steps.open_case(page, NUMBER, "no such code", status=422)


def visit_by_code(page: English, staff: Page) -> None:
    """A receipt, its case from first to last, and a new code."""
    receipt = send(page, MAILED)
    page.submit(page.get("/folj/arende", 303).location and page.get("/kvitto"), "form[action='/folj']")
    page.get("/folj/arende")
    steps.act(staff, NUMBER, "take")
    page.get("/folj/arende")
    steps.act(staff, NUMBER, "answer", changes={"body": "It opens on 1 June."}, button="close")
    shown = page.get("/folj/arende")
    page.submit(shown, "main form", changes={"body": ""}, status=422)
    page.follow(page.submit(shown, "main form", changes={"body": "At what time?"}))
    page.submit(
        page.get("/folj/ny-kod"), "main form", changes={"number": NUMBER, "email": "mary@example.org"}
    )
    link = re.search(r"/folj/ny-kod/[\w-]+", str(build.letters()[-1].text))
    assert link
    page.submit(page.get(link[0]), "main form", status=200)
    page.get(link[0], 410)
    assert receipt.h1 == "Thank you. We have your complaint."


def visit_mina_sidor(page: English, staff: Page) -> None:
    """The overview, empty and full, a case in every state, and my details."""
    page.get("/mina-sidor")
    details = page.get("/mina-sidor/uppgifter")
    page.submit(details, "main form", changes={"reply_by": "email", "email": ""}, status=422)
    page.follow(page.submit(details, "main form", changes={"reply_by": "portal"}))
    numbers = [page_number(send(page, WRITTEN | {"reply_by": "portal"})) for _ in range(4)]
    waiting, answered, closed, withdrawn = numbers
    steps.act(staff, waiting, "take")
    steps.act(staff, waiting, "ask", changes={"body": "Which one?"})
    steps.act(staff, answered, "answer", changes={"body": "It opens on 1 June."})
    steps.act(staff, closed, "answer", changes={"body": "It opens on 1 June."}, button="close")
    shown = page.get(f"/mina-sidor/arenden/{withdrawn}")
    page.follow(page.submit(shown, "form[action$='/withdraw']"))
    page.get("/mina-sidor")
    for number in numbers:
        page.get(f"/mina-sidor/arenden/{number}")
    shown = page.get(f"/mina-sidor/arenden/{answered}")
    unhappy = page.submit(
        shown, f"form[action$='{answered}']", changes={"body": "No."}, button="not_satisfied"
    )
    page.follow(unhappy)
    page.get("/utkorg")


def page_number(receipt: Document) -> str:
    return receipt.links["Open the case"].rsplit("/", 1)[1]


def test_every_page_of_a_citizen_is_in_english(
    app: Flask,
    page: Page,
    english: Choose,
    citizen_page: SignedIn,
    staff_page: StaffPage,
    travel: steps.Travel,
) -> None:
    officer, stranger, maria = (
        staff_page(build.member()),
        english(page),
        english(citizen_page(build.citizen())),
    )
    with app.app_context():
        visit_as_a_stranger(stranger)
    visit_by_code(stranger, officer)
    visit_mina_sidor(maria, officer)
    rooms = ("public.", "follow.", "sign_in.", "mina_sidor.")
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    unseen = {each for each in pages if each.startswith(rooms)} - stranger.seen - maria.seen
    assert unseen == {"sign_in.start"}, "it leads to the provider"


def test_a_page_with_a_swedish_word_is_found(swedish: set[str]) -> None:
    sample = "<html lang='en'><p>{}</p><p title='Rubrik'>Your <span lang='sv'>ärende</span></p></html>"
    assert left_over(sample.format("Avsluta ärendet"), swedish, set()) == {"avsluta", "ärendet", "rubrik"}
    assert left_over(sample.format("Arlöv"), swedish, {"arlöv"}) == {"rubrik"}


def test_dates_and_times_are_english(page: Page, english: Choose, travel: steps.Travel) -> None:
    receipt = send(english(page), WRITTEN)
    assert "answers by Tuesday 19 May." in receipt.text
    assert "Monday 4 May at 10:00" in receipt.text
    assert receipt.text_of(".calendar th .ds-sr-only") == "Monday"
    assert "10 working days count. 5 days do not count: two weekends and Ascension Day." in receipt.text


def test_the_municipalitys_own_words_are_marked_as_swedish(page: Page, english: Choose) -> None:
    browser = english(page)
    form = browser.get("/lamna/felanmalan")
    assert {option.get("lang") for option in form.all("#category option[value!='']")} == {"sv"}
    assert form.find("#category option[value='']").get("lang") is None
    assert form.find(".doors [lang=sv], .doors[lang=sv]")
    assert form.find(".site-footer [lang=sv]")


@pytest.fixture(scope="module")
def issuer() -> Any:
    with providers.serving_testlegitimering() as address:
        yield address


def test_the_choice_and_what_was_written_survive_the_sign_in(
    make_app: Callable[..., Flask], issuer: str
) -> None:
    page = Page(make_app(oidc_citizen_issuer=issuer).test_client())
    page.post("/sprak", {"language": "en", "csrf_token": token(page)})
    sent = page.submit(page.get(FORM), "main form", changes=WRITTEN | {"reply_by": "portal"})
    started = page.follow(sent, 302)
    back = page.get(providers.at_testlegitimering(started.location, build.CITIZENS["maria"]), 303)
    form = page.follow(back)
    assert (form.h1, steps.kept(form, "subject")) == ("Make a complaint", WRITTEN["subject"])
    assert page.follow(page.submit(form, "main form")).h1 == "Thank you. We have your complaint."


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
    handle(staff_page(build.member()))
    letters = build.letters()
    assert [letter.name for letter in letters] == ["received", "being_handled", "answered", "closed"]
    assert {letter.language for letter in letters} == {"en"}
    about = words(" ".join(organisation.profile().about)) | browser.names
    for letter in letters:
        found = (
            words(f"{letter.subject or ''} {letter.text}") - about - words("folj mina sidor arenden ny kod")
        )
        assert {word for word in found if word in browser.swedish or re.search("[åäö]", word)} == set()
        if letter.html:
            assert left_over(letter.html, browser.swedish, browser.names) == set()
    assert "Tuesday 19 May" in str(letters[0].text)


def test_a_case_sent_in_swedish_gets_swedish_messages_whoever_handles_it(
    page: Page, staff_page: StaffPage
) -> None:
    steps.send(page, steps.MAILED | {"category": "parker"})
    officer = staff_page(build.member())
    officer.post("/sprak", {"language": "en", "csrf_token": token(officer)})
    handle(officer)
    assert {letter.language for letter in build.letters()} == {"sv"}
    assert "Ditt ärende är avslutat." in str(build.letters()[-1].text)


def test_the_pages_of_staff_stay_swedish(page: Page, staff_page: StaffPage) -> None:
    steps.send(page, {"category": "parker"})
    officer = staff_page(build.member())
    officer.post("/sprak", {"language": "en", "csrf_token": token(officer)})
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
        page.post("/sprak", {"language": chosen, "csrf_token": token(page)})
        page.post("/sprak", {"language": language, "csrf_token": token(page)})
        assert page.get("/").find("html")["lang"] == chosen


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", "/\\example.org", "om", ""])
def test_nobody_is_led_to_another_site_by_choosing_a_language(page: Page, back: str) -> None:
    answer = page.post("/sprak", {"language": "en", "back": back, "csrf_token": token(page)})
    assert answer.location == "/"


def test_the_choice_needs_its_token(page: Page) -> None:
    page.post("/sprak", {"language": "en"}, 422)
    assert page.get("/").find("html")["lang"] == "sv"
