"""Saved views on the page: kept, opened, shared and taken away; nothing that cannot be followed is kept."""

import pytest
from sqlalchemy import update

from portal import db
from portal.cases.queue import saved_filters
from portal.cases.queue.models import SavedView
from portal.identity.actors import Role
from tests import factories
from tests.page import Document, Page
from tests.web import steps

SAVE = "form[action$='/vyer']"
SAID = ".ds-alert[data-color=success]"
REMOVE = "form[action$='/ta-bort']"
LIST = "/handlaggning/?vy=unassigned&typ=klagomal&ordning=oldest"


def save(page: Page, name: str = "Nya klagomål", at: str = LIST, **changes: str) -> Document:
    return page.follow(page.submit(page.get(at), SAVE, changes={"name": name, **changes}))


def labels(shown: Document) -> list[str]:
    return [tag.get_text() for tag in shown.all(".views-label")]


def test_a_view_is_saved_named_and_opened_from_the_menu(page: Page) -> None:
    factories.send_in(subject="gungan")
    shown = save(page)
    assert (shown.h1, shown.text_of(SAID)) == ("Nya klagomål", "Vyn är sparad.")
    assert labels(shown)[-1] == "Egna vyer"
    assert shown.text_of(".views [aria-current]") == "Nya klagomål 1"
    opened = page.get(page.get("/handlaggning/").links["Nya klagomål 1"])
    assert (opened.h1, opened.text_of("td.what a")) == ("Nya klagomål", "gungan")
    assert not opened.has(SAVE)


def test_its_address_shows_a_colleague_what_they_may_see(page: Page, staff_page: steps.SignIn) -> None:
    factories.send_in(subject="gungan")
    factories.send_in(subject="gatan", category="gator")
    address = save(page).response.request.url
    colleague = staff_page(factories.member("samir", unit="gata")).get(address)
    assert (colleague.h1, [tag.get_text() for tag in colleague.all("td.what a")]) == (
        "Att fördela",
        ["gatan"],
    )
    assert "Egna vyer" not in labels(colleague)


def test_a_shared_one_is_the_units_and_its_head_may_take_it_away(
    page: Page, staff_page: steps.SignIn
) -> None:
    save(page, "Allas", shared="y")
    colleague = staff_page(factories.member("samir"))
    shown = colleague.get(colleague.get("/handlaggning/").links["Allas 0"])
    assert (shown.h1, labels(shown)[-1], shown.has(REMOVE)) == ("Allas", "Enhetens vyer", False)
    head = staff_page(factories.member("eva", Role.HEAD_OF_UNIT))
    shown = head.get(head.get("/handlaggning/").links["Allas 0"])
    gone = head.follow(head.submit(shown, REMOVE))
    assert (gone.text_of(SAID), "Enhetens vyer" in labels(gone)) == ("Vyn är borttagen.", False)


def test_somebody_else_s_view_is_not_ours_to_take(page: Page, staff_page: steps.SignIn) -> None:
    save(page)
    stranger = staff_page(factories.member("samir"))
    token = steps.token(stranger, "/handlaggning/")
    answer = stranger.post("/handlaggning/vyer/1/ta-bort", {"csrf_token": token})
    assert answer.location == "/handlaggning/"
    assert "Nya klagomål 0" in page.get("/handlaggning/").links
    stranger.post("/handlaggning/vyer/1/ta-bort", {}, 422)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Skriv vad vyn ska heta"),
        ("  ", "Skriv vad vyn ska heta"),
        ("x" * 61, "Texten är 1 tecken för lång. Den får vara högst 60 tecken."),
    ],
)
def test_a_name_that_is_none_is_asked_for_and_the_filters_stay(page: Page, name: str, message: str) -> None:
    shown = page.submit(page.get(LIST), SAVE, changes={"name": name}, status=422)
    assert (shown.h1, shown.errors()) == ("Att fördela", [message])
    assert shown.form("form.filters").fields()["typ"] == ["klagomal"]
    fixed = page.follow(page.submit(shown, SAVE, changes={"name": "Kort"}))
    assert fixed.h1 == "Kort"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("typ=onskemal&lage=received", "Vyn går inte att spara, för något i den finns inte: typ."),
        ("enhet=borta&lage=received", "Vyn går inte att spara, för något i den finns inte: enhet."),
        ("vy=mine", "Välj något i filtret först."),
        ("", "Välj något i filtret först."),
        ("q=" + "x" * 3000, "Filtret är för långt för att spara."),
    ],
)
def test_what_could_not_be_followed_is_not_saved(page: Page, address: str, message: str) -> None:
    token = steps.token(page, LIST)
    written = {"csrf_token": token, "name": "Namn", "address": address}
    assert page.post("/handlaggning/vyer", written, 422).errors() == [message]
    assert steps.count("saved_view") == 0
    stale = page.post("/handlaggning/vyer", {"name": "Namn", "address": "typ=fraga"}, 422)
    assert "Sidan hade varit öppen för länge" in stale.text


def test_a_view_of_what_is_gone_says_so_shows_the_rest_and_can_be_removed(page: Page) -> None:
    factories.send_in(subject="gungan")
    save(page, at=f"{LIST}&enhet=park")
    with db.transaction() as writer:
        writer.execute(update(SavedView).values(parameters={"typ": "klagomal", "enhet": "borta"}))
    shown = page.get(page.get("/handlaggning/").links["Nya klagomål 1"])
    assert (shown.h1, shown.text_of("td.what a")) == ("Nya klagomål", "gungan")
    assert "Något finns inte längre: enhet. Här är resten." in shown.text
    assert page.follow(page.submit(shown, REMOVE)).text_of(SAID) == "Vyn är borttagen."


def test_when_there_are_too_many_one_must_go_first(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_filters, "MAX_VIEWS", 1)
    save(page)
    shown = page.submit(page.get("/handlaggning/?typ=fraga"), SAVE, changes={"name": "En till"}, status=422)
    assert shown.errors() == ["Du har redan 20 egna vyer. Ta bort en först."]
    assert steps.kept(shown, "name") == "En till"
