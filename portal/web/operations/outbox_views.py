"""/utkorg: the outbox, with every message as its recipient would see it. Registered in development alone."""

from typing import Any

from flask import Blueprint, abort, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.notifications import delivery_words, outbox, segments
from portal.notifications.models import OutboxMessage
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext
from portal.words import dates

development = Blueprint("development", __name__, url_prefix="/utkorg")
# A letter is an HTML document with inline styles, shown in a sandboxed frame: no script, requests or forms.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@development.get("")
def messages() -> ResponseReturnValue:
    rows = outbox.latest_messages(200)
    # A protected sender's address is shown on no page, not even here.
    hidden = outbox.ids_to_protected_senders(rows)
    items = [_item(row, _l("skyddad adress") if row.id in hidden else row.recipient) for row in rows]
    return render_template("development/outbox.html", messages=items)


def _item(row: OutboxMessage, recipient: Any) -> dict[str, Any]:
    return {
        "to": recipient,
        "subject": row.subject or _l("Sms, %(parts)s", parts=_part_count(row)),
        "when": dates.short_moment(row.created_at, clock.today()),
        "state": delivery_words.STATES[row.state],
        "channel": delivery_words.MEDIA[row.medium],
        "href": "",
        "text": row.text or "",
        "html_href": url_for("development.letter", message=row.id) if row.html else "",
    }


def _part_count(row: OutboxMessage) -> str:
    count = segments.count(row.text or "").parts
    return ngettext("%(num)s del", "%(num)s delar", count)


@development.get("/<int(max=2147483647):message>/brev")
def letter(message: int) -> ResponseReturnValue:
    row = outbox.get_message(message) or abort(404)
    answer = make_response(row.html or "")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    return answer
