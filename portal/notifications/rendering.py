"""Render the message of an event, in the language of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import current_app
from jinja2 import BaseLoader, Environment, StrictUndefined

from portal import clock
from portal.cases import events, parties
from portal.cases.clocks import answer_promise, arrival_day
from portal.cases.enums import Channel, ReplyBy, Via
from portal.cases.events.dates import DeadlineExtended, DeadlineRecounted
from portal.cases.events.feedback import ImprovementShared
from portal.cases.events.groups import MemberAnsweredAndClosed, MemberClosed
from portal.cases.events.messages import RecordedEvent
from portal.cases.improvements.models import Publication
from portal.cases.intake.code_access import opens_by_code
from portal.cases.models import Case, Message
from portal.config import settings
from portal.db import session
from portal.formats import cleaning
from portal.identity import snapshots
from portal.identity.actors import Staff
from portal.notifications import segments
from portal.notifications.rules import MESSAGES, NOTICE, Medium, allows_answer_in_email, template_name
from portal.organisation import placeholders
from portal.organisation import queries as organisation
from portal.organisation.models import Board, Unit
from portal.organisation.placeholders import Placeholder
from portal.surveys import invitations
from portal.translation import gettext as _
from portal.translation import in_language
from portal.words import authors, dates
from portal.words.dates import breakable
from portal.words.deadline_breakdown import new_day
from portal.words.kinds import KINDS
from portal.words.labels import CLOSE_REASON
from portal.words.profile_texts import profile_texts
from portal.words.promise import exemption

# Of what came by these, it was written down what the sender said.
SPOKEN = frozenset({Via.PHONE, Via.DESK})
CLOSING_ANSWERS = (events.CaseAnsweredAndClosed, MemberAnsweredAndClosed)
CLOSINGS = (*CLOSING_ANSWERS, events.CaseClosed, MemberClosed)
STAFF_LANGUAGE = "sv"
PARTS = ("subject.txt", "body.txt", "body.html")


@dataclass(frozen=True)
class Rendered:
    """The content of a message. Only an e-mail has a subject and HTML."""

    text: str
    subject: str | None = None
    html: str | None = None


def render(
    name: str, medium: Medium, case: Case, event: events.CaseEvent, draft: str | None = None
) -> Rendered:
    """Render the templates of a message. Raises jinja2.UndefinedError for a missing value.

    A draft takes the place of the answer's text, for a preview of an event that has not happened.
    """
    name = template_name(name, parties.is_protected(case))
    with in_language(case.language):
        survey = _survey_link(case, event, is_preview=draft is not None)
        values = _values(case, event) | {"answer": _answer(case, event, draft), "survey_link": survey}
        return _rendered(name, medium, values)


def render_notice(medium: Medium, case: Case) -> Rendered:
    """Render the message that there is something new in the case: its number and a link, no more."""
    values = {"site": organisation.profile(), "number": case.reference, "language": case.language}
    with in_language(case.language):
        return _rendered(
            NOTICE, medium, values | {"exemption": "", "own_text": ""} | _links(case.reference, case, None)
        )


def render_values(name: str, medium: Medium, language: str, values: dict[str, Any]) -> Rendered:
    """Render the templates of a message with the values of an example."""
    with in_language(language):
        return _rendered(name, medium, values | {"own_text": _own_text(name, values), "language": language})


def render_to_staff(name: str, values: dict[str, Any]) -> Rendered:
    """Render an e-mail to a member of staff, in Swedish."""
    with in_language(STAFF_LANGUAGE):
        known = {"site": organisation.profile(), "language": STAFF_LANGUAGE, "own_text": ""}
        return _rendered(name, Medium.EMAIL, known | values)


def _rendered(name: str, medium: Medium, values: dict[str, Any]) -> Rendered:
    if medium is Medium.SMS:
        return Rendered(_sms(name, values))
    subject, text, html = (_render_template(f"email/{name}/{part}", values) for part in PARTS)
    return Rendered(breakable(text), breakable(subject).strip(), html)


def _sms(name: str, values: dict[str, Any]) -> str:
    """The text message. It tells of summer's exemption only where that leaves it a single one."""
    # Line breaks of the template are for its readers: each would be paid for as a character.
    text = " ".join(breakable(_render_template(f"sms/{name}.txt", values)).split())
    if values["exemption"] and segments.count(text).parts > 1:
        return _sms(name, values | {"exemption": ""})
    return text


def _render_template(template: str, values: dict[str, Any]) -> str:
    return str(_environment().get_template(template).render(values))


def _environment() -> Any:
    return _strict(current_app.jinja_env, current_app.jinja_env.loader)


# Kept, since an overlay has templates of its own and would compile them for each message.
@lru_cache(maxsize=8)
def _strict(pages: Environment, _loader: BaseLoader | None) -> Environment:
    # A page may leave an undefined name empty; a message cannot be corrected once it is sent.
    return pages.overlay(undefined=StrictUndefined)


def _values(case: Case, event: events.CaseEvent) -> dict[str, Any]:
    words = KINDS[case.kind]
    number = case.reference
    profile = organisation.profile()
    values = {
        "site": profile,
        "number": number,
        "answer_wanted": case.answer_wanted,
        "kind": words.name,
        "your_kind": words.yours,
        "language": case.language,
        "due": None if case.paused_on else _future_date(case.due_answer),
        "contact_due": None if case.contacted_at else _future_date(case.due_contact),
        "answer_by": _future_date(case.supplement_due),
        "next_step": _future_date(case.next_step_on) if case.next_step_shared else None,
        "way_on": bool(case.close_details),
        "exemption": _exemption(case, event),
        "board": _board(case),
        "recipient": None if case.secrecy else (case.close_details or {}).get("recipient"),
        "arrived": _arrival(case),
        "at": dates.moment(event.at),
        "closed": isinstance(event, CLOSING_ANSWERS),
        "spoken": isinstance(event, RecordedEvent) and event.via in SPOKEN,
        "reason": CLOSE_REASON[case.close_reason] if case.close_reason else None,
        "unit": profile_texts(case.handling_unit.name)[0],
        "we_did": _published(case, event),
    }
    values["own_text"] = (
        "" if case.secrecy or parties.is_protected(case) else _own_text(MESSAGES[type(event)], values)
    )
    return values | _new_day(case, event) | _part(event) | _staff(case, event) | _links(number, case, event)


def _own_text(name: str, values: Mapping[str, Any]) -> str:
    """What the municipality adds to an e-mail."""
    text, _language = profile_texts(organisation.profile().message_text(name))
    known = {
        Placeholder.NUMBER: values["number"],
        Placeholder.UNIT: values["unit"],
        Placeholder.MUNICIPALITY: organisation.profile().full,
        Placeholder.TODAY: dates.weekday_date(clock.today()),
    }
    return placeholders.fill(text, known)


def _published(case: Case, event: events.CaseEvent) -> str | None:
    """What was published of what the case led to, where an answer may be in an e-mail.

    It is public, but not that this case led to it: the text says what the case was about.
    """
    if not isinstance(event, ImprovementShared) or not may_email_answer(case):
        return None
    return cleaning.without_direction(session().get_one(Publication, event.publication).we_did)


def _new_day(case: Case, event: events.CaseEvent) -> dict[str, Any]:
    """Why a promised date was moved; None where a message may not hold what staff write."""
    if isinstance(event, DeadlineRecounted):
        return {"later": False, "why": new_day(_("kommunens stängda dagar har ändrats"))}
    reason = case.extension_reason if may_email_answer(case) else None
    return {"later": isinstance(event, DeadlineExtended), "why": new_day(reason) if reason else None}


def _exemption(case: Case, event: events.CaseEvent) -> str:
    """That the promised answer may come later, in summer; only a receipt tells of it."""
    explanation = answer_promise(case) if isinstance(event, events.NewCaseEvent) else None
    return exemption(explanation, organisation.profile().summer) if explanation else ""


def _part(event: events.CaseEvent) -> dict[str, str | None]:
    """The number of a part that was split off, and the day by which its sender gets an answer or a word."""
    if not isinstance(event, events.CaseSplit):
        return {}
    part = session().get_one(Case, event.into)
    contact = None if part.contacted_at else _future_date(part.due_contact)
    return {"part": part.reference, "part_due": _future_date(part.due_answer), "part_contact_due": contact}


def _board(case: Case) -> str | None:
    """The board (nämnd) that answers; None for a case with secrecy: a message is open to read on its way."""
    if case.secrecy:
        return None
    name, _language = profile_texts(session().get_one(Board, case.responsible_board_id).name)
    return name


def _arrival(case: Case) -> str | None:
    """The day of arrival, of a case that another authority gets and where that day counts; else None."""
    return dates.weekday_date(arrival_day(case)) if case.matter_passed_on else None


def _future_date(due: date | None) -> str | None:
    """A due date in words; None if it has passed, since a message must not promise it then."""
    return dates.weekday_date(due) if due and due >= clock.today() else None


def _links(number: str, case: Case, event: events.CaseEvent | None) -> dict[str, Any]:
    """The links of a message. None of them signs in: the reader still needs the code or their eID."""
    base = settings().base_url.rstrip("/")
    # The fragment is not sent to the server, so no log on the way can join a number and an address.
    follow = f"{base}/folj#{number}" if opens_by_code(case) else f"{base}/mina-sidor/arenden/{number}"
    link = follow
    if isinstance(event, events.CodeLinkRequested):
        link = f"{base}/folj/ny-kod/{event.token}"
    elif isinstance(event, events.ReaderChanged):
        link = f"{base}/folj/inte-jag/{event.token}"
    # The sender of a case that staff have registered was given the code at the desk or on the telephone.
    handed_over = case.channel is not Channel.WEB
    return {
        "link": link,
        "with_code": opens_by_code(case),
        "code_given": handed_over,
        "new_code_link": f"{base}/folj/ny-kod",
    }


def _survey_link(case: Case, event: events.CaseEvent, is_preview: bool) -> str | None:
    """The link to the questions after a case was closed with an answer; None for any other event."""
    if not isinstance(event, CLOSINGS):
        return None
    base = settings().base_url.rstrip("/")
    # Of an answer that has not been sent there is no link yet: the preview shows that there will be one.
    if is_preview:
        return f"{base}/enkat/…" if invitations.may_be_asked(case) else None
    token = invitations.token_for(case)
    return f"{base}/enkat/{token}" if token else None


def _staff(case: Case, event: events.CaseEvent) -> dict[str, str | None]:
    """Name, place and telephone of the member of staff whom the message is about; none with secrecy."""
    membership = _membership(event)
    if case.secrecy or membership is None:
        return {"officer": None, "place": None, "manager": None, "phone": None}
    author = snapshots.as_now(membership)
    # Of a manager of several units it is that of the unit of the case.
    unit = session().get_one(Unit, author.unit_id or case.handling_unit_id)
    return {
        "officer": authors.name(author),
        "place": authors.place(author),
        "manager": authors.manager(author),
        "phone": organisation.unit_phone(unit.key) or None,
    }


def _membership(event: events.CaseEvent) -> int | None:
    """The membership that got the case by the event, else that of its actor."""
    if isinstance(event, events.ContactEvent | events.SenderNotSatisfied):
        return event.officer
    return event.actor.membership if isinstance(event.actor, Staff) else None


def _answer(case: Case, event: events.CaseEvent, draft: str | None) -> str | None:
    if not isinstance(event, events.WrittenAnswerEvent) or not may_email_answer(case):
        return None
    body = session().get_one(Message, event.message).body if draft is None else draft
    # Plain text has no element that would keep a turned direction from our own words after it.
    return cleaning.without_direction(body)


def may_email_answer(case: Case) -> bool:
    """Whether the text of an answer may be in an e-mail. A case without a category does not allow it.

    Nor does a sender who reads on Mina sidor: their e-mail says that there is something to read there.
    """
    if case.category is None or case.reply_by is ReplyBy.PORTAL:
        return False
    hidden = case.hide_sender or parties.is_protected(case)
    return allows_answer_in_email(case.category.answer_by_email, case.secrecy is not None, hidden)
