"""The promises whose last day is this week: how many, why they may break, and the first of them."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from portal.cases.lifecycle import Status
from portal.cases.queue import loads as loading
from portal.cases.queue.conditions import Days
from portal.cases.queue.filters import NOBODY, Filters, Promise, View
from portal.cases.queue.listing import QueueRow, list_cases
from portal.cases.queue.loads import Load, Marks
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web.backoffice.queue.rows import RowTexts, row
from portal.web.backoffice.unit.links import Number, number
from portal.words import dates

SHOWN = 10
WEEK = Promise.WEEK.value
UNMARKED = Marks(reopened=False, unsatisfied=False)
# What the page counts of the week, with the address of each list.
LISTS: Mapping[str, tuple[Filters, dict[str, str]]] = {
    "week_nobody": (Filters(promise=Promise.WEEK, officer=NOBODY), {"handlaggare": NOBODY}),
    "week_waiting": (
        Filters(promise=Promise.WEEK, status=Status.AWAITING_CITIZEN),
        {"lage": Status.AWAITING_CITIZEN.value},
    ),
    "week_unsatisfied": (
        Filters(View.UNSATISFIED, promise=Promise.WEEK),
        {"vy": View.UNSATISFIED.value},
    ),
    "week_reopened": (Filters(View.REOPENED, promise=Promise.WEEK), {"vy": View.REOPENED.value}),
}


def reasons(counts: Mapping[str, int], loads: Mapping[int | None, Load]) -> list[Number]:
    """Why promises of this week may break, with how many each: those of which there are any."""
    labels = {
        "week_nobody": _("Ingen handlägger"),
        "week_waiting": _("Väntar på invånaren"),
        "week_unsatisfied": _("Avsändaren var inte nöjd"),
        "week_reopened": _("Öppnat igen"),
    }
    shown = []
    for name, (_filters, address) in LISTS.items():
        if counts[name]:
            shown.append(number(labels[name], counts[name], {**address, "lofte": WEEK}))
    return [*shown, *_of_who_is_away(loads)]


def _of_who_is_away(loads: Mapping[int | None, Load]) -> list[Number]:
    shown = []
    for member in people.member_rows():
        load = loads.get(member.id)
        if member.away_until and load and load.week:
            label = _("%(name)s är borta", name=member.name)
            shown.append(number(label, load.week, {"handlaggare": str(member.id), "lofte": WEEK}))
    return shown


def week_rows(actor: Staff, at: Days) -> list[dict[str, Any]]:
    """The first cases whose last day is this week, each with why it may be late."""
    page = list_cases(actor, Filters(promise=Promise.WEEK), at, size=SHOWN)
    marks = loading.marks(actor, [case.id for case in page.rows])
    away = {member.id for member in people.member_rows() if member.away_until}
    texts = RowTexts()
    rows = []
    for case in page.rows[:SHOWN]:
        why = _why(case, marks.get(case.id, UNMARKED), away)
        rows.append({**row(actor, case, texts), "why": why})
    return rows


def _why(case: QueueRow, marked: Marks, away: set[int]) -> str:
    every = [
        (case.officer is None, _("ingen handlägger")),
        (case.officer_id in away, _("handläggaren är borta")),
        (case.paused_on is not None, _("väntar på invånaren")),
        (case.extension_reason is not None, _("redan framflyttat")),
        (marked.unsatisfied, _("avsändaren var inte nöjd")),
        (marked.reopened and not marked.unsatisfied, _("öppnat igen")),
    ]
    known = [text for is_so, text in every if is_so]
    if known:
        return dates.capital(", ".join(known))
    return _("Inte påbörjat") if case.status is Status.RECEIVED else _("Pågår")


def all_href() -> str:
    """The address of the whole list."""
    return url_for("backoffice.queue", lofte=WEEK)
