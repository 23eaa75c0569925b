"""What the pages of the desk show: the sender's own view of a case, or only what is public of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import url_for

from portal.cases import clocks
from portal.cases.desk.models import DeskVisit
from portal.cases.desk.questions import VisitedCase
from portal.cases.desk.rules import NUMBER_TTL, VISIT_TTL, VisitState
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.config import settings
from portal.translation import gettext as _
from portal.web.sender_page import paper_values
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.labels import STATUS, Tag
from portal.words.profile_texts import profile_markup


class VisitedRow(NamedTuple):
    """A case of the person who has signed in, as their own list shows it."""

    number: str
    href: str
    subject: str
    kind: str
    status: Tag
    arrived: str
    due: str


def visit_values(visit: DeskVisit, cases: Sequence[Case], written: str = "") -> dict[str, Any]:
    """The template values of a visit: its number, whether its person is known, and their cases.

    `written` is a text that came after its end.
    """
    number = visit.number or ""
    return {
        "visit": visit.id,
        "state": visit.state.value,
        "number": " ".join(filter(None, (number[:4], number[4:]))),
        "number_until": dates.clock_time(visit.created_at + NUMBER_TTL),
        "screen_address": urlsplit(settings().base_url).netloc + url_for("sign_in.desk"),
        "name": _name(visit),
        "until": _until(visit),
        "cases": [_row(visit, case) for case in cases],
        "written": written,
    }


def _name(visit: DeskVisit) -> str:
    """The name of the person who has signed in; of a protected one it is not shown."""
    if visit.state is not VisitState.OPEN or visit.person is None:
        return ""
    return _("en person med skyddade personuppgifter") if visit.person.protected else visit.person.name


def _until(visit: DeskVisit) -> str:
    return dates.clock_time(visit.known_at + VISIT_TTL) if visit.known_at else ""


def _row(visit: DeskVisit, case: Case) -> VisitedRow:
    return VisitedRow(
        case.reference,
        url_for("backoffice.desk_case", visit=visit.id, number=case.reference),
        case_presenter.shown_subject(case.public_subject),
        dates.capital(str(KINDS[case.kind].name)),
        STATUS[case.status],
        _("kom in %(when)s", when=dates.moment(case.received_at)),
        _promised(case),
    )


def _promised(case: Case) -> str:
    """By which day the person hears something; empty while no day is promised, or the time is paused."""
    due = None if case.paused_on or case.status not in OPEN else case_presenter.due(case)
    if due is None:
        return ""
    day = dates.weekday_date(due)
    return _("Svar senast %(day)s", day=day) if case.due_answer else _("Kontakt senast %(day)s", day=day)


def case_values(visit: DeskVisit, visited: VisitedCase) -> dict[str, Any]:
    """The template values of a case as its sender may read it on paper, and nothing else."""
    values = paper_values(visited.sender, visited.case)
    # Without `saved`: nothing is printed here.
    shown = ("case", "promise", "messages", "timeline", "facts")
    return {
        **{name: values[name] for name in shown},
        "visit": visit.id,
        "until": _until(visit),
        "list_href": url_for("backoffice.desk_visit", visit=visit.id) if visit.person_id else "",
        "name": _name(visit),
    }


def public_values(case: Case) -> dict[str, Any]:
    """The template values of what anyone may know: no subject, no text, and nothing of the sender."""
    # Who asks need not be the sender, to whom "du" would be said.
    promise = case_presenter.promise(case, staff=True)
    rows = [
        (_("Kom in"), dates.weekday_date(clocks.arrival_day(case))),
        (_("Vad det är"), dates.capital(str(KINDS[case.kind].name))),
        (_("Ämne"), profile_markup(case.category.name) if case.category else ""),
        (_("Nämnd"), profile_markup(case.responsible_board.name)),
        (_("Enhet"), profile_markup(case.handling_unit.name)),
        (promise.label if promise else "", promise.headline if promise else ""),
    ]
    return {
        "case": case.reference,
        "status": STATUS[case.status],
        "facts": [(term, text) for term, text in rows if text],
    }
