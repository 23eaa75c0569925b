"""A provider says that somebody has signed out: their sessions end, and nothing else ends anything."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from joserfc.jwk import RSAKey
from pytest_httpserver import HTTPServer
from werkzeug.test import TestResponse

from portal.identity.oidc.claims import LOGOUT_EVENT
from tests.bad_claims import NOW
from tests.page import Page
from tests.unit.test_claims import LOGOUT_LIES
from tests.web import providers, steps
from tests.web.providers import Liar

MakeApp = Callable[..., Flask]


@pytest.fixture
def liar(httpserver: HTTPServer) -> Liar:
    return Liar(httpserver)


@pytest.fixture
def app(make_app: MakeApp, liar: Liar) -> Flask:
    """A portal where both staff and citizens sign in there, each as a client of its own."""
    return make_app(oidc_staff_issuer=liar.issuer, oidc_citizen_issuer=liar.issuer)


def signed_in(app: Flask, liar: Liar, sid: str = "sid", sub: str = "anna") -> Page:
    page = Page(app.test_client())
    liar.claims = {"sid": sid, "sub": sub, providers.NUMBER: None}
    liar.information = {"sub": sub}
    liar.come_back(page, 303)
    return page


def is_in(page: Page) -> bool:
    return page.client.get("/inloggningar").status_code == 200


def token(liar: Liar, **changes: Any) -> str:
    now = int(time.time())
    usual = {"iss": liar.issuer, "aud": "kontakt-personal", "iat": now, "exp": now + 120, "jti": "one"}
    usual |= {"events": {LOGOUT_EVENT: {}}, "sid": "sid"}
    return liar.sign({name: value for name, value in (usual | changes).items() if value is not None})


def send(app: Flask, sent: Any, door: str = "personal") -> TestResponse:
    fields = {} if sent is None else {"logout_token": sent}
    answer = app.test_client().post(f"/logga-in/{door}/utloggning", data=fields)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def test_the_session_that_is_named_ends_and_no_other(app: Flask, liar: Liar) -> None:
    here, there = signed_in(app, liar), signed_in(app, liar, "other")
    assert send(app, token(liar)).status_code == 200
    assert (is_in(here), is_in(there)) == (False, True)


def test_all_sessions_of_the_person_end_when_no_session_is_named(app: Flask, liar: Liar) -> None:
    mine = [signed_in(app, liar, sid) for sid in ("one", "two")]
    other = signed_in(app, liar, "three", "samir")
    assert send(app, token(liar, sid=None, sub="anna")).status_code == 200
    assert [is_in(page) for page in mine] == [False, False]
    assert is_in(other)


def test_a_session_of_somebody_else_does_not_end(app: Flask, liar: Liar) -> None:
    page = signed_in(app, liar)
    assert send(app, token(liar, sub="samir")).status_code == 200
    assert is_in(page)


def test_the_sessions_at_the_other_door_go_on(app: Flask, liar: Liar) -> None:
    citizens = Liar(liar.server, "medborgare")
    page = Page(app.test_client())
    liar.server.clear()
    citizens.__post_init__()
    citizens.come_back(page, 303)
    assert send(app, token(citizens)).status_code == 200
    assert send(app, token(citizens), "medborgare").status_code == 400
    assert is_in(page)
    assert send(app, token(citizens, aud="kontakt-medborgare"), "medborgare").status_code == 200
    assert not is_in(page)


def test_a_token_works_once(app: Flask, liar: Liar) -> None:
    sent = token(liar)
    assert send(app, sent).status_code == 200
    page = signed_in(app, liar)
    assert send(app, sent).status_code == 400
    assert is_in(page)
    assert send(app, token(liar, jti="two")).status_code == 200
    assert not is_in(page)


def test_a_token_that_was_used_is_forgotten_when_it_is_too_old_to_be_believed(app: Flask, liar: Liar) -> None:
    sent = token(liar, exp=int(time.time()) + 10_000_000)
    send(app, sent)
    with time_machine.travel(time.time() + 3700):
        assert send(app, sent).status_code == 400
        assert send(app, token(liar, jti="two")).status_code == 200
        assert steps.count("logout_token") == 1


@pytest.mark.parametrize("sent", [None, "", "x", "a.b.c", "a" * 40_000])
def test_what_is_no_token_is_refused(app: Flask, liar: Liar, sent: str | None) -> None:
    assert send(app, sent).get_json() == {"error": "invalid_request"}


def test_a_token_that_is_not_right_in_every_part_is_refused(app: Flask, liar: Liar) -> None:
    page = signed_in(app, liar)
    now = int(time.time())
    # A second that passes would make what lies just beyond the leeway honest.
    with time_machine.travel(now, tick=False):
        for lie in LOGOUT_LIES:
            moved = {name: value - NOW + now if is_time(value) else value for name, value in lie.items()}
            assert send(app, token(liar, **moved)).status_code == 400, lie
    assert is_in(page)
    assert send(app, token(liar)).status_code == 200


def is_time(value: Any) -> bool:
    return isinstance(value, int) and value > 1_000_000_000


@pytest.mark.parametrize("how", ["none", "HS256", "other key"])
def test_a_token_that_the_provider_has_not_signed_is_refused(app: Flask, liar: Liar, how: str) -> None:
    page = signed_in(app, liar)
    liar.algorithm = how if how != "other key" else "RS256"
    signers = {"HS256": b"test-secret-personal", "other key": RSAKey.generate_key(2048)}
    liar.signer = signers.get(how)
    assert send(app, token(liar)).status_code == 400
    assert is_in(page)


def test_an_id_token_is_no_logout_token(app: Flask, liar: Liar) -> None:
    page = signed_in(app, liar)
    assert send(app, liar._signed()).status_code == 400
    assert is_in(page)


def test_a_provider_that_is_none_is_not_found(app: Flask, liar: Liar) -> None:
    assert app.test_client().post("/logga-in/bankid/utloggning").status_code == 404


def test_more_than_a_token_is_not_read(app: Flask, liar: Liar) -> None:
    answer = app.test_client().post("/logga-in/personal/utloggning", data={"logout_token": "a" * 100_000})
    assert answer.status_code == 413
