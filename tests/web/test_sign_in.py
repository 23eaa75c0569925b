"""Signing in and out through Testlegitimering, over loopback. What is tampered with: test_hostile_sign_in."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal import clock, db
from portal.identity.actors import Role
from portal.identity.models import Membership, Person
from tests import factories
from tests.page import Page
from tests.web import providers, steps

ANNA, SAMIR, NOBODY = factories.NUMBERS["anna"], factories.NUMBERS["samir"], "199004122389"
MakeApp = Callable[..., Flask]


@pytest.fixture
def browser(make_app: MakeApp, issuer: str) -> Callable[[], Page]:
    """New browsers at a portal whose staff sign in there, with Anna among them."""
    app = make_app(oidc_staff_issuer=issuer)
    factories.member()
    return lambda: Page(app.test_client())


def cookie(page: Page) -> str:
    found = page.client.get_cookie("kontakt")
    assert found
    return found.value


def test_the_whole_way_leads_into_a_session_and_back_to_where_one_was_going(
    browser: Callable[[], Page],
) -> None:
    page, number = browser(), factories.number(factories.send_in())
    wanted = steps.case_address(number)
    started = page.follow(page.get(wanted, 303), 302)
    answer = page.get(providers.at_testlegitimering(started.location, ANNA), 303)
    assert answer.location == wanted
    shown = page.follow(answer)
    assert shown.h1 == "Lekplatsen är stängd"
    assert shown.text_of(".who") == "Anna Lindqvist"
    assert steps.count("sign_in") == 1


def test_a_bare_sign_in_asks_who_you_are_and_ends_in_the_queue_for_staff(
    browser: Callable[[], Page],
) -> None:
    page = browser()
    started = page.get(page.get("/logga-in").links["Logga in som personal"], 302)
    assert page.get(providers.at_testlegitimering(started.location, ANNA), 303).location == "/handlaggning/"


def test_the_request_asks_for_what_the_rules_want(browser: Callable[[], Page], issuer: str) -> None:
    asked = parse_qs(urlsplit(providers.begin(browser())).query)
    assert asked["redirect_uri"] == [providers.CALLBACK]
    assert (asked["code_challenge_method"], asked["prompt"], asked["ui_locales"]) == (
        ["S256"],
        ["login"],
        ["sv"],
    )
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 32


def test_somebody_without_a_role_is_signed_in_and_told_that_they_have_none(
    browser: Callable[[], Page],
) -> None:
    page = browser()
    shown = page.follow(providers.sign_in(page, NOBODY), 403)
    assert (shown.h1, shown.text_of(".who")) == ("Du kommer inte åt ärenden än", "Birgitta Ström")


def test_signing_in_twice_is_the_same_person(browser: Callable[[], Page]) -> None:
    for _time in range(2):
        providers.sign_in(browser(), ANNA)
    assert (steps.count("person"), steps.count("login"), steps.count("sign_in")) == (1, 1, 2)


def test_the_number_is_stored_encrypted_and_the_session_by_its_fingerprint(
    browser: Callable[[], Page],
) -> None:
    page = browser()
    providers.sign_in(page, NOBODY)
    everything = steps.everything()
    assert NOBODY not in everything
    assert cookie(page) not in everything


def test_the_session_is_a_new_one_after_signing_in(browser: Callable[[], Page]) -> None:
    page = browser()
    steps.opened(page)
    before = cookie(page)
    providers.sign_in(page, ANNA)
    assert cookie(page) != before
    assert page.get("/folj/arende", 303).location == "/folj"
    planted = browser()
    planted.client.set_cookie("kontakt", before)
    planted.get("/handlaggning/", 303)


def test_signing_in_again_ends_the_session_that_the_browser_had(browser: Callable[[], Page]) -> None:
    page = browser()
    providers.sign_in(page, ANNA)
    before = cookie(page)
    providers.sign_in(page, ANNA)
    assert steps.count("sign_in") == 1
    page.client.set_cookie("kontakt", before)
    page.get("/handlaggning/", 303)


def test_sign_ins_that_were_given_up_leave_room_for_one_that_is_not(browser: Callable[[], Page]) -> None:
    page = browser()
    for _given_up in range(8):
        providers.begin(page)
    before, last = providers.begin(page), providers.begin(page)
    sent = page.client._cookies.values()
    assert sum(len(each.value) for each in sent) < 5000
    assert parse_qs(urlsplit(before).query)["state"] != parse_qs(urlsplit(last).query)["state"]
    page.get(providers.at_testlegitimering(before, ANNA), 303)
    assert page.get("/handlaggning/").text_of(".who") == "Anna Lindqvist"


def test_an_answer_written_until_the_session_ended_is_given_back(browser: Callable[[], Page]) -> None:
    number = factories.number(factories.send_in())
    with time_machine.travel(clock.now(), tick=False) as traveller:
        page = browser()
        providers.sign_in(page, ANNA)
        shown = page.get(steps.case_address(number))
        traveller.shift(3 * 3600)
        late = page.submit(shown, "form[action$='/answer']", changes={"body": "Den 1 juni."}, status=403)
    assert steps.kept(late, "mine") == "Den 1 juni."
    assert late.links["Logga in igen"].startswith("/logga-in/personal")


def test_a_callback_works_once(browser: Callable[[], Page]) -> None:
    page = browser()
    back = providers.at_testlegitimering(providers.begin(page), ANNA)
    page.get(back, 303)
    # Reloaded, it leads on to where it was going, and signs in no second time.
    assert page.get(back, 303).location == "/handlaggning/"
    assert page.get("/handlaggning/").text_of(".who") == "Anna Lindqvist"
    assert steps.count("sign_in") == 1
    page.client.delete_cookie("kontakt")
    failed = page.get(back, 400)
    assert failed.h1 == "Det gick inte att logga in"
    assert failed.links["Försök igen"] == "/logga-in/personal?nasta=/handlaggning/"


def test_signing_out_ends_the_session_on_the_server_and_at_the_provider(
    browser: Callable[[], Page], issuer: str
) -> None:
    page = browser()
    shown = page.follow(providers.sign_in(page, ANNA))
    old = cookie(page)
    answer = page.submit(shown, "form[action='/logga-ut']")
    sent = urlsplit(answer.location)
    assert (f"{sent.scheme}://{sent.netloc}{sent.path}", steps.count("sign_in")) == (f"{issuer}/logout", 0)
    assert parse_qs(sent.query)["post_logout_redirect_uri"] == [f"{providers.PORTAL}/"]
    page.client.set_cookie("kontakt", old)
    page.get("/handlaggning/", 303)


def test_signing_out_needs_its_token_and_is_never_a_get(browser: Callable[[], Page]) -> None:
    page = browser()
    providers.sign_in(page, ANNA)
    page.get("/logga-ut", 405)
    page.post("/logga-ut", {}, 422)
    page.post("/logga-ut", {"csrf_token": "gissad"}, 422)
    assert steps.count("sign_in") == 1
    page.get("/handlaggning/")


def test_signing_out_when_nobody_is_signed_in_leads_to_the_start(browser: Callable[[], Page]) -> None:
    page = browser()
    assert page.post("/logga-ut", {"csrf_token": steps.token(page)}).location == "/"


@pytest.mark.parametrize("path", ["/logga-in/bankid", "/logga-in/bankid/aterkomst", "/logga-in/%00"])
def test_a_provider_that_is_none_is_not_found(browser: Callable[[], Page], path: str) -> None:
    browser().get(path, 404)


def test_a_membership_that_begins_later_opens_the_back_office_without_a_new_sign_in(
    browser: Callable[[], Page],
) -> None:
    page = browser()
    providers.sign_in(page, SAMIR)
    page.get("/handlaggning/", 403)
    factories.member("samir", Role.OFFICER, "gata")
    page.get("/handlaggning/")
    with db.transaction() as session:
        session.execute(
            sa.update(Membership).values(
                ended_at=sa.func.coalesce(Membership.ended_at, Membership.started_at)
            )
        )
    page.get("/handlaggning/", 403)


def test_who_is_protected_or_represents_somebody_is_known_from_the_sign_in(
    make_app: MakeApp, issuer: str
) -> None:
    app = make_app(oidc_citizen_issuer=issuer)
    petra, vera = Page(app.test_client()), Page(app.test_client())
    providers.sign_in(petra, "199301202397", steps.COMPLAINT, "medborgare")
    assert "Svenshögs koloniförening" in petra.get(steps.COMPLAINT).text_of(".for-whom")
    providers.sign_in(vera, "199201152395", steps.COMPLAINT, "medborgare")
    assert "koloniförening" not in vera.get(steps.COMPLAINT).text
    people = db.session().scalars(sa.select(Person).order_by(Person.id))
    assert [(each.name, each.protected) for each in people if each.name != "Anna"] == [
        ("Petra Sund", False),
        ("Vera Lund", True),
    ]
