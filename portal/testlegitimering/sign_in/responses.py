"""Shared by the pages: the pending request of a browser, responses to the client, and rendering."""

import hmac
import secrets
from dataclasses import dataclass

from flask import make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.testlegitimering.oidc.authorization import Unanswerable, address
from portal.testlegitimering.people import Person
from portal.testlegitimering.provider import Pending, provider
from portal.testlegitimering.sign_in import orders
from portal.testlegitimering.sign_in.failures import FAILURES
from portal.testlegitimering.switches import OPTIONS

COOKIE = "testlegitimering"
TEST_CODE = "2468"
EXPIRED = "Inloggningen är för gammal eller avbruten."
ELSEWHERE = "Inloggningen är påbörjad i en annan webbläsare. Gör klart den där."


@dataclass(frozen=True)
class Group:
    """A group of test people on the page where one is picked."""

    key: str
    heading: str
    people: list[Person]
    folded: bool = False


def own_cookie() -> str:
    """Return the browser's cookie value, or a new one."""
    return request.cookies.get(COOKIE) or secrets.token_urlsafe(32)


def remember(response: Response, browser: str) -> Response:
    """Set the browser's cookie on a response."""
    # Lax: the cookie must be sent when a client redirects here.
    response.set_cookie(COOKIE, browser, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def own_pending() -> Pending:
    """Return the pending request of a form or a picture. Raises Unanswerable for another browser's."""
    pending = provider().pendings.get(request.values.get("pending", ""))
    if pending is None:
        raise Unanswerable(EXPIRED, "Tiden gick ut")
    if not hmac.compare_digest(pending.browser.encode(), request.cookies.get(COOKIE, "").encode()):
        raise Unanswerable(ELSEWHERE, "Påbörjad någon annanstans")
    return pending


def cancelled(pending: Pending) -> Response:
    """The response when the person cancels."""
    provider().pendings.take(pending.key)
    if pending.serves:
        return failed(pending, "cancelled")
    return send_back(pending, error="access_denied", error_description="the person cancelled")


def finished(pending: Pending, person: Person) -> Response:
    """The response when the person has confirmed: to the client, or to the device that shows the code."""
    if pending.serves and pending.serves.state != orders.SCANNED:
        return _last_app_page(pending.serves.state)
    level = pending.switches.acr or pending.authorization.level(person.levels)
    failure = pending.switches.outcome or ("" if level else "level")
    if failure:
        return failed(pending, failure)
    if pending.serves:
        pending.serves.person = person
        pending.serves.stage = orders.DONE
        return _last_app_page(orders.DONE)
    return answered(pending, person)


def _last_app_page(state: str) -> Response:
    if state != orders.DONE:
        return failure_message(state)
    return page("message.html", 200, heading="Klart", text="Gå tillbaka till enheten där du började.")


def failed(pending: Pending, key: str) -> Response:
    """The page of a failure; in the testapp the failure is passed on to the other device too."""
    if pending.serves:
        pending.serves.stage = key
        return failure_message(key)
    client = pending.authorization.client
    return page("failure.html", 200, pending=pending, client=client, key=key, failure=FAILURES[key])


def failure_message(key: str) -> Response:
    """The page of a failure without a way back to a client."""
    failure = FAILURES[key]
    return page("message.html", 200, heading=failure.heading, text=failure.text)


def answered(pending: Pending, person: Person) -> Response:
    """Redirect to the client with a code."""
    # The pending request stays until it expires, so that a double click gets a second code and no error.
    return send_back(pending, code=provider().grant(pending, person))


# The parameters of the response that the switch "answer" changes.
ANSWERS = {
    "iss": {"iss": "https://testlegitimering.invalid"},
    "no_iss": {"iss": ""},
    "state": {"state": "fel"},
    "no_state": {"state": ""},
}


def send_back(pending: Pending, **answer: str) -> Response:
    """Redirect to the client with these parameters, its state, and the issuer (RFC 9207)."""
    parameters = answer | {"state": pending.authorization.state, "iss": provider().issuer}
    parameters |= ANSWERS.get(pending.switches.answer, {})
    return redirect(address(pending.authorization.redirect_uri, **parameters), 303)


def person_page(pending: Pending, problem: str = "") -> Response:
    """The page where a test person is picked."""
    return page(
        "person.html",
        422 if problem else 200,
        pending=pending,
        authorization=pending.authorization,
        groups=_groups(pending.authorization.client.staff_first),
        options=OPTIONS,
        problem=problem,
    )


def _groups(staff_first: bool) -> list[Group]:
    citizens = Group("citizens", "Invånare", [])
    # Staff are citizens in their own time too, but seldom what a citizens' service is tried with.
    staff = Group("staff", "Personal", [], folded=not staff_first)
    unusual = Group("unusual", "Ovanliga fall", [])
    for person in provider().people.values():
        group = citizens if person.is_citizen else staff
        (unusual if person.unusual else group).people.append(person)
    groups = (staff, citizens, unusual) if staff_first else (citizens, staff, unusual)
    return [group for group in groups if group.people]


def page(template: str, status: int, **values: object) -> Response:
    """Render a template."""
    return make_response(render_template(template, **values), status)


def unanswerable(problem: Unanswerable) -> Response:
    """The page of a request without a valid client or redirect URI."""
    return page("message.html", 400, heading=problem.heading, text=str(problem), advice=True)


def error_page(error: HTTPException) -> Response:
    """The page of an HTTP error."""
    heading = "Här finns inget att visa"
    text = ""
    if error.code == 500:
        heading = FAILURES["technical"].heading
        text = FAILURES["technical"].text
    return page("message.html", error.code or 500, heading=heading, text=text, advice=True)
