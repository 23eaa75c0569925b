"""What a person sees on this device: pick who you are, confirm, and back to the service."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from portal.testlegitimering import orders
from portal.testlegitimering.authorization import Refused, Unanswerable, address, read, sender
from portal.testlegitimering.failures import FAILURES
from portal.testlegitimering.journey import (
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
from portal.testlegitimering.people import Person
from portal.testlegitimering.provider import Pending, provider
from portal.testlegitimering.qr import new_code
from portal.testlegitimering.switches import PREFIX, USUAL, Switches, UnknownSwitch

pages = Blueprint("pages", __name__)
PICK = "Välj en av testpersonerna i listan."


@pages.get("/authorize")
def authorize() -> Response:
    """The request of a service, and the people to pick from."""
    client, redirect_uri = sender(request.args, provider().clients)
    try:
        asked = read(request.args, client, redirect_uri)
    except Refused as problem:
        told = {"error": problem.error, "error_description": str(problem)}
        state = request.args.get("state", "")
        return redirect(address(redirect_uri, **told, state=state, iss=provider().issuer), 303)
    browser = own_cookie()
    pending = provider().wait(Pending(asked, browser, switched(USUAL, PREFIX)))
    return remember(person_page(pending), browser)


@pages.post("/person")
def person() -> Response:
    """Somebody was picked; let them confirm. Or the service shall be met on another device."""
    pending = own_pending()
    pending.switches = switched(pending.switches)
    if "cancel" in request.form:
        return cancelled(pending)
    if "qr" in request.form and not pending.serves:
        return new_code(pending)
    chosen = provider().people.get(request.form.get("person", ""))
    return confirm_page(pending, chosen) if chosen else person_page(pending, PICK)


@pages.post("/confirm")
def confirm() -> Response:
    """Somebody confirmed; send the service a code."""
    pending = own_pending()
    if "cancel" in request.form:
        return cancelled(pending)
    # The page says whom it confirms, so that an older page in the history cannot confirm somebody else.
    chosen = provider().people.get(request.form.get("chosen", ""))
    if chosen is None:
        return person_page(pending, PICK)
    if request.form.get("code", "").strip() != TEST_CODE:
        problem = f"Koden stämmer inte. Testkoden är {TEST_CODE}. Nu är den ifylld igen."
        return confirm_page(pending, chosen, problem)
    return finished(pending, chosen)


@pages.post("/failed")
def give_up() -> Response:
    """Something went wrong: try again, or tell the service."""
    pending, key = own_pending(), request.form.get("failure", "")
    if key not in FAILURES:
        return failed(pending, "technical")
    if "again" not in request.form:
        provider().pendings.take(pending.key)
        return send_back(pending, error=FAILURES[key].error, error_description=key)
    pending.order = None
    pending.switches = pending.switches.changed({"outcome": ""})
    return new_code(pending) if key == orders.EXPIRED else person_page(pending)


def switched(switches: Switches, prefix: str = "") -> Switches:
    """The switches with what the request says."""
    try:
        return switches.changed(request.values, prefix)
    except UnknownSwitch as problem:
        raise Unanswerable(f"Inställningen {problem} finns inte.", "Okänd inställning") from problem


def confirm_page(pending: Pending, chosen: Person, problem: str = "") -> Response:
    """The page where the test person confirms with a code."""
    return page(
        "confirm.html",
        422 if problem else 200,
        pending=pending,
        asked=pending.authorization,
        chosen=chosen,
        code=TEST_CODE,
        problem=problem,
    )
