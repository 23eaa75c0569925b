"""The promised days of a case as a calendar file."""

from datetime import date
from urllib.parse import urlsplit

from flask import Response

from portal import clock
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.config import settings
from portal.formats.calendar_file import TYPE, DayEvent, calendar_file
from portal.translation import gettext as _


def has_days(case: Case) -> bool:
    """Whether a day is promised that is still ahead."""
    return bool(_promised(case))


def attachment(case: Case) -> Response | None:
    """The calendar file to download; None if no day is promised."""
    events = [_event(case, name, day) for name, day in _promised(case).items()]
    if not events:
        return None
    response = Response(calendar_file(events, clock.now()), content_type=TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"{case.reference}.ics")
    response.headers["Cache-Control"] = "no-store"
    return response


def _promised(case: Case) -> dict[str, date]:
    """The days ahead by which a contact and an answer are promised."""
    if case.status not in OPEN:
        return {}
    days = {
        "contact": None if case.contacted_at else case.due_contact,
        # While the sender is waited for, the day is not known.
        "answer": None if case.paused_on else case.due_answer,
    }
    today = clock.today()
    return {name: day for name, day in days.items() if day and day >= today}


def _event(case: Case, name: str, day: date) -> DayEvent:
    host = urlsplit(settings().base_url).hostname
    return DayEvent(
        # The same wherever it is saved, so that a day that was moved takes the place of the former.
        uid=f"{case.reference}-{name}@{host}",
        # It grows with every change of the case, so also with a change of the day.
        sequence=case.version,
        day=day,
        summary=_summary(case, name),
    )


def _summary(case: Case, name: str) -> str:
    # Neither the subject nor the code: a calendar is often copied to a cloud, or shared.
    if name == "contact":
        return _("Kommunen hör av sig om ärende %(number)s", number=case.reference)
    return _("Svar från kommunen om ärende %(number)s", number=case.reference)
