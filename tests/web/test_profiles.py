"""The three municipalities, each from the first page to the queue: nothing shown that it did not promise."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal import create_app, db
from portal.cases.enums import Kind
from portal.identity.actors import Role, Staff
from portal.operations import migrations
from portal.organisation import queries as organisation
from portal.organisation.loading import SHIPPED
from portal.organisation.profile import Profile
from tests import factories, migrated
from tests.conftest import settings
from tests.page import Document, Page
from tests.web import steps
from tests.web.english import WRITTEN, English

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
MAILED = steps.MAILED | {"category": "parker"}
SECRET = {"burlov": "aldre", "botkyrka": "aldre", "nacka": "social"}
# A date as pages write it, in either language: "måndag 11 maj", "Tuesday 19 May".
DAY = re.compile(r"\b(?:mån|tis|ons|tors|fre|lör|sön)dag \d|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d")

SignIn = Callable[[Staff], Page]


def only(name: str) -> pytest.MarkDecorator:
    """For what is particular to one municipality."""
    return pytest.mark.parametrize("name", [name], indirect=True)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(tmp_path: Path, compiled: FileSystemBytecodeCache) -> Iterator[Callable[[str], Flask]]:
    """An installation of a municipality, on a database of its own."""

    def made(profile: str) -> Flask:
        (tmp_path / "kontakt.db").write_bytes(migrated.sqlite_file())
        app = create_app(settings(f"sqlite:///{tmp_path}/kontakt.db", profile=profile))
        app.testing, app.jinja_env.bytecode_cache = True, compiled
        migrations.prepare()
        return app

    yield made
    db.close_read_session()
    db.engine().dispose()


@pytest.fixture
def app(name: str, make: Callable[[str], Flask]) -> Flask:
    return make(name)


@pytest.fixture
def profile(app: Flask) -> Profile:
    return organisation.profile()


def send(page: Page, changes: dict[str, str]) -> Document:
    return steps.send(page, changes, "/lamna/klagomal")


def test_a_case_lives_from_the_start_page_to_its_answer(
    name: str, page: Page, profile: Profile, staff_page: SignIn, travel: steps.Travel
) -> None:
    start = page.get("/")
    assert [link for link in start.links.values() if link.startswith("/lamna/")] == [
        f"/lamna/{Kind(kind).slug}" for kind in profile.kinds
    ]
    receipt = send(page, MAILED)
    number = steps.number_of(receipt)
    assert number.startswith(f"{profile.number_prefix}-2026-")
    case = page.follow(steps.open_case(page, number, steps.code_of(receipt)))
    assert case.h1 == MAILED["subject"]
    registrar = staff_page(factories.member("eva", Role.REGISTRAR, None))
    assert number in registrar.get("/handlaggning/").text
    for action, changes in (("take", {}), ("answer", {"body": "Den öppnar på måndag."})):
        steps.act(registrar, number, action, changes=changes)
    assert "Den öppnar på måndag." in steps.latest(page).text
    assert len(factories.letters()) == 3


def test_the_receipt_of_every_kind_is_read_well(page: Page, profile: Profile) -> None:
    for kind in profile.kinds:
        form = page.get(f"/lamna/{Kind(kind).slug}")
        page.follow(page.submit(form, "main form", changes=steps.WRITTEN))


@only("burlov")
def test_burlov_promises_an_answer_everywhere(page: Page, staff_page: SignIn, travel: steps.Travel) -> None:
    shown = promises(page, staff_page)
    assert shown["start"] == "Om du skickar i dag får du svar senast tisdag 19 maj"
    assert shown["receipt"] == "Du får svar senast tisdag 19 maj"
    assert shown["case"] == "Svar senast tisdag 19 maj"
    assert shown["letter"] == "Du får svar senast tisdag 19 maj."
    assert shown["queue"] == "Svar senast"


@only("botkyrka")
def test_botkyrka_promises_contact_and_no_answer(
    page: Page, staff_page: SignIn, travel: steps.Travel
) -> None:
    shown = promises(page, staff_page)
    assert shown["start"] == "Om du skickar i dag hör vi av oss senast onsdag 6 maj"
    assert shown["receipt"] == "Vi hör av oss senast onsdag 6 maj"
    assert shown["case"] == "Vi hör av oss senast onsdag 6 maj"
    assert shown["letter"] == "Vi hör av oss senast onsdag 6 maj."
    assert shown["queue"] == "Hör av dig senast"


@only("nacka")
def test_nacka_promises_nothing_and_leaves_no_gap(
    page: Page, staff_page: SignIn, travel: steps.Travel
) -> None:
    shown = promises(page, staff_page)
    # An inner day presses, so staff have a column of dates.
    assert shown.pop("queue") == "Nästa steg"
    assert set(shown.values()) == {""}


def promises(page: Page, staff_page: SignIn) -> dict[str, str]:
    """What each page and letter says of a date, empty where it says nothing."""
    shown = {"start": box(page.get("/")), "form": box(page.get("/lamna/fraga"))}
    shown["receipt"] = box(send(page, MAILED))
    page.follow(page.submit(steps.latest_receipt(page), "form[action='/folj']"))
    shown["case"] = box(steps.latest(page))
    text = str(factories.letters()[0].text)
    shown["letter"] = next((line for line in text.splitlines() if DAY.search(line)), "")
    registrar = staff_page(factories.member("eva", Role.REGISTRAR, None))
    shown["queue"] = " ".join(
        tag.get_text() for tag in registrar.get("/handlaggning/").all("[data-column=due] a")
    )
    return shown


def box(document: Document) -> str:
    """The promise of a page; a page without its box has no empty place for it either."""
    if document.has(".promise"):
        return document.text_of(".promise-label") + " " + document.text_of(".promise-date")
    assert not [tag for tag in document.all("aside") if not tag.get_text(strip=True)]
    assert not re.search(r"senast|inom \d+ arbetsdag", document.text_of("main"))
    return ""


@only("botkyrka")
def test_the_contact_box_says_when_somebody_got_in_touch(
    page: Page, staff_page: SignIn, travel: steps.Travel
) -> None:
    receipt = send(page, MAILED)
    number, code = steps.number_of(receipt), steps.code_of(receipt)
    page.follow(steps.open_case(page, number, code))
    registrar = staff_page(factories.member("eva", Role.REGISTRAR, None))
    steps.act(registrar, number, "take")
    assert box(steps.latest(page)) == "Vi hör av oss senast onsdag 6 maj"
    assert registrar.get(steps.case_address(number)).text.count("Vi hör av oss senast") == 1
    travel.shift(15 * 60)
    steps.act(registrar, number, "request_supplement", changes={"body": "Vilken lekplats?"})
    page.follow(steps.open_case(page, number, code))
    assert box(steps.latest(page)) == "Vi hörde av oss måndag 4 maj"
    assert "Vi hör av oss senast" not in str(factories.letters()[-1].text)
    assert registrar.get("/handlaggning/").text_of("td.due") == "mån 11 maj nästa steg, 5 arbetsdagar kvar"


@only("botkyrka")
def test_a_text_message_says_when_somebody_gets_in_touch(page: Page, travel: steps.Travel) -> None:
    texted = steps.WRITTEN | {"reply_by": "sms", "phone": "070-174 06 05"}
    send(page, texted)
    assert "är framme. Vi hör av oss senast onsdag 6 maj." in str(factories.letters()[0].text)


@only("botkyrka")
def test_a_kind_that_is_dropped_shows_the_right_way(page: Page) -> None:
    shown = page.get("/lamna/felanmalan")
    assert shown.h1 == "Gör en felanmälan"
    assert shown.links["Ring 08-465 004 20"] == "tel:+46846500420"
    assert shown.links["Fråga Du undrar över något."] == "/lamna/fraga"
    assert not shown.has("main form")
    page.post("/lamna/felanmalan", steps.WRITTEN, 200)
    assert steps.count("case") == 0


def test_an_unknown_kind_is_no_page(page: Page) -> None:
    page.get("/lamna/onskemal", 404)


def test_the_start_page_shows_every_right_way(page: Page, profile: Profile) -> None:
    shown = page.get("/").text
    assert profile.general_doors()
    assert [way.title for way in profile.general_doors() if way.title not in shown] == []


def test_the_routines_of_every_unit_are_public(page: Page, profile: Profile) -> None:
    shown = page.get(page.get("/").links["Rutiner"])
    for unit in profile.units:
        assert any(tag.get_text(strip=True).startswith(unit.name) for tag in shown.all("tbody th"))
    for routine in profile.routines:
        assert f"{routine.text} Så följer vi upp: {routine.followed_up}" in shown.text
    for topic in profile.categories:
        assert topic.special_procedure in shown.text
    for each in profile.not_handled:
        assert f"{each.text} {each.way}".strip() in shown.text
    for way in profile.external_ways:
        assert way.text in shown.text
    for document in profile.documents:
        assert document.name in shown.text
    assert {document.href for document in profile.documents if document.href} <= set(shown.links.values())
    assert {unit.phone_href for unit in profile.units if unit.phone} <= set(shown.links.values())


def test_the_form_shows_before_one_writes_what_has_rules_or_a_way_of_its_own(
    page: Page, profile: Profile
) -> None:
    for kind in profile.kinds:
        form = page.get(f"/lamna/{Kind(kind).slug}")
        before = form.text[: form.text.index("Rubrik")]
        topics = [topic for topic in profile.categories if topic.special_procedure]
        assert topics
        assert [topic.name for topic in topics if topic.special_procedure not in before] == []
        assert [matter.text for matter in profile.not_handled if matter.text not in before] == []
        assert [door.text for door in profile.doors_for(kind) if door.text not in before] == []
        shown = [way.key for way in profile.external_ways if way.text in before]
        assert shown == [way.key for way in profile.external_ways if not way.kinds or kind in way.kinds]


def test_a_form_that_is_shown_again_opens_the_rules_of_the_chosen_topic(name: str, page: Page) -> None:
    form = page.get("/lamna/klagomal")
    assert not form.has("details.right-way[open]")
    again = page.submit(form, "main form", status=422, changes={"category": SECRET[name]})
    assert len(again.all("details.right-way[open]")) == 1


def test_what_is_special_to_a_topic_stands_on_the_receipt_the_case_and_for_staff(
    name: str, page: Page, profile: Profile, staff_page: SignIn
) -> None:
    topic = profile.category(SECRET[name])
    receipt = send(page, {"category": topic.key})
    assert f"För det här ämnet gäller {topic.special_procedure}" in receipt.text
    page.follow(page.submit(receipt, "form[action='/folj']"))
    assert topic.special_procedure in steps.latest(page).text
    officer = staff_page(factories.member("anna", Role.OFFICER, topic.handling_unit))
    assert topic.special_procedure in officer.get(steps.case_address(steps.number_of(receipt))).text
    assert "För det här ämnet gäller" not in send(page, {"category": "parker"}).text


@only("botkyrka")
def test_staff_see_the_level_and_who_is_responsible(page: Page, staff_page: SignIn) -> None:
    number = steps.number_of(send(page, {"category": "fardtjanst"}))
    centre = staff_page(factories.member("anna", Role.OFFICER, "medborgarcenter"))
    shown = centre.get(steps.case_address(number)).text
    assert "ROSA-nivå 5 Verksamhetsspecifika förberedelser" in shown
    assert "Ansvarig enhet Färdtjänstenheten Enhet Medborgarcenter" in shown
    responsible = staff_page(factories.member("samir", Role.OFFICER, "fardtjanst"))
    assert number in responsible.get("/handlaggning/").text


def test_the_colours_are_served_where_there_are_any(name: str, page: Page, profile: Profile) -> None:
    start = page.get("/")
    if profile.theme is None:
        assert not start.has("link[href='/tema.css']")
        page.get("/tema.css", 404)
        return
    assert start.find("link[rel=stylesheet]:last-of-type")["href"] == "/tema.css"
    answer = page.client.get("/tema.css")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/css", "public, max-age=3600")
    assert f"--band: {profile.theme.accent};" in answer.text
    lines = [line.strip() for line in answer.text.splitlines() if ":" in line and "{" not in line]
    assert lines
    assert all(re.fullmatch(r"--[a-z-]+: #[0-9a-f]{6};", line) for line in lines)
    again = page.client.get("/tema.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_letters_wear_the_same_colours(name: str, page: Page, profile: Profile) -> None:
    send(page, MAILED)
    (letter,) = factories.letters()
    accent = profile.theme.accent if profile.theme else "#0f4a4d"
    assert f"background: {accent};" in str(letter.html)
    assert profile.full in str(letter.text)


def test_no_page_names_another_municipality(name: str, page: Page, profile: Profile) -> None:
    send(page, MAILED)
    others = [other for other in ("Burlöv", "Botkyrka", "Nacka") if other != profile.short]
    receipt = page.get("/kvitto", 303).location
    paths = ("/", "/lamna", receipt, "/folj", "/rutiner", "/om", "/tillganglighet", "/personuppgifter")
    for path in paths:
        html = page.get(path).html
        assert [
            word for word in (*others, "KB-20") if word in html and word != f"{profile.number_prefix}-20"
        ] == []


def test_every_page_is_in_english_and_the_municipalitys_words_too(
    name: str, page: Page, profile: Profile, swedish: set[str]
) -> None:
    browser = English(page, swedish)
    sent = browser.submit(
        browser.get("/lamna/klagomal"), "main form", changes=WRITTEN | {"category": SECRET[name]}
    )
    browser.follow(browser.submit(browser.follow(sent), "form[action='/folj']"))
    shown = [
        browser.get(path) for path in ("/", "/lamna", "/lamna/fraga", "/lamna/felanmalan", "/rutiner", "/om")
    ]
    marked = {tag.get_text(strip=True) for page in shown for tag in page.all("[lang=sv]")} - {"Svenska"}
    assert marked == set(profile.untranslated("en"))


def test_a_word_without_english_is_marked_as_swedish(make: Callable[[str], Flask], tmp_path: Path) -> None:
    text = (SHIPPED / "nacka.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text[: text.index("[translations.en]")], encoding="utf-8")
    page = Page(make(str(own)).test_client())
    page.get("/sprak/en", 303)
    assert page.get("/").text_of(".doors h3 [lang=sv]") == "Fara för liv eller egendom"
    form = page.get("/lamna/fraga")
    assert {option.get("lang") for option in form.all("#category option[value!='']")} == {"sv"}
    assert page.get("/rutiner").text_of("tbody th [lang=sv]") == "Servicecenter"
    assert "are only in Swedish so far" in page.get("/tillganglighet").text
