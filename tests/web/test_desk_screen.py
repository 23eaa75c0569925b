"""The screen of the desk: only the visitor's own sign-in and their own button show their cases."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.audit.models import Read, Reading
from portal.cases.desk.rules import SIGN_IN_TTL
from portal.cases.models import Case
from portal.identity.actors import Citizen, Role, Staff
from portal.identity.models import Person
from tests import factories
from tests.page import Document, Page
from tests.web import providers, steps

MARIA = factories.CITIZENS["maria"]
EVA = factories.NUMBERS["eva"]
DESK = "/handlaggning/fraga"


@pytest.fixture
def served(make_app: Callable[..., Flask], issuer: str) -> Flask:
    """The portal, whose sign-ins go to a provider."""
    return make_app(oidc_citizen_issuer=issuer, oidc_staff_issuer=issuer)


@pytest.fixture
def eva(served: Flask) -> Staff:
    """A registrar."""
    return factories.member("eva", Role.REGISTRAR, "medborgarservice")


@pytest.fixture
def desk(served: Flask, eva: Staff) -> Page:
    """The browser of the registrar."""
    page = Page(served.test_client())
    providers.sign_in(page, EVA)
    return page


@pytest.fixture
def screen(served: Flask) -> Page:
    """The browser of the visitors."""
    return Page(served.test_client())


def begin(desk: Page) -> tuple[Document, str]:
    """A visit, and its number."""
    waiting = desk.follow(desk.submit(desk.get(DESK), "form[action$='/fraga/besok']"))
    return waiting, str(waiting.find("[data-number]")["data-number"])


def type_number(screen: Page, number: str, status: int = 303) -> Document:
    return screen.submit(screen.get("/disken"), "main form", changes={"number": number}, status=status)


def sign_in(screen: Page, onward: Document, person: str = MARIA) -> Document:
    """Sign in where the screen leads; gives the page that asks."""
    back = parse_qs(urlsplit(onward.location).query)["nasta"][0]
    assert back == "/disken/visa"
    return screen.follow(providers.sign_in(screen, person, back, "medborgare"))


def own_case(person: Citizen) -> str:
    """A case of the person's; gives its number."""
    receipt = factories.send_in(email="maria@exempel.se", subject="Gungan")
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        assert case.party
        case.party.person_id = case.sender_person_id = person.person
    return factories.number(receipt)


def test_a_visitor_signs_in_and_shows_their_cases_and_is_signed_out(desk: Page, screen: Page) -> None:
    number = own_case(factories.citizen())
    waiting, typed = begin(desk)
    question = sign_in(screen, type_number(screen, typed))
    assert ", Medborgarservice, ser då ditt namn och dina ärenden i 15 minuter." in question.text
    assert desk.get(waiting.path).h1 == "Personen legitimerar sig"
    done = screen.submit(question, "main form", status=200)
    assert done.h1 == "Nu ser personalen dina ärenden"
    screen.get("/mina-sidor", 303)
    assert screen.get("/disken/visa", 303).location.endswith("/disken")
    shown = desk.get(waiting.path)
    assert "Maria" in shown.h1
    opened = desk.get(shown.links["Gungan"])
    assert opened.h1 == "Gungan"
    assert number in opened.text
    db.close_read_session()
    kinds = db.session().scalars(sa.select(Reading.what).order_by(Reading.id)).all()
    assert kinds == [Read.DESK_SIGN_IN, Read.DESK_SIGN_IN]
    # What the visitor's browser had is of no use in the officer's, and the other way round.
    desk.get("/mina-sidor", 303)


def test_nothing_is_shown_before_the_button_nor_after_cancel(desk: Page, screen: Page) -> None:
    own_case(factories.citizen())
    waiting, typed = begin(desk)
    question = sign_in(screen, type_number(screen, typed))
    # The session ends soon, and nothing is written on this page.
    assert "Du loggas ut" in question.text
    assert "Det du skriver" not in question.text
    assert "Gungan" not in desk.get(waiting.path).text
    screen.submit(question, "main form", button="cancel", status=200)
    screen.get("/mina-sidor", 303)
    assert desk.get(waiting.path).h1 == "Besöket är avslutat"


def test_a_sign_in_that_is_cancelled_can_be_made_again(desk: Page, screen: Page) -> None:
    waiting, typed = begin(desk)
    type_number(screen, typed)
    address = providers.begin(screen, "/disken/visa", "medborgare")
    screen.get(providers.at_testlegitimering(address, cancel=True), 400)
    assert desk.get(waiting.path).h1 == "Personen legitimerar sig"
    question = screen.follow(providers.sign_in(screen, MARIA, "/disken/visa", "medborgare"))
    assert question.h1 == "Vill du visa dina ärenden?"


def test_a_number_holds_once_and_any_other_gets_the_same_answer(desk: Page, screen: Page) -> None:
    _waiting, typed = begin(desk)
    type_number(screen, typed)
    for number in (typed, "00000000", "1234", "åtta"):
        refused = type_number(screen, number, 422)
        assert refused.errors() == ["Numret gäller inte. Be personalen om ett nytt."]


def test_the_visitor_before_is_signed_out_by_the_next_number(desk: Page, screen: Page) -> None:
    providers.sign_in(screen, factories.CITIZENS["yusuf"], "/mina-sidor", "medborgare")
    screen.get("/mina-sidor")
    _waiting, typed = begin(desk)
    type_number(screen, typed)
    screen.get("/mina-sidor", 303)
    assert "/logga-in/medborgare" in screen.get("/disken/visa", 303).location


def test_staff_cannot_type_the_number_in_their_own_browser(desk: Page) -> None:
    waiting, typed = begin(desk)
    refused = type_number(desk, typed, 422)
    assert refused.errors() == ["Du är inloggad som personal. Skriv numret på besökarens skärm."]
    assert desk.get(waiting.path).h1 == "Numret till besökaren"


def test_the_officer_is_not_their_own_visitor(desk: Page, screen: Page) -> None:
    waiting, typed = begin(desk)
    question = sign_in(screen, type_number(screen, typed), EVA)
    refused = screen.submit(question, "main form", status=422)
    assert "Du kan inte visa dina ärenden för dig själv." in refused.text
    assert desk.get(waiting.path).h1 == "Personen legitimerar sig"


def test_a_protected_person_is_not_named(desk: Page, screen: Page) -> None:
    maria = factories.citizen()
    own_case(maria)
    with db.transaction() as writer:
        writer.get_one(Person, maria.person).protected = True
    waiting, typed = begin(desk)
    screen.submit(sign_in(screen, type_number(screen, typed)), "main form", status=200)
    shown = desk.get(waiting.path)
    assert shown.h1 == "Ärenden för en person med skyddade personuppgifter"
    assert "Maria" not in shown.html
    assert "Gungan" in shown.links
    assert "Svar senast" in shown.text_of(".case-rows")


def test_a_browser_that_typed_no_number_shows_nothing(desk: Page, screen: Page) -> None:
    waiting, _typed = begin(desk)
    providers.sign_in(screen, MARIA, "/mina-sidor", "medborgare")
    token = steps.token(screen)
    assert screen.post("/disken/visa", {"csrf_token": token}).location.endswith("/disken")
    assert desk.get(waiting.path).h1 == "Numret till besökaren"


def test_a_visitor_is_signed_out_when_the_visit_ends_before_their_button(desk: Page, screen: Page) -> None:
    own_case(factories.citizen())
    waiting, typed = begin(desk)
    question = sign_in(screen, type_number(screen, typed))
    desk.submit(desk.get(waiting.path), "form[action$='/avsluta']", status=303)
    late = screen.submit(question, "main form", status=200)
    assert late.h1 == "Numret gäller inte längre"
    assert "Be personalen om ett nytt." in late.text
    assert "/disken" in [urlsplit(href).path for href in late.links.values()]
    screen.get("/mina-sidor", 303)


def test_a_visitor_who_opens_the_page_too_late_is_signed_out(desk: Page, screen: Page) -> None:
    waiting, typed = begin(desk)
    sign_in(screen, type_number(screen, typed))
    desk.submit(desk.get(waiting.path), "form[action$='/avsluta']", status=303)
    assert screen.get("/disken/visa").h1 == "Numret gäller inte längre"
    screen.get("/mina-sidor", 303)


def test_a_visitor_who_walks_away_is_signed_out_after_ten_minutes(desk: Page, screen: Page) -> None:
    own_case(factories.citizen())
    _waiting, typed = begin(desk)
    sign_in(screen, type_number(screen, typed))
    now = clock.now()
    with clock.at(now + SIGN_IN_TTL - timedelta(seconds=30)):
        assert "Gungan" in screen.get("/mina-sidor").text
    with clock.at(now + SIGN_IN_TTL + timedelta(seconds=30)):
        screen.get("/mina-sidor", 303)


def test_a_sign_in_that_is_not_for_the_desk_lasts_longer(desk: Page, screen: Page) -> None:
    own_case(factories.citizen())
    providers.sign_in(screen, MARIA, "/mina-sidor", "medborgare")
    with clock.at(clock.now() + SIGN_IN_TTL + timedelta(seconds=30)):
        assert "Gungan" in screen.get("/mina-sidor").text
