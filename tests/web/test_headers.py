"""The headers of every answer, and the cookies; in production also over TLS alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, request
from werkzeug.test import TestResponse

from tests.page import Page
from tests.web import steps

MakeApp = Callable[..., Flask]
ISSUER = "https://legitimering.example"
PRODUCTION: dict[str, Any] = {
    "env": "production",
    "limits": "on",
    "secret_key": "xQ7vLr2mZk9TnB4wYc6HsDf8JgPa3EuX",
    "data_keys": Fernet.generate_key().decode(),
    "index_keys": "Rk5tWn8qZb2LvXc7MyHs4JdGf9PaUe3T",
    "code_key": "Vd3hNq6sYw9KzBr4TfLm7XcJg2PeAu8R",
    "base_url": "https://kontakt.example",
    "oidc_staff_issuer": ISSUER,
    "oidc_citizen_issuer": ISSUER,
    "oidc_citizen_client_id": "medborgare",
    "oidc_citizen_client_secret": "medborgarhemlighet",
    "oidc_staff_client_id": "portalen",
    "oidc_staff_client_secret": "hemlig" * 5,
    "mail_sender": "kontakt@kommunen.example",
    "mail_server": "127.0.0.1",
}
PATHS = ["/", "/lamna/fraga", "/folj", "/kvitto", "/om", "/finns-inte", "/static/kontakt.css", "/healthz"]
# The handle of a case is in the address, and goes to no other page.
NO_REFERRER = {"/folj/arende"}
PATHS += ["/handlaggning/", "/folj/arende", "/readyz", "/logga-ut", "/utloggad", "/statistik"]
# The browser alone may keep the empty form, so that the back button finds the same submission.
UNSENT = {"/lamna/fraga"}


def policy(answer: TestResponse) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.fixture
def production(make_app: MakeApp) -> Page:
    client = make_app(**PRODUCTION).test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    client.environ_base["HTTP_HOST"] = "kontakt.example"
    return Page(client)


def test_nothing_from_elsewhere_runs_and_only_our_own_script_where_it_is_needed(app: Flask) -> None:
    client = app.test_client()
    for path in PATHS:
        rules = policy(client.get(path, buffered=True))
        assert rules["default-src"] == "'none'", path
        # Staff pages, forms with files and the form for a code run our own script; every other page none.
        connects = path in {"/handlaggning/", "/lamna/fraga"}
        own = "'self'" if connects or path == "/folj" else None
        reached = "'self'" if connects else None
        assert (rules.get("script-src"), rules.get("connect-src")) == (own, reached), path
        assert rules["style-src"] == rules["font-src"] == "'self'"
        assert (rules["frame-ancestors"], rules["base-uri"]) == ("'none'", "'none'")
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & set(" ".join(rules.values()).split())


def test_a_form_leads_to_us_or_to_the_provider_alone(production: Page) -> None:
    assert policy(production.get("/").response)["form-action"] == f"'self' {ISSUER}"


def test_pages_are_kept_by_no_cache_and_types_are_not_guessed(app: Flask) -> None:
    client = app.test_client()
    for path in PATHS:
        answer = client.get(path, buffered=True)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        referrer = "no-referrer" if path in NO_REFERRER else "same-origin"
        assert answer.headers["Referrer-Policy"] == referrer, path
        if answer.mimetype == "text/html":
            allowed = {"no-store", "private, no-cache"} if path in UNSENT else {"no-store"}
            assert answer.headers["Cache-Control"] in allowed, path
    styles = client.get("/static/kontakt.css", buffered=True)
    assert "no-store" not in styles.headers["Cache-Control"]


def test_what_was_written_is_kept_by_no_cache(page: Page) -> None:
    refused = steps.refused(page, steps.MAILED | {"subject": ""})
    assert refused.response.headers["Cache-Control"] == "no-store"
    assert steps.send(page).response.headers["Cache-Control"] == "no-store"


def test_an_error_of_ours_has_them_too(make_app: MakeApp) -> None:
    app = make_app()

    @app.get("/trasig")
    def broken() -> str:
        raise RuntimeError

    answer = app.test_client().get("/trasig")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (500, "no-store")
    assert policy(answer)["default-src"] == "'none'"


def test_in_production_every_answer_asks_for_tls(production: Page) -> None:
    for path in PATHS:
        assert (
            "max-age=31536000"
            in production.client.get(path, buffered=True).headers["Strict-Transport-Security"]
        )


def test_subdomains_follow_only_where_the_setting_says_so(make_app: MakeApp) -> None:
    for setting, has in (("off", False), ("on", True)):
        page = Page(make_app(**PRODUCTION, hsts_subdomains=setting).test_client())
        shown = page.client.get("/om").headers["Strict-Transport-Security"]
        assert ("includeSubDomains" in shown) is has


def test_no_other_site_embeds_what_is_here(app: Flask) -> None:
    client = app.test_client()
    for path in PATHS:
        assert client.get(path, buffered=True).headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_language_is_bound_to_this_host_and_kept(production: Page) -> None:
    chosen = cookies(production.get("/sprak/en", 303).response)["__Host-sprak"]
    assert (chosen["path"], chosen["domain"], bool(chosen["secure"])) == ("/", "", True)
    assert production.get("/om").find("html")["lang"] == "en"


def test_machines_index_what_is_public_alone(app: Flask) -> None:
    robots = RobotFileParser()
    answer = app.test_client().get("/robots.txt")
    robots.parse(answer.text.splitlines())
    assert answer.mimetype == "text/plain"
    for path in ("/", "/lamna/fraga", "/om", "/statistik", "/rutiner", "/tillganglighet"):
        assert robots.can_fetch("*", path), path
    for path in (
        "/folj",
        "/folj/ny-kod",
        "/kvitto",
        "/mina-sidor/uppgifter",
        "/handlaggning/",
        "/logga-in/x",
    ):
        assert not robots.can_fetch("*", path), path


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("", "tel:+46"),
        ("sakerhet@kommunen.example", "mailto:sakerhet@kommunen.example"),
        ("https://kommunen.example/sakerhet", "https://kommunen.example/sakerhet"),
    ],
)
def test_the_file_for_reports_follows_the_standard(make_app: MakeApp, contact: str, shown: str) -> None:
    answer = make_app(security_contact=contact).test_client().get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert list(fields) == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert fields["Contact"].startswith(shown)
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=90) < left < timedelta(days=365)
    assert fields["Canonical"] == "http://localhost:8000/.well-known/security.txt"
    assert answer.mimetype == "text/plain"


def test_in_development_none_does(page: Page) -> None:
    assert "Strict-Transport-Security" not in page.get("/").response.headers


def cookies(answer: TestResponse) -> dict[str, Any]:
    found = SimpleCookie()
    for header in answer.headers.getlist("Set-Cookie"):
        found.load(header)
    return dict(found)


def test_in_production_cookies_travel_over_tls_alone_and_belong_to_this_host(production: Page) -> None:
    form = production.get(steps.COMPLAINT)
    kept = cookies(form.response)["__Host-kontakt"]
    assert (kept["path"], kept["domain"], kept["samesite"]) == ("/", "", "Lax")
    assert kept["secure"]
    assert kept["httponly"]
    receipt = cookies(production.submit(form, "main form", changes=steps.WRITTEN).response)["__Secure-kvitto"]
    assert receipt["secure"]
    assert receipt["httponly"]
    assert steps.latest_receipt(production).has("[data-code]")


def test_whoever_only_reads_gets_no_cookie(page: Page) -> None:
    for path in (
        "/lamna",
        "/om",
        "/tillganglighet",
        "/personuppgifter",
        "/healthz",
        "/kvitto",
        "/finns-inte",
    ):
        assert "Set-Cookie" not in page.client.get(path).headers, path


def test_what_a_cookie_holds_cannot_be_read_or_changed(page: Page) -> None:
    steps.opened(page)
    cookie = page.client.get_cookie("kontakt")
    assert cookie
    changed = cookie.value[:-5] + ("A" if cookie.value[-5] != "A" else "B") + cookie.value[-4:]
    page.client.set_cookie("kontakt", changed)
    page.get("/folj/arende", 303)
    with pytest.raises(InvalidToken):
        Fernet(Fernet.generate_key()).decrypt(cookie.value)


def test_a_cookie_is_forgotten_after_a_day(page: Page, travel: steps.Travel) -> None:
    token = steps.token(page)
    travel.shift(24 * 3600 + 1)
    assert steps.token(page) != token


def test_the_outbox_page_is_for_development_alone(production: Page, page: Page) -> None:
    for path in ("/utkorg", "/utkorg/1/brev"):
        production.get(path, 404)
    assert "/utkorg" not in production.get("/").html
    assert page.get("/utkorg").h1 == "Utkorgen"


def test_a_letter_has_its_own_style_and_may_do_nothing_else(app: Flask, page: Page) -> None:
    steps.send(page, steps.MAILED)
    shown = page.get("/utkorg")
    assert shown.has("iframe[sandbox]")
    letter = page.client.get(str(shown.find("iframe")["src"]))
    rules = letter.headers["Content-Security-Policy"]
    assert rules == "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    assert steps.WRITTEN["subject"] not in letter.text
    page.get("/utkorg/999/brev", 404)
    page.get(f"/utkorg/{'9' * 30}/brev", 404)


def test_a_proxy_is_believed_only_as_far_as_the_settings_say(make_app: MakeApp) -> None:
    seen: list[str | None] = []
    for proxies in (0, 1):
        app = make_app(trusted_proxies=proxies)

        @app.before_request
        def note() -> None:
            seen.append(request.remote_addr)

        app.test_client().get("/om", headers={"X-Forwarded-For": "192.0.2.9, 192.0.2.1"})
    assert seen == ["127.0.0.1", "192.0.2.1"]
