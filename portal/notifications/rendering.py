"""From an event to the words of a message, in the case's own language."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2 import StrictUndefined

from portal import clock
from portal.cases import events, parties, reference_numbers
from portal.cases.models import Case, Message
from portal.cases.queries import opens_by_code
from portal.config import settings
from portal.db import session
from portal.identity import queries as identity
from portal.identity.actors import Staff
from portal.notifications.rules import Medium, answer_in_mail, template
from portal.organisation import queries as organisation
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.labels import CLOSE_REASON

ANSWERED = (events.CaseAnswered, events.CaseAnsweredAndClosed)
PARTS = ("subject.txt", "body.txt", "body.html")


@dataclass(frozen=True)
class Rendered:
    """A message ready to be sent; only an e-mail has a subject and HTML."""

    text: str
    subject: str | None = None
    html: str | None = None


def render(
    name: str, medium: Medium, case: Case, event: events.CaseEvent, draft: str | None = None
) -> Rendered:
    """Fill the templates of one message. Raises what Jinja raises: a missing word is an error.

    With a draft it is the message as it would be, of an event that has not happened.
    """
    name = template(name, parties.is_protected(case))
    with force_locale(case.language):
        values = _values(case, event) | {"answer": _answer(case, event, draft)}
        if medium is Medium.SMS:
            return Rendered(" ".join(_fill(f"sms/{name}.txt", values).split()))
        subject, text, html = (_fill(f"email/{name}/{part}", values) for part in PARTS)
        return Rendered(text, subject.strip(), html)


def _fill(template: str, values: dict[str, Any]) -> str:
    return str(_environment().get_template(template).render(values))


def _environment() -> Any:
    return current_app.jinja_env.overlay(undefined=StrictUndefined)


def _values(case: Case, event: events.CaseEvent) -> dict[str, Any]:
    words, profile, base = KINDS[case.kind], organisation.profile(), settings().base_url.rstrip("/")
    number = reference_numbers.formatted(profile.number_prefix, case.year, case.number)
    values = {
        "site": profile,
        "number": number,
        "kind": words.name,
        "your_kind": words.yours,
        "language": case.language,
        "due": None if case.paused_on else _coming(case.due_answer),
        "contact_due": None if case.contacted_at else _coming(case.due_contact),
        "answer_by": _coming(case.supplement_due),
        "way_on": bool(case.close_details),
        "officer": _officer(case, event),
        "closed": isinstance(event, events.CaseAnsweredAndClosed),
        "reason": CLOSE_REASON[case.close_reason] if case.close_reason else None,
    }
    return values | _links(base, number, case, event)


def _coming(due: date | None) -> str | None:
    """The promised date in words; one that has passed promises nothing."""
    return dates.weekday_date(due) if due and due >= clock.today() else None


def _links(base: str, number: str, case: Case, event: events.CaseEvent) -> dict[str, Any]:
    """Links that sign nobody in. With a code the number stands after #, and reaches no server."""
    follow = f"{base}/folj#{number}" if opens_by_code(case) else f"{base}/mina-sidor/arenden/{number}"
    asked = event.token if isinstance(event, events.CodeLinkAsked) else None
    link = f"{base}/folj/ny-kod/{asked}" if asked else follow
    return {"link": link, "with_code": opens_by_code(case), "new_code_link": f"{base}/folj/ny-kod"}


def _officer(case: Case, event: events.CaseEvent) -> str | None:
    """Who has the case; one that nobody has is the answerer's from the answer on."""
    answerer = None
    if isinstance(event, ANSWERED) and isinstance(event.actor, Staff):
        answerer = event.actor.membership
    officer = identity.membership(case.officer_id or answerer)
    return officer.person.name if officer else None


def _answer(case: Case, event: events.CaseEvent, draft: str | None) -> str | None:
    """The answer's text where it may stand in an e-mail, else None."""
    if not isinstance(event, ANSWERED) or not may_stand_in_mail(case):
        return None
    return session().get_one(Message, event.message).body if draft is None else draft


def may_stand_in_mail(case: Case) -> bool:
    """Whether an answer in this case may stand in an e-mail. Without a topic nobody has allowed it."""
    if case.category is None:
        return False
    secret = bool(case.secrecy_level) or case.category.secrecy_default
    hidden = case.hide_sender or parties.is_protected(case)
    return answer_in_mail(case.category.answer_by_email, secret, hidden)
