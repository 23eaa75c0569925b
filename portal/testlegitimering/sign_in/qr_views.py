"""Sign-in on another device: the changing QR code on this device, and the testapp that reads it."""

from io import BytesIO

import segno
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.testlegitimering.provider import Pending, provider
from portal.testlegitimering.sign_in import orders
from portal.testlegitimering.sign_in.order_pages import new_code, order_page
from portal.testlegitimering.sign_in.orders import Order
from portal.testlegitimering.sign_in.responses import (
    cancelled,
    failure_message,
    own_cookie,
    own_pending,
    page,
    person_page,
    remember,
)

qr = Blueprint("qr", __name__)


@qr.post("/qr")
def follow() -> Response:
    """The form of the QR page: update it, get a new code, or continue on this device."""
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
    """The stage of the sign-in, polled by qr.js."""
    return {"state": _own_order().state}


@qr.get("/qr/picture")
def picture() -> ResponseReturnValue:
    """The QR code of this second, as SVG."""
    drawn = BytesIO()
    code = segno.make(_own_order().text, error="l", micro=False)
    # On a white background, since cameras cannot read an inverted code in dark mode.
    code.save(drawn, kind="svg", border=4, light="#fff", xmldecl=False)
    return drawn.getvalue(), {"Content-Type": "image/svg+xml"}


@qr.route("/app", methods=["GET", "POST"])
def app() -> Response:
    """The testapp on the other device: reads a code, then shows the people to pick from."""
    text = request.values.get("qr", "").strip()
    if request.method == "GET":
        return page("app.html", 200, text=text)
    parts = text.split(".")
    order = provider().orders.get(parts[1]) if len(parts) > 1 else None
    if order is None or not order.matches(text):
        return page("app.html", 422, text=text, problem="Koden stämmer inte. Läs av den igen.")
    return _scan(order)


def _own_order() -> Order:
    order = own_pending().order
    return order or abort(404)


def _scan(order: Order) -> Response:
    if order.state == orders.EXPIRED:
        return failure_message(orders.EXPIRED)
    if order.state != orders.WAITING:
        return failure_message("started_elsewhere")
    # From here on the code is used, so that a second device cannot take over the sign-in.
    order.stage = orders.SCANNED
    browser = own_cookie()
    pending = provider().add_pending(Pending(order.authorization, browser, order.switches, serves=order))
    return remember(person_page(pending), browser)
