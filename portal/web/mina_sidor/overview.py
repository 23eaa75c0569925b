"""Template values of the overview of a citizen's cases."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.cases import queries
from portal.cases.lifecycle import Status
from portal.cases.models import Case, Message
from portal.formats.names import given_name
from portal.identity.actors import Citizen
from portal.web.support import case_presenter
from portal.words import authors, dates
from portal.words.labels import CLOSE_REASON

# The statuses where the next step is the citizen's.
WAITING = (Status.AWAITING_CITIZEN, Status.ANSWERED)


def page_values(actor: Citizen, name: str) -> dict[str, Any]:
    """The cases in three lists: waiting for the citizen, in progress and closed."""
    waiting: list[dict[str, Any]] = []
    working: list[dict[str, Any]] = []
    closed: list[dict[str, Any]] = []
    cases = queries.cases_of(actor)
    answers = queries.latest_answers(actor, [case for case in cases if case.status is Status.ANSWERED])
    greeted = given_name(name)
    for case in cases:
        if case.status in WAITING:
            waiting.append(_waiting(case, answers.get(case.id)))
        elif case.status is Status.CLOSED:
            closed.append(_closed(case))
        else:
            working.append(_working(case))
    return {
        "heading": _("Hej %(name)s", name=greeted) if greeted else _("Mina sidor"),
        "lead": _lead(len(waiting)) if cases else "",
        "waiting": waiting,
        "working": working,
        "closed": closed,
    }


def _lead(count: int) -> str:
    if not count:
        return _("Inget väntar på dig just nu.")
    many = dates.capital(dates.number_word(count))
    return ngettext("En sak väntar på dig.", "%(many)s saker väntar på dig.", count, many=many)


def _row(case: Case) -> dict[str, Any]:
    head = case_presenter.head(case, case.public_subject)
    href = url_for("mina_sidor.case", number=head.number)
    return {
        "number": head.number,
        "kind": head.kind,
        "subject": head.subject,
        "language": head.language,
        "href": href,
    }


def _waiting(case: Case, answer: Message | None) -> dict[str, Any]:
    if case.status is Status.AWAITING_CITIZEN:
        return _row(case) | {
            "status": {"text": _("Vi behöver ditt svar"), "color": "warning"},
            "text": _("Vi har ställt en fråga till dig."),
            "button": _("Svara på frågan"),
        }
    return _row(case) | {
        "status": {"text": _("Nytt svar"), "color": "success"},
        "text": _answered_text(answer),
        "button": _("Läs svaret"),
    }


def _answered_text(answer: Message | None) -> str:
    if answer is None:
        return _("Du har fått svar.")
    when = dates.weekday_date(clock.stockholm(answer.arrived_at).date())
    who, place = authors.name(answer.author), authors.place(answer.author)
    return _("%(who)s på %(place)s svarade %(when)s.", who=who, place=place, when=when)


def _working(case: Case) -> dict[str, Any]:
    return _row(case) | {
        "sent": _("skickat %(day)s", day=_received_day(case)),
        "due": _due_text(case),
        "promise": case_presenter.promise(case),
    }


def _due_text(case: Case) -> str:
    due = case_presenter.due(case)
    if due is None:
        return ""
    day = dates.weekday_date(due)
    if case.due_answer:
        return _("Svar senast %(due)s", due=day)
    return _("Vi hör av oss senast %(due)s", due=day)


def _closed(case: Case) -> dict[str, Any]:
    reason = str(CLOSE_REASON[case.close_reason]) if case.close_reason else ""
    return _row(case) | {"sent": _("skickat %(day)s", day=_received_day(case)), "result": reason}


def _received_day(case: Case) -> str:
    return dates.weekday_date(clock.stockholm(case.received_at).date())
