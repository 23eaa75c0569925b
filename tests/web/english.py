"""A browser that has chosen English and reads every page for what is still Swedish; and where it goes."""

import re
from typing import Any

from bs4 import BeautifulSoup
from werkzeug.exceptions import HTTPException

from portal import db
from portal.cases.desk import visits
from portal.cases.enums import Kind
from portal.cases.intake import code_access
from portal.identity.actors import Role
from portal.notifications import tokens
from portal.organisation import queries as organisation
from tests import factories
from tests.page import Document, Page
from tests.web import steps

NUMBER = "KB-2026-000001"
FORM = "/lamna/klagomal"
WRITTEN = {"subject": "The playground", "body": "No sign says why.", "category": "parker", "reply_by": "code"}
ON_PORTAL = WRITTEN | {"reply_by": "portal", "notify_by": "none"}
MAILED = WRITTEN | {"reply_by": "email", "email": "mary@example.org", "name": "Mary"}
TEXTED = WRITTEN | {"reply_by": "sms", "phone": "070-174 06 05"}
SPOKEN = ("aria-label", "title", "alt", "placeholder")


def words(text: str) -> set[str]:
    """The words of a text, small; an address is no words, and its token may spell one."""
    return set(re.findall(r"[^\W\d_]+", re.sub(r"https?://\S+", " ", text.lower())))


class English(Page):
    """A browser that has chosen English: every page that it sees must be in English."""

    def __init__(self, page: Page, swedish: set[str]) -> None:
        super().__init__(page.client)
        profile = organisation.profile()
        # The brand is a name in every language, and what the profile says in English is English.
        own = " ".join(profile.translations.get("en", {}).values())
        self.swedish = swedish - words(f"{profile.service} {own}")
        self.names = words(f"{profile.short} {profile.full}")
        self.seen: set[str] = set()
        self.get("/sprak/en", 303)

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
    """A form's token that holds in this browser, whatever its language."""
    return str(page.get("/om").find("[name=csrf_token]")["value"])


def left_over(html: str, swedish: set[str], names: set[str]) -> set[str]:
    """The Swedish words of a page's own text, those aside that are marked as Swedish."""
    soup = BeautifulSoup(html, "html.parser")
    assert soup.html
    assert soup.html["lang"] == "en"
    # A code is drawn by lot and may spell a word.
    for tag in soup.select("[lang=sv], .message-body, .code, style"):
        tag.decompose()
    attributes = [str(tag[name]) for name in SPOKEN for tag in soup.select(f"[{name}]")]
    found = words(" ".join([soup.get_text(" "), *attributes])) - names
    return swedish_in(found, swedish)


def swedish_in(found: set[str], swedish: set[str]) -> set[str]:
    """The words among them that cannot be English."""
    return {word for word in found if word in swedish or re.search("[åäö]", word)}


def send(page: Page, changes: dict[str, str], kind: str = FORM) -> Document:
    """Fill the form in, send it and read the receipt."""
    return page.follow(page.submit(page.get(kind), "main form", changes=changes))


def visit_as_a_stranger(page: English) -> None:
    """Every page that needs no sign-in, and what they say of mistakes."""
    for path in (
        "/",
        "/lamna",
        "/kvitto",
        "/folj",
        "/folj/ny-kod",
        "/folj/ny-kod/skickad",
        "/folj/tappad-kod",
        "/om",
    ):
        page.get(path)
    about = ("/tillganglighet", "/personuppgifter", "/rutiner", "/statistik", "/ni-sa-vi-gjorde")
    for path in (*about, "/logga-in", "/logga-in/nodatkomst", "/disken", "/utloggad", "/utkorg"):
        page.get(path)
    page.get("/finns-inte", 404)
    page.get("/logga-in/medborgare/aterkomst", 400)
    page.post("/om", {}, 405)
    for kind in organisation.profile().kinds:
        page.submit(page.get(f"/lamna/{Kind(kind).slug}"), "main form", changes={"category": "x"}, status=422)
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
    page.get(f"/avanmal/{tokens.make(tokens.Purpose.UNSUBSCRIBE, 1)}")
    page.follow(page.submit(receipt, "form[action='/folj']"))
    steps.act(staff, NUMBER, "take")
    page.get(f"{steps.latest(page).path}/oppnat")
    steps.act(staff, NUMBER, "answer", changes={"body": "It opens on 1 June."}, button="close")
    shown = steps.latest(page)
    answer_the_survey(page, shown)
    page.submit(shown, "main form", changes={"body": ""}, status=422)
    page.follow(page.submit(shown, "main form", changes={"body": "At what time?"}))
    page.submit(
        page.get("/folj/ny-kod"), "main form", changes={"number": NUMBER, "email": "mary@example.org"}
    )
    with page.client.application.app_context(), db.transaction():
        code_access.answer_requests()
    link = latest_link("/folj/ny-kod/")
    page.submit(page.get(link), "main form", status=200)
    page.get(link, 410)
    page.submit(page.get(latest_link("/folj/inte-jag/")), "main form", status=200)


def answer_the_survey(page: English, shown: Document) -> None:
    """The questions about the answer: what is missing, the thanks, and links that are too late."""
    link = shown.links["Answer two questions"]
    refused = page.submit(page.get(link), "main form", status=422)
    page.submit(refused, "main form", changes={"got_answer": "no", "treatment": "bad"}, status=200)
    page.get(link)
    page.get("/enkat/AbCdEfGhIjKlMnOpQrStUv", 404)


def latest_link(path: str) -> str:
    """The link with this beginning of the latest letter that has one."""
    links = [re.search(rf"{path}[\w-]+", str(letter.text)) for letter in factories.letters()]
    return [link[0] for link in links if link][-1]


def visit_mina_sidor(page: English, staff: Page) -> None:
    """The overview, empty and full, a case in every state, and my details."""
    page.get("/mina-sidor")
    for own in ("/inloggningar", "/inloggad"):
        page.get(own)
    page.get("/fortsatt/nothing-waits", 410)
    details = page.get("/mina-sidor/uppgifter")
    page.submit(details, "main form", changes={"notify_by": "email", "email": ""}, status=422)
    page.follow(page.submit(details, "main form", changes={"notify_by": "none"}))
    numbers = [page_number(send(page, ON_PORTAL)) for _ in range(4)]
    waiting, answered, closed, withdrawn = numbers
    steps.act(staff, waiting, "take")
    steps.act(staff, waiting, "request_supplement", changes={"body": "Which one?"})
    steps.act(staff, answered, "answer", changes={"body": "It opens on 1 June."})
    steps.act(staff, closed, "answer", changes={"body": "It opens on 1 June."}, button="close")
    messages = page.get(f"/mina-sidor/arenden/{waiting}/meddelanden")
    page.submit(messages, "main form", changes={"notify_by": "sms", "phone": "1"}, status=422)
    page.follow(
        page.submit(messages, "main form", changes={"notify_by": "email", "email": "mary@example.org"})
    )
    shown = page.get(f"/mina-sidor/arenden/{withdrawn}")
    page.follow(page.submit(shown, "form[action$='/withdraw']"))
    page.get("/mina-sidor")
    for number in numbers:
        page.get(f"/mina-sidor/arenden/{number}")
    visit_own_lists(page, answered)
    shown = page.get(f"/mina-sidor/arenden/{answered}")
    unhappy = page.submit(
        shown, f"form[action$='{answered}']", changes={"body": "No."}, button="not_satisfied"
    )
    page.follow(unhappy)
    page.get("/utkorg")
    opened = page.follow(page.submit(send(page, WRITTEN), "form[action='/folj']"))
    page.follow(page.submit(opened, "form[action$='/ta-med']"))


def visit_own_lists(page: English, number: str) -> None:
    """What was sent, who has read, the search, a draft, and the copy of what is held."""
    page.get("/mina-sidor/meddelanden")
    page.get(f"/mina-sidor/arenden/{number}/oppnat")
    for words_ in ("", "playground", "elephant", "the"):
        page.get(f"/mina-sidor/sok?sok={words_}")
    page.submit(page.get(FORM), "#formular", button="spara_utkast", status=422)
    changes = {"subject": "The swing"}
    mine = page.follow(page.submit(page.get(FORM), "#formular", changes=changes, button="spara_utkast"))
    page.follow(page.submit(mine, "form[action$='/ta-bort']"))
    page.get("/mina-sidor/allt-om-mig")


def visit_the_desk(page: English) -> None:
    """The question whether a visitor shows their cases, once they have typed a number and signed in."""
    officer = factories.member("eva", Role.REGISTRAR, None)
    with db.transaction():
        number = visits.begin(officer).number
        token = visits.claim(str(number))
    with page.client.session_transaction() as cookie:
        cookie["desk"] = token
    page.get("/disken/visa")


def page_number(receipt: Document) -> str:
    """The number on the receipt of somebody who is signed in."""
    return receipt.links["Open the case"].rsplit("/", 1)[1]
