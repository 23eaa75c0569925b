"""Staff known by what their provider calls them, the whole way through Testlegitimering."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.page import Page
from tests.web import providers, steps

ANNA = factories.NUMBERS["anna"]
QUEUE = "/handlaggning/"
HSA, MAIL = ("--affiliation", "anna@9999990006"), ("--email", "Anna@Testkommunen.example")


@pytest.fixture
def app(make_app: Callable[..., Flask], issuer: str) -> Flask:
    """A portal whose staff and citizens sign in at one issuer, which has e-mail of one domain."""
    domain = {"oidc_staff_email_domains": "testkommunen.example"}
    return make_app(oidc_staff_issuer=issuer, oidc_citizen_issuer=issuer, **domain)


def add(app: Flask, *words: str) -> None:
    result = app.test_cli_runner().invoke(args=["member", "add", "registrar", "--name", "Anna", *words])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("key", [HSA, MAIL])
def test_whoever_has_the_key_comes_in_at_the_door_of_staff_alone(app: Flask, key: tuple[str, str]) -> None:
    add(app, *key)
    staff = Page(app.test_client())
    assert staff.follow(providers.sign_in(staff, ANNA)).path == QUEUE
    citizen = Page(app.test_client())
    providers.sign_in(citizen, ANNA, "/mina-sidor", "medborgare")
    citizen.get(QUEUE, 303)


def test_a_citizen_who_came_first_is_not_given_what_a_key_was_given_until_both_are_named_together(
    app: Flask,
) -> None:
    citizen, staff = Page(app.test_client()), Page(app.test_client())
    providers.sign_in(citizen, ANNA, "/mina-sidor", "medborgare")
    add(app, *HSA)
    answer = providers.sign_in(staff, ANNA)
    assert staff.get(answer.location, 403).h1 == "Du kommer inte åt ärenden än"
    result = app.test_cli_runner().invoke(args=["member", "add", ANNA, "registrar", "--name", "Anna", *HSA])
    assert result.exit_code == 0, result.output
    assert staff.get(QUEUE).h1
    assert steps.count("membership") == 1
