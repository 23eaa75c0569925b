"""Somebody who is staff in several ways works as one of them at a time, and never as somebody else."""

import datetime as dt

import pytest
from flask import Flask

from portal import clock, db
from portal.identity import commands as identity
from portal.identity.actors import Role, Staff
from tests import factories
from tests.cases import membership_of
from tests.page import Document, Page
from tests.web import steps

QUEUE = "/handlaggning/"


@pytest.fixture
def anna(app: Flask) -> tuple[Staff, Staff]:
    """Anna, officer of the park unit and head of the street unit."""
    return factories.member(), factories.member("anna", Role.HEAD_OF_UNIT, "gata")


@pytest.fixture
def page(anna: tuple[Staff, Staff], staff_page: steps.SignIn) -> Page:
    """Her browser, with a case of each unit there is."""
    factories.send_in(subject="I parken")
    factories.send_in(subject="På gatan", category="gator")
    return staff_page(anna[0])


def seen(shown: Document) -> set[str]:
    return {each.get_text() for each in shown.all(".what a")}


def wear(page: Page, membership: object, **options: int) -> Document:
    return page.post(
        "/handlaggning/som", {"membership": str(membership), "csrf_token": steps.token(page)}, **options
    )


def test_who_is_staff_in_two_ways_begins_as_the_first(page: Page) -> None:
    shown = page.get(QUEUE)
    assert [each.get_text() for each in shown.all("#role option")] == [
        *("Handläggare, Parkenheten", "Enhetschef, Gatuenheten")
    ]
    assert seen(shown) == {"I parken"}


def test_who_changes_role_sees_the_cases_of_the_new_one_alone(page: Page, anna: tuple[Staff, Staff]) -> None:
    changed = page.submit(page.get(QUEUE), ".roles", changes={"membership": str(anna[1].membership)})
    shown = page.follow(changed)
    assert (shown.path, seen(shown)) == (QUEUE, {"På gatan"})
    assert shown.text_of("#role [selected]") == "Enhetschef, Gatuenheten"
    page.get(steps.case_address("KB-2026-000001"), 404)


def test_a_role_that_reads_no_case_leads_to_the_others_and_back(app: Flask, staff_page: steps.SignIn) -> None:
    analyst, officer = factories.member("eva", Role.ANALYST, None), factories.member("eva")
    factories.send_in(subject="I parken")
    page = staff_page(analyst)
    refused = page.get(QUEUE, 403)
    shown = page.follow(page.submit(refused, ".roles", changes={"membership": str(officer.membership)}))
    assert seen(shown) == {"I parken"}
    back = page.submit(shown, ".roles", changes={"membership": str(analyst.membership)})
    assert page.get(back.location, 403).text_of("#role [selected]") == "Analytiker"


def test_a_role_that_reads_no_case_changes_nothing_without_its_token(
    app: Flask, staff_page: steps.SignIn
) -> None:
    analyst, officer = factories.member("eva", Role.ANALYST, None), factories.member("eva")
    page = staff_page(analyst)
    page.post("/handlaggning/som", {"membership": str(officer.membership)}, 403)
    page.get(QUEUE, 403)


def test_a_hat_is_worn_in_this_browser_alone(
    page: Page, anna: tuple[Staff, Staff], staff_page: steps.SignIn
) -> None:
    wear(page, anna[1].membership)
    assert seen(staff_page(anna[0]).get(QUEUE)) == {"I parken"}


def test_nobody_wears_the_hat_of_somebody_else(page: Page) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    before = steps.stored()["sign_in"]
    assert seen(page.follow(wear(page, eva.membership))) == {"I parken"}
    assert steps.stored()["sign_in"] == before


@pytest.mark.parametrize("membership", ["", "0", "-1", "x", "999", "9" * 30])
def test_a_hat_that_is_none_changes_nothing(page: Page, membership: str) -> None:
    before = steps.stored()["sign_in"]
    wear(page, membership)
    assert steps.stored()["sign_in"] == before


def test_without_its_token_nobody_changes_role(page: Page, anna: tuple[Staff, Staff]) -> None:
    before = steps.stored()["sign_in"]
    asked = page.post("/handlaggning/som", {"membership": str(anna[1].membership)}, 422)
    assert "Sidan hade varit öppen för länge. Försök igen." in asked.text
    assert steps.stored()["sign_in"] == before


def test_a_hat_that_has_ended_is_worn_no_more(page: Page, anna: tuple[Staff, Staff]) -> None:
    wear(page, anna[1].membership)
    with db.transaction():
        assert anna[1].membership
        identity.end_membership(anna[1].membership)
    shown = page.get(QUEUE)
    assert (seen(shown), shown.has("#role")) == ({"I parken"}, False)


def test_who_is_staff_in_one_way_is_offered_no_choice(app: Flask, staff_page: steps.SignIn) -> None:
    assert not staff_page(factories.member()).get(QUEUE).has("#role")


def test_a_substitute_is_called_one_and_comes_last(app: Flask, staff_page: steps.SignIn) -> None:
    absent, samir = factories.member(), factories.member("samir", unit="gata")
    with db.transaction():
        now = clock.now()
        identity.add_substitute(
            membership_of(absent),
            "Samir",
            factories.NUMBERS["samir"],
            now - dt.timedelta(days=1),
            now + dt.timedelta(days=1),
        )
    shown = staff_page(samir).get(QUEUE)
    assert [each.get_text() for each in shown.all("#role option")] == [
        *("Handläggare, Gatuenheten", "Handläggare, Parkenheten (vikarie)")
    ]
