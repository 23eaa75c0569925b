"""The cases of a citizen as the overview shows them."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.cases import queries
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.identity.actors import Citizen
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.labels import CLOSE_REASON

WAITING = (Status.AWAITING_CITIZEN, Status.ANSWERED)


def page_values(actor: Citizen, name: str) -> dict[str, Any]:
    """What waits for me, what is worked on, what is closed."""
    cases = queries.cases_of(actor)
    waiting = [_waiting(case) for case in cases if case.status in WAITING]
    return {
        "heading": _("Hej %(name)s", name=name.split()[0]) if name else _("Mina sidor"),
        "lead": _lead(len(waiting)) if cases else "",
        "waiting": waiting,
        "working": [_working(case) for case in cases if case.status not in (*WAITING, Status.CLOSED)],
        "closed": [_closed(case) for case in cases if case.status is Status.CLOSED],
    }


def _lead(count: int) -> str:
    if not count:
        return _("Inget väntar på dig just nu.")
    many = dates.capital(dates.number_word(count))
    return ngettext("En sak väntar på dig.", "%(many)s saker väntar på dig.", count, many=many)


def _row(case: Case) -> dict[str, Any]:
    head = case_presenter.head(case, case.public_subject)
    href = url_for("mina_sidor.case", number=head.number)
    return {"number": head.number, "kind": head.kind, "subject": head.subject, "href": href}


def _waiting(case: Case) -> dict[str, Any]:
    if case.status is Status.AWAITING_CITIZEN:
        words = (
            _("Vi behöver ditt svar"),
            "warning",
            _("Vi har ställt en fråga till dig."),
            _("Svara på frågan"),
        )
    else:
        words = _("Nytt svar"), "success", _answered(case), _("Läs svaret")
    tag, color, text, button = words
    return _row(case) | {"status": {"text": tag, "color": color}, "text": text, "button": button}


def _answered(case: Case) -> str:
    when = dates.weekday_date(clock.stockholm(case.answered_at).date()) if case.answered_at else ""
    who = case.officer.person.name if case.officer else _("Kommunen")
    return _("%(who)s svarade %(when)s.", who=who, when=when)


def _working(case: Case) -> dict[str, Any]:
    return _row(case) | {
        "sent": _("skickat %(day)s", day=_day(case)),
        "due": _due(case),
        "promise": case_presenter.promise(case),
    }


def _due(case: Case) -> str:
    last = case_presenter.due(case)
    if last is None:
        return ""
    day = dates.weekday_date(last)
    return (
        _("Svar senast %(due)s", due=day) if case.due_answer else _("Vi hör av oss senast %(due)s", due=day)
    )


def _closed(case: Case) -> dict[str, Any]:
    reason = str(CLOSE_REASON[case.close_reason]) if case.close_reason else ""
    return _row(case) | {"sent": _("skickat %(day)s", day=_day(case)), "result": reason}


def _day(case: Case) -> str:
    return dates.weekday_date(clock.stockholm(case.received_at).date())
