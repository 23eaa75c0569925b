"""On another device: a code that changes each second here, and the testapp that reads it there."""

from io import BytesIO

import segno
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.testlegitimering import orders
from portal.testlegitimering.failures import FAILURES
from portal.testlegitimering.journey import (
    answered,
    cancelled,
    failed,
    failure_message,
    own_cookie,
    own_pending,
    page,
    person_page,
    remember,
)
from portal.testlegitimering.orders import Order
from portal.testlegitimering.provider import Pending, provider

qr = Blueprint("qr", __name__)


@qr.post("/qr")
def follow() -> Response:
    """How it goes on the other device; or a new code, or to this device instead."""
    pending = own_pending()
    if "cancel" in request.form:
        return cancelled(pending)
    if "device" in request.form:
        pending.order = None
        return person_page(pending)
    if "new" in request.form or pending.order is None:
        return new_code(pending)
    return order_page(pending, pending.order)


@qr.get("/qr/state")
def state() -> ResponseReturnValue:
    """How far it has come, for the script of the page."""
    return {"state": _own_order().state}


@qr.get("/qr/picture")
def picture() -> ResponseReturnValue:
    """The code as it is this second, black on white in the dark too."""
    drawn = BytesIO()
    code = segno.make(_own_order().text, error="l", micro=False)
    code.save(drawn, kind="svg", border=4, light="#fff", xmldecl=False)
    return drawn.getvalue(), {"Content-Type": "image/svg+xml"}


@qr.route("/app", methods=["GET", "POST"])
def app() -> Response:
    """The testapp on the other device: it reads a code, then asks who you are."""
    text = request.values.get("qr", "").strip()
    if request.method == "GET":
        return page("app.html", 200, text=text)
    parts = text.split(".")
    order = provider().orders.get(parts[1]) if len(parts) > 1 else None
    if order is None or not order.fits(text):
        return page("app.html", 422, text=text, problem="Koden stämmer inte. Läs av den igen.")
    return _read(order)


def new_code(pending: Pending) -> Response:
    """A page with a new code, unless the one before it is already in use."""
    if pending.order is None or pending.order.state in (orders.WAITING, *FAILURES):
        pending.order = Order(pending.authorization, pending.switches)
        provider().orders.put(pending.order, pending.order.token)
    return order_page(pending, pending.order)


def order_page(pending: Pending, order: Order) -> Response:
    """What this device shows while the other one is at work, and when it is done."""
    if order.person and order.state == orders.DONE:
        return answered(pending, order.person)
    if order.state in FAILURES:
        return failed(pending, order.state)
    return page("qr.html", 200, pending=pending, asked=pending.authorization, order=order)


def _own_order() -> Order:
    order = own_pending().order
    return order or abort(404)


def _read(order: Order) -> Response:
    """The code was right: it is used now, and by nobody else."""
    if order.state == orders.EXPIRED:
        return failure_message(orders.EXPIRED)
    if order.state != orders.WAITING:
        return failure_message("started_elsewhere")
    order.reached = orders.SCANNED
    browser = own_cookie()
    pending = provider().wait(Pending(order.authorization, browser, order.switches, serves=order))
    return remember(person_page(pending), browser)
