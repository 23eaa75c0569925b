"""The page of this device while another signs in: the QR code, a failure, or the way back to the client."""

from werkzeug.wrappers import Response

from portal.testlegitimering.provider import Pending, provider
from portal.testlegitimering.sign_in import orders
from portal.testlegitimering.sign_in.failures import FAILURES
from portal.testlegitimering.sign_in.orders import Order
from portal.testlegitimering.sign_in.responses import answered, failed, page


def new_code(pending: Pending) -> Response:
    """The QR page, with a new code unless the current one has been scanned."""
    if pending.order is None or pending.order.state in (orders.WAITING, *FAILURES):
        pending.order = Order(pending.authorization, pending.switches)
        provider().orders.put(pending.order, pending.order.token)
    return order_page(pending, pending.order)


def order_page(pending: Pending, order: Order) -> Response:
    """The page of this device for the current stage of the order."""
    if order.person and order.state == orders.DONE:
        return answered(pending, order.person)
    if order.state in FAILURES:
        return failed(pending, order.state)
    return page("qr.html", 200, pending=pending, authorization=pending.authorization, order=order)
