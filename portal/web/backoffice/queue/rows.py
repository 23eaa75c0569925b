"""A case as a row of the queue, with its texts in the language of the request."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from flask import url_for

from portal import clock
from portal.cases.clocks import Dated, own_day, pressing_day, promised_day
from portal.cases.deadlines import days_left
from portal.cases.enums import Kind
from portal.cases.lifecycle import OPEN, Status
from portal.cases.queue.listing import QueueRow
from portal.formats import cleaning
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import page_language
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.labels import STATUS

# In place of the number of a case in an address, which is made once.
NUMBER = "KB-0000-000000"
MAX_REASON = 80


class StatusTag(NamedTuple):
    """The tag of a status."""

    text: str
    color: str


class RowTexts:
    """What the rows of one page have in common: each text is made once, in the language of the request."""

    def __init__(self) -> None:
        self.today = clock.today()
        self.closed_days = organisation.closed_days()
        self.language = page_language()
        self.uncategorised = _("Utan ämne")
        self._href = url_for("backoffice.case", number=NUMBER)
        self.kind: Callable[[Kind], str] = cache(_kind)
        self.status: Callable[[Status], StatusTag] = cache(_status)
        self.day: Callable[[date], str] = cache(self._day)
        self.changed: Callable[[date], str] = cache(self._changed)
        self.days_left: Callable[[int], str] = cache(dates.days_left)

    def href(self, number: str) -> str:
        """The address of a case."""
        return self._href.replace(NUMBER, number)

    def _day(self, day: date) -> str:
        return dates.short_due(day, self.today)

    def _changed(self, day: date) -> str:
        return _("ändrat %(day)s", day=dates.short_date(day, self.today))


def _kind(kind: Kind) -> str:
    return dates.capital(str(KINDS[kind].name))


def _status(status: Status) -> StatusTag:
    return StatusTag(str(STATUS[status].text), STATUS[status].color)


def row(actor: Staff, case: QueueRow, texts: RowTexts, query: str = "") -> dict[str, Any]:
    """One case as a row of the queue; `query` is what its address ends with."""
    number = case.reference
    return {
        "number": number,
        "href": texts.href(number) + query,
        "subject": case_presenter.shown_subject(case.internal_subject),
        "language": "" if case.language == texts.language else case.language,
        "version": case.version,
        "promptly": case.record_request and case.status in OPEN,
        "unsatisfied": case.unsatisfied and case.status in OPEN,
        "secret": case.secrecy is not None,
        "level": case.level,
        "topic": case.category or texts.uncategorised,
        "kind": texts.kind(case.kind),
        "status": texts.status(case.status),
        "handler": case.officer or "",
        # Of the actor's own unit it goes without saying.
        "unit": case.unit if case.handling_unit_id != actor.unit else "",
        "mine": case.officer_id is not None and case.officer_id == actor.membership,
        "moved": _moved(case),
        **_arrived(case, texts),
        "promised": texts.day(case.due_answer) if case.due_answer and not case.paused_on else "",
        **_due(case, texts),
    }


def _arrived(case: QueueRow, texts: RowTexts) -> dict[str, str]:
    arrived = clock.stockholm(case.received_at).date()
    changed = clock.stockholm(case.updated_at).date()
    return {"arrived": texts.day(arrived), "changed": texts.changed(changed) if changed != arrived else ""}


def _moved(case: QueueRow) -> str:
    """Why the promised day of an open case was moved, in a line; empty if it was not."""
    reason = case.extension_reason
    if not reason or case.status not in OPEN or case.paused_on:
        return ""
    line = cleaning.line(reason)
    return line if len(line) <= MAX_REASON else f"{line[:MAX_REASON].rstrip()}…"


def _due(case: QueueRow, texts: RowTexts) -> dict[str, str]:
    due = pressing_day(case)
    if due is None:
        return {"due_text": "", "due_note": "", "due_state": ""}
    left = days_left(due, texts.today, texts.closed_days)
    what = "" if due == case.due_answer and not case.paused_on else _pressing_label(case)
    note = f"{what}, {texts.days_left(left)}" if what else texts.days_left(left)
    return {"due_text": texts.day(due), "due_note": note, "due_state": dates.due_state(left)}


def _pressing_label(case: Dated) -> str:
    # A few words before "3 dagar kvar": what has to be done by the day.
    if pressing_day(case) != own_day(case):
        return _("svar till gruppen")
    if promised_day(case) is None:
        return _("nästa steg")
    if case.paused_on:
        return _("svar väntas")
    return _("svar") if case.due_answer else _("hör av dig")
