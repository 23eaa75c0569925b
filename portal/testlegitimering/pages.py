"""What a person sees: pick who you are, confirm, and back to the service."""

import hmac
import secrets
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.testlegitimering.authorization import Authorization, Refused, Unanswerable, address, read, sender
from portal.testlegitimering.clients import Client
from portal.testlegitimering.people import Person
from portal.testlegitimering.provider import Pending, provider

COOKIE = "testlegitimering"
TEST_CODE = "2468"
EXPIRED = (
    "Inloggningen gäller inte längre. Den kan vara för gammal, avbruten eller påbörjad i en annan webbläsare."
)

pages = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Group:
    """People under one heading."""

    key: str
    heading: str
    people: list[Person]


@pages.get("/authorize")
def authorize() -> Response:
    """The request of a service, and the people to pick from."""
    client, redirect_uri = sender(request.args, provider().clients)
    try:
        asked = read(request.args, client, redirect_uri)
    except Refused as problem:
        return send_back(
            redirect_uri, request.args.get("state", ""), error=problem.error, error_description=str(problem)
        )
    browser = request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
    response = person_page(provider().pendings.put(Pending(asked, browser)), asked)
    response.set_cookie(COOKIE, browser, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


@pages.post("/person")
def person() -> Response:
    """Somebody was picked; let them confirm."""
    asked = own_request()
    if "cancel" in request.form:
        return cancelled(asked)
    chosen = provider().people.get(request.form.get("person", ""))
    if chosen is None:
        return person_page(request.form["pending"], asked, "Välj en av testpersonerna i listan.")
    return confirm_page(asked, chosen)


@pages.post("/confirm")
def confirm() -> Response:
    """Somebody confirmed; send the service a code."""
    asked = own_request()
    if "cancel" in request.form:
        return cancelled(asked)
    # The page says whom it confirms, so that an older page in the history cannot confirm somebody else.
    chosen = provider().people.get(request.form.get("chosen", ""))
    if chosen is None:
        return person_page(request.form["pending"], asked, "Välj en av testpersonerna i listan.")
    if request.form.get("code", "").strip() != TEST_CODE:
        return confirm_page(
            asked, chosen, f"Koden stämmer inte. Testkoden är {TEST_CODE}. Nu är den ifylld igen."
        )
    # The pending request stays until it expires: a double click gets a second code, not an error page.
    return send_back(asked.redirect_uri, asked.state, code=provider().grant(asked, chosen))


def own_request() -> Authorization:
    """The pending request that a form belongs to, when this browser began it."""
    pending = provider().pendings.get(request.form.get("pending", ""))
    browser = request.cookies.get(COOKIE, "")
    if pending is None or not hmac.compare_digest(pending.browser.encode(), browser.encode()):
        raise Unanswerable(EXPIRED)
    return pending.authorization


def cancelled(asked: Authorization) -> Response:
    """The person changed their mind."""
    provider().pendings.take(request.form["pending"])
    return send_back(
        asked.redirect_uri, asked.state, error="access_denied", error_description="the person cancelled"
    )


def send_back(redirect_uri: str, state: str, **answer: str) -> Response:
    """An answer to the service, with the issuer so that it knows who answered."""
    return redirect(address(redirect_uri, **answer, state=state, iss=provider().issuer), 303)


def groups(client: Client) -> list[Group]:
    """Citizens and staff, those first whom the service is for."""
    people = list(provider().people.values())
    both = [
        Group("citizens", "Invånare", [one for one in people if one.is_citizen]),
        Group("staff", "Personal", [one for one in people if not one.is_citizen]),
    ]
    return [group for group in (reversed(both) if client.staff_first else both) if group.people]


def person_page(pending: str, asked: Authorization, problem: str = "") -> Response:
    """The page where a test person is picked."""
    return page(
        "person.html",
        422 if problem else 200,
        pending=pending,
        client=asked.client,
        groups=groups(asked.client),
        problem=problem,
    )


def confirm_page(asked: Authorization, chosen: Person, problem: str = "") -> Response:
    """The page where the test person confirms with a code."""
    return page(
        "confirm.html",
        422 if problem else 200,
        pending=request.form["pending"],
        client=asked.client,
        chosen=chosen,
        code=TEST_CODE,
        problem=problem,
    )


def page(template: str, status: int, **values: object) -> Response:
    """A rendered page."""
    return make_response(render_template(template, **values), status)


def unanswerable(problem: Unanswerable) -> Response:
    """The page for a request that cannot be sent anywhere."""
    return page("message.html", 400, heading="Det går inte att logga in", text=str(problem), advice=True)


def not_a_page(problem: HTTPException) -> Response:
    """The page for an address or a form that is not ours."""
    return page("message.html", problem.code or 500, heading="Här finns inget att visa", text="", advice=True)
