"""What the pages share: whose request it is, where it goes next, and how a page is shown."""

import hmac
import secrets
from dataclasses import dataclass

from flask import make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.testlegitimering import orders
from portal.testlegitimering.authorization import Unanswerable, address
from portal.testlegitimering.failures import FAILURES
from portal.testlegitimering.people import Person
from portal.testlegitimering.provider import Pending, provider
from portal.testlegitimering.switches import OPTIONS

COOKIE = "testlegitimering"
TEST_CODE = "2468"
EXPIRED = "Inloggningen är för gammal eller avbruten."
ELSEWHERE = "Inloggningen är påbörjad i en annan webbläsare. Gör klart den där."


@dataclass(frozen=True)
class Group:
    """People under one heading."""

    key: str
    heading: str
    people: list[Person]


def own_cookie() -> str:
    """What this browser is known by; new when it has not been here."""
    return request.cookies.get(COOKIE) or secrets.token_urlsafe(32)


def remember(response: Response, browser: str) -> Response:
    """Let the browser be known by this."""
    response.set_cookie(COOKIE, browser, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def own_pending() -> Pending:
    """The request that a form or a picture belongs to, when this browser began it."""
    pending = provider().pendings.get(request.values.get("pending", ""))
    if pending is None:
        raise Unanswerable(EXPIRED, "Tiden gick ut")
    if not hmac.compare_digest(pending.browser.encode(), request.cookies.get(COOKIE, "").encode()):
        raise Unanswerable(ELSEWHERE, "Påbörjad någon annanstans")
    return pending


def cancelled(pending: Pending) -> Response:
    """The person changed their mind."""
    provider().pendings.take(pending.key)
    if pending.serves:
        return failed(pending, "cancelled")
    return send_back(pending, error="access_denied", error_description="the person cancelled")


def finished(pending: Pending, person: Person) -> Response:
    """Somebody confirmed: to the service or to the device that waits, unless something is in the way."""
    if pending.serves and pending.serves.state != orders.SCANNED:
        return _over(pending.serves.state)
    level = pending.switches.acr or pending.authorization.level(person.levels)
    failure = pending.switches.outcome or ("" if level else "level")
    if failure:
        return failed(pending, failure)
    if pending.serves:
        pending.serves.person, pending.serves.reached = person, orders.DONE
        return _over(orders.DONE)
    return answered(pending, person)


def _over(state: str) -> Response:
    """The last page of the testapp."""
    if state != orders.DONE:
        return failure_message(state)
    return page("message.html", 200, heading="Klart", text="Gå tillbaka till enheten där du började.")


def failed(pending: Pending, key: str) -> Response:
    """The page for what went wrong; on another device it also tells the first one."""
    if pending.serves:
        pending.serves.reached = key
        return failure_message(key)
    client = pending.authorization.client
    return page("failure.html", 200, pending=pending, client=client, key=key, failure=FAILURES[key])


def failure_message(key: str) -> Response:
    """The same to somebody who has nothing to go back to."""
    failure = FAILURES[key]
    return page("message.html", 200, heading=failure.heading, text=failure.text)


def answered(pending: Pending, person: Person) -> Response:
    """A code for the service. The request stays until it expires: a double click gets a second code."""
    return send_back(pending, code=provider().grant(pending, person))


# What the switches make of the answer.
ANSWERS = {
    "iss": {"iss": "https://testlegitimering.invalid"},
    "no_iss": {"iss": ""},
    "state": {"state": "fel"},
    "no_state": {"state": ""},
}


def send_back(pending: Pending, **answer: str) -> Response:
    """An answer to the service, with the issuer so that it knows who answered."""
    usual = {"state": pending.authorization.state, "iss": provider().issuer}
    told = answer | usual | ANSWERS.get(pending.switches.answer, {})
    return redirect(address(pending.authorization.redirect_uri, **told), 303)


def person_page(pending: Pending, problem: str = "") -> Response:
    """The page where a test person is picked."""
    return page(
        "person.html",
        422 if problem else 200,
        pending=pending,
        asked=pending.authorization,
        groups=_groups(pending.authorization.client.staff_first),
        options=OPTIONS,
        problem=problem,
    )


def _groups(staff_first: bool) -> list[Group]:
    """Citizens and staff, those first whom the service is for."""
    people = list(provider().people.values())
    usual = [one for one in people if not one.unusual]
    both = [
        Group("citizens", "Invånare", [one for one in usual if one.is_citizen]),
        Group("staff", "Personal", [one for one in usual if not one.is_citizen]),
    ]
    groups = [*(reversed(both) if staff_first else both)]
    groups.append(Group("unusual", "Ovanliga fall", [one for one in people if one.unusual]))
    return [group for group in groups if group.people]


def page(template: str, status: int, **values: object) -> Response:
    """A rendered page."""
    return make_response(render_template(template, **values), status)


def unanswerable(problem: Unanswerable) -> Response:
    """The page for a request that cannot be sent anywhere."""
    return page("message.html", 400, heading=problem.heading, text=str(problem), advice=True)


def not_a_page(problem: HTTPException) -> Response:
    """The page for an address or a form that is not ours, and for our own faults."""
    ours = FAILURES["technical"]
    heading, text = (ours.heading, ours.text) if problem.code == 500 else ("Här finns inget att visa", "")
    return page("message.html", problem.code or 500, heading=heading, text=text, advice=True)
