"""What waits to be sent and what was not delivered, in figures, and the texts of all messages: no case."""

from typing import Any

from flask import abort, render_template, request, url_for

from portal import clock
from portal.identity.actors import Role
from portal.notifications import segments
from portal.notifications.delivery_words import MEDIA, NAMES, STATES, problem_text
from portal.notifications.examples import Example, examples
from portal.notifications.sent import overview
from portal.notifications.sent.overview import Backlog, Failures, OutboxRow
from portal.translation import ngettext
from portal.web import current
from portal.web.backoffice import backoffice
from portal.words import dates

SHOWN = 25
LANGUAGES = ("sv", "en")


@backoffice.get("/utskick")
def outbox() -> str:
    if current.the_staff().role is not Role.ADMINISTRATOR:
        abort(404)
    return render_template(
        "backoffice/outbox.html",
        backlogs=[_backlog(row) for row in overview.backlogs()],
        failures=[_failures(row) for row in overview.failures()],
        messages=[_message(row) for row in overview.rows(overview.NOT_DELIVERED, SHOWN)],
    )


def _backlog(row: Backlog) -> dict[str, Any]:
    return {
        "medium": MEDIA[row.medium],
        "waiting": ngettext("%(num)s väntar", "%(num)s väntar", row.messages),
        "oldest": dates.short_moment(row.oldest, clock.today()),
    }


def _failures(row: Failures) -> dict[str, Any]:
    return {
        "reason": problem_text(row.problem, row.reply_code) or str(STATES[row.state]),
        "medium": MEDIA[row.medium],
        "messages": row.messages,
        "latest": dates.short_moment(row.latest, clock.today()),
    }


def _message(row: OutboxRow) -> dict[str, Any]:
    return {
        "number": row.case,
        "name": NAMES.get(row.name, NAMES["protected"]),
        "medium": MEDIA[row.medium],
        "state": STATES[row.state],
        "when": dates.short_moment(row.created_at, clock.today()),
    }


@backoffice.get("/utskick/texter")
def message_texts() -> str:
    language = request.args.get("sprak", LANGUAGES[0])
    if language not in LANGUAGES:
        abort(404)
    return render_template(
        "backoffice/message_texts.html",
        language=language,
        languages=[(code, url_for("backoffice.message_texts", sprak=code)) for code in LANGUAGES],
        messages=[_text(example) for example in examples(language)],
    )


def _text(example: Example) -> dict[str, Any]:
    sms = example.sms.text if example.sms else ""
    parts = segments.count(sms).parts
    return {
        "name": NAMES[example.name],
        "subject": example.email.subject,
        "email": example.email.text,
        "sms": sms,
        "parts": ngettext("Sms, %(num)s del", "Sms, %(num)s delar", parts),
    }
