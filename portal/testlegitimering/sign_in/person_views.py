"""The pages on this device: pick a test person, confirm, and return to the client."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from portal.testlegitimering.oidc.authorization import Refused, Unanswerable, address, read, sender
from portal.testlegitimering.people import Person
from portal.testlegitimering.provider import Pending, provider
from portal.testlegitimering.sign_in import orders
from portal.testlegitimering.sign_in.failures import FAILURES
from portal.testlegitimering.sign_in.order_pages import new_code
from portal.testlegitimering.sign_in.responses import (
    TEST_CODE,
    cancelled,
    failed,
    finished,
    own_cookie,
    own_pending,
    page,
    person_page,
    remember,
    send_back,
)
from portal.testlegitimering.switches import PREFIX, USUAL, Switches, UnknownSwitch

pages = Blueprint("pages", __name__)
PICK = "Välj en av testpersonerna i listan."


@pages.get("/authorize")
def authorize() -> Response:
    """The authorization endpoint: the people to pick from."""
    client, redirect_uri = sender(request.args, provider().clients)
    try:
        authorization = read(request.args, client, redirect_uri)
    except Refused as problem:
        error = {"error": problem.error, "error_description": str(problem)}
        state = request.args.get("state", "")
        return redirect(address(redirect_uri, **error, state=state, iss=provider().issuer), 303)
    browser = own_cookie()
    pending = provider().add_pending(Pending(authorization, browser, with_switches(USUAL, PREFIX)))
    return remember(person_page(pending), browser)


@pages.post("/person")
def person() -> Response:
    """The form of picking a person: continue to confirmation, to a QR code, or cancel."""
    pending = own_pending()
    pending.switches = with_switches(pending.switches)
    if "cancel" in request.form:
        return cancelled(pending)
    if "qr" in request.form and not pending.serves:
        return new_code(pending)
    chosen = provider().people.get(request.form.get("person", ""))
    return confirm_page(pending, chosen) if chosen else person_page(pending, PICK)


@pages.post("/confirm")
def confirm() -> Response:
    """The form of confirming: redirect to the client with a code."""
    pending = own_pending()
    if "cancel" in request.form:
        return cancelled(pending)
    # From the form, not from the pending request: an older page confirms the person that it shows.
    chosen = provider().people.get(request.form.get("chosen", ""))
    if chosen is None:
        return person_page(pending, PICK)
    if request.form.get("code", "").strip() != TEST_CODE:
        problem = f"Koden stämmer inte. Testkoden är {TEST_CODE}. Nu är den ifylld igen."
        return confirm_page(pending, chosen, problem)
    return finished(pending, chosen)


@pages.post("/failed")
def give_up() -> Response:
    """The form of a failure page: try again, or return to the client with the error."""
    pending = own_pending()
    key = request.form.get("failure", "")
    if key not in FAILURES:
        return failed(pending, "technical")
    if "again" not in request.form:
        provider().pendings.take(pending.key)
        return send_back(pending, error=FAILURES[key].error, error_description=key)
    pending.order = None
    pending.switches = pending.switches.changed({"outcome": ""})
    return new_code(pending) if key == orders.EXPIRED else person_page(pending)


def with_switches(switches: Switches, prefix: str = "") -> Switches:
    """Return the switches, changed by the request. Raises Unanswerable for an unknown value."""
    try:
        return switches.changed(request.values, prefix)
    except UnknownSwitch as problem:
        raise Unanswerable(f"Inställningen {problem} finns inte.", "Okänd inställning") from problem


def confirm_page(pending: Pending, chosen: Person, problem: str = "") -> Response:
    """The page where the person confirms with the test code."""
    return page(
        "confirm.html",
        422 if problem else 200,
        pending=pending,
        authorization=pending.authorization,
        chosen=chosen,
        code=TEST_CODE,
        problem=problem,
    )
