"""Delivery reports of the SMS gateway."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from portal import db
from portal.notifications.inbound import reports, settlement
from portal.web.messages import messages
from portal.web.request_limits import accepts_post

# A report has three short fields.
MAX_REPORT = 4 * 1024


@messages.post("/leverans/sms/<token>")
@accepts_post(MAX_REPORT)
def sms_report(token: str) -> ResponseReturnValue:
    # The gateway calls, so there is no browser and no CSRF token; the address cannot be guessed.
    report = reports.parse(request.form)
    if report is None:
        return "", 400
    with db.transaction():
        known = settlement.apply_report(token, report)
    # The gateway sends a report again until it is accepted, so one that has nothing new is accepted too.
    return ("", 204) if known else abort(404)
