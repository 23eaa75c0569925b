"""A sender who reads a case by its code signs in and takes that case along, and no other."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests import factories
from tests.page import Document, Page
from tests.web import providers, steps

MARIA = factories.CITIZENS["maria"]
BUTTON = "form[action$='/ta-med']"
SUBJECT = "Det andra ärendet"


@pytest.fixture
def page(make_app: Callable[..., Flask], issuer: str) -> Page:
    """A browser whose sign-ins go to a provider."""
    return Page(make_app(oidc_citizen_issuer=issuer, oidc_staff_issuer=issuer).test_client())


def take_along(page: Page, shown: Document, door: str = "medborgare") -> Document:
    """Press the button on the page of a case, sign in and come back."""
    onward = page.submit(shown, BUTTON).location
    back = parse_qs(urlsplit(onward).query)["nasta"][0]
    return page.follow(providers.sign_in(page, MARIA, back, door))


def test_the_case_that_was_asked_for_comes_along_and_the_other_does_not(page: Page) -> None:
    first = steps.opened(page, {"subject": "Det första ärendet"})
    other = steps.opened(page, {"subject": SUBJECT})
    asked = take_along(page, first)
    assert asked.h1 == "Lägg till ärendet på Mina sidor"
    assert "Det första ärendet" in asked.text
    page.get(other.path, 303)
    added = page.follow(page.submit(asked, "main form"))
    assert "Ärendet finns nu på Mina sidor." in added.text
    assert "Det första ärendet" in added.text
    assert SUBJECT not in added.text
    page.get(first.path, 303)
    page.get(asked.path, 303)


def test_nothing_is_added_by_looking(page: Page) -> None:
    asked = take_along(page, steps.opened(page))
    overview = page.get(asked.links["Avbryt"])
    assert "Du har inga ärenden än" in overview.text


def test_whoever_signs_in_in_another_way_takes_nothing_along(page: Page) -> None:
    shown = steps.opened(page)
    providers.sign_in(page, MARIA, "/mina-sidor", "medborgare")
    page.get(shown.path, 303)


def test_a_case_does_not_follow_into_a_session_of_staff(page: Page) -> None:
    shown = steps.opened(page)
    page.submit(shown, BUTTON)
    providers.sign_in(page, MARIA, "/handlaggning/", "personal")
    page.get(shown.path, 303)


def test_a_handle_of_another_browser_leads_to_the_overview(page: Page) -> None:
    providers.sign_in(page, MARIA, "/mina-sidor", "medborgare")
    answer = page.get("/mina-sidor/ta-med/gissad", 303)
    assert answer.location == "/mina-sidor"


def test_without_its_token_nothing_is_taken_along_or_added(page: Page) -> None:
    shown = steps.opened(page)
    page.post(f"{shown.path}/ta-med", {}, 422)
    asked = take_along(page, shown)
    page.post(asked.path, {}, 422)
    assert "Du har inga ärenden än" in page.get("/mina-sidor").text


@pytest.mark.parametrize(("written", "asked"), [(steps.WRITTEN, False), (steps.MAILED, True)])
def test_an_address_is_asked_about_only_where_there_is_one(
    page: Page, written: dict[str, str], asked: bool
) -> None:
    assert take_along(page, steps.opened(page, written)).has("[name=unsafe]") is asked
