"""Testlegitimering: an OpenID Provider for development and demos, on the loopback interface only.

An application of its own: it imports nothing of the portal, and the portal imports nothing of it.
"""

import os
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from portal.testlegitimering.oidc.authorization import Unanswerable
from portal.testlegitimering.oidc.clients import Client, development_clients, origin
from portal.testlegitimering.oidc.endpoint_views import endpoints
from portal.testlegitimering.oidc.logout_views import sessions
from portal.testlegitimering.people import Person, load_people
from portal.testlegitimering.provider import Provider
from portal.testlegitimering.sign_in.person_views import pages
from portal.testlegitimering.sign_in.qr_views import qr
from portal.testlegitimering.sign_in.responses import error_page, unanswerable

__all__ = ["Client", "Person", "create_app", "development_clients", "from_environment", "load_people"]

ISSUER = "http://127.0.0.1:8001"
PORTAL = "http://localhost:8000"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def create_app(
    issuer: str = ISSUER,
    clients: Iterable[Client] | None = None,
    people: Iterable[Person] | None = None,
) -> Flask:
    """Create the Flask application. Raises ValueError for an issuer that is not a loopback address."""
    provider = Provider(
        loopback(issuer),
        development_clients(PORTAL) if clients is None else clients,
        load_people() if people is None else people,
    )
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.extensions["testlegitimering"] = provider
    for blueprint in (pages, qr, sessions, endpoints):
        app.register_blueprint(blueprint)
    app.register_error_handler(Unanswerable, unanswerable)
    app.register_error_handler(HTTPException, error_page)
    app.before_request(refuse_other_hosts)
    _add_headers(app, provider)
    return app


def from_environment() -> Flask:
    """Create the application with the settings of the environment."""
    variable = os.environ.get
    clients = development_clients(
        variable("TESTLEGITIMERING_PORTAL", PORTAL),
        variable("TESTLEGITIMERING_JWKS", ""),
        variable("TESTLEGITIMERING_BACKCHANNEL", ""),
    )
    return create_app(variable("TESTLEGITIMERING_ISSUER", ISSUER), clients)


def loopback(issuer: str) -> str:
    """Return the issuer without a trailing slash. Raises ValueError unless it is a loopback origin."""
    address = issuer.rstrip("/")
    if address != origin(address) or urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError(f"Testlegitimering: {issuer!r} måste se ut som {ISSUER}, utan sökväg.")
    if urlsplit(address).hostname not in LOOPBACK:
        raise ValueError(f"Testlegitimering går bara på den egna datorn, inte på {issuer!r}.")
    return address


def refuse_other_hosts() -> None:
    """Answer 400 for a Host that is not a loopback name."""
    # Against DNS rebinding: another site's name may resolve to 127.0.0.1.
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
        abort(400)


def _add_headers(app: Flask, provider: Provider) -> None:
    # Chromium applies form-action to the redirect after a form too, so it lists the clients' origins.
    origins: set[str] = set()
    for client in provider.clients.values():
        origins.update(map(origin, client.redirect_uris))
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        f"form-action 'self' {' '.join(sorted(origins))}; base-uri 'none'; frame-ancestors 'none'"
    )

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
