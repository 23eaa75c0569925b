"""Testlegitimering: an OpenID Provider for development and demos, on this machine only.

It stands alone: it imports nothing of the portal, and the portal imports nothing of it.
"""

import os
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from portal.testlegitimering.authorization import Unanswerable
from portal.testlegitimering.clients import Client, development_clients, origin
from portal.testlegitimering.endpoints import endpoints
from portal.testlegitimering.journey import not_a_page, unanswerable
from portal.testlegitimering.logout import sessions
from portal.testlegitimering.pages import pages
from portal.testlegitimering.people import Person, load_people
from portal.testlegitimering.provider import Provider
from portal.testlegitimering.qr import qr

__all__ = ["Client", "Person", "create_app", "development_clients", "from_environment", "load_people"]

ISSUER = "http://127.0.0.1:8001"
PORTAL = "http://localhost:8000"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def create_app(
    issuer: str = ISSUER,
    clients: Iterable[Client] | None = None,
    people: Iterable[Person] | None = None,
) -> Flask:
    """The provider as a web application; refuses an issuer that is not on this machine."""
    own = Provider(
        loopback(issuer),
        development_clients(PORTAL) if clients is None else clients,
        load_people() if people is None else people,
    )
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.extensions["testlegitimering"] = own
    for each in (pages, qr, sessions, endpoints):
        app.register_blueprint(each)
    app.register_error_handler(Unanswerable, unanswerable)
    app.register_error_handler(HTTPException, not_a_page)
    app.before_request(refuse_other_hosts)
    _add_headers(app, own)
    return app


def from_environment() -> Flask:
    """The provider as the environment describes it."""
    given = os.environ.get
    clients = development_clients(
        given("TESTLEGITIMERING_PORTAL", PORTAL),
        given("TESTLEGITIMERING_JWKS", ""),
        given("TESTLEGITIMERING_BACKCHANNEL", ""),
    )
    return create_app(given("TESTLEGITIMERING_ISSUER", ISSUER), clients)


def loopback(issuer: str) -> str:
    """The issuer as it is compared, when it is an address on this machine without a path."""
    address = issuer.rstrip("/")
    if address != origin(address) or urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError(f"Testlegitimering: {issuer!r} måste se ut som {ISSUER}, utan sökväg.")
    if urlsplit(address).hostname not in LOOPBACK:
        raise ValueError(f"Testlegitimering går bara på den egna datorn, inte på {issuer!r}.")
    return address


def refuse_other_hosts() -> None:
    """No page for a name that somebody else has pointed at this machine."""
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
        abort(400)


def _add_headers(app: Flask, own: Provider) -> None:
    # Chromium holds the redirect after a form to form-action too, so the services' origins stand there.
    services = sorted({origin(uri) for client in own.clients.values() for uri in client.redirect_uris})
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        f"form-action 'self' {' '.join(services)}; base-uri 'none'; frame-ancestors 'none'"
    )

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
