"""Unsubscribing from the messages about a case, by the link of a letter or by the mail program itself."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.models import Case
from portal.notifications.inbound import unsubscription
from portal.translation import in_language
from portal.web import languages
from portal.web.messages import messages
from portal.web.request_limits import accepts_post

# A mail program posts one field, as a form with or without parts (RFC 8058, 3.2).
MAX_POST = 4 * 1024


@messages.get("/avanmal/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    # A GET changes nothing: mail scanners and previews open every link in a letter.
    case = unsubscription.case_of(token) or abort(404)
    return _page(case, declined=unsubscription.is_declined(case))


@messages.post("/avanmal/<token>")
@accepts_post(MAX_POST, files=True)
def decline(token: str) -> ResponseReturnValue:
    # Without a CSRF token: a mail program posts for its reader, and the address cannot be guessed.
    with db.transaction():
        case = unsubscription.decline(token) or abort(404)
        return _page(case, declined=True)


def _page(case: Case, declined: bool) -> str:
    """The page, in the language that its reader has chosen or else in that of the case."""
    with in_language(languages.chosen() or case.language):
        return render_template("public/unsubscribe.html", number=case.reference, declined=declined)
