"""The queue as its page shows it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal import clock
from portal.cases import queries
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.cases.queries import Page, View
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web import presenting
from portal.words import dates

LABELS = {
    View.DUE: _l("Alla öppna"),
    View.MINE: _l("Mina ärenden"),
    View.UNASSIGNED: _l("Att fördela"),
    View.NEWEST: _l("Senast inkomna"),
}
ORDERED = {
    View.DUE: _l("det mest brådskande först"),
    View.MINE: _l("det mest brådskande först"),
    View.UNASSIGNED: _l("det mest brådskande först"),
    View.NEWEST: _l("det senaste först"),
}


def chosen(asked: str | None) -> View:
    """The view that was asked for, or the first."""
    return View(asked) if asked in set(View) else View.DUE


def page_values(actor: Staff, view: View, number: int) -> dict[str, Any]:
    """All that the page of a view draws."""
    counts = queries.counts(actor)
    page = queries.queue(actor, view, min(number, last_page(counts[view])))
    return {
        "heading": LABELS[view],
        "count_text": _count_text(view, counts[view]),
        "due_heading": _due_heading(page),
        "views": [_view(each, counts[each], each is view) for each in LABELS],
        "rows": [row(actor, case) for case in page.cases],
        "empty": _empty(view),
        **_neighbours(view, page),
    }


def last_page(count: int) -> int:
    """The number of the last page that holds a case; an address from yesterday may lie beyond it."""
    return max(1, -(-count // queries.PAGE))


def _count_text(view: View, count: int) -> str:
    undated = view is not View.NEWEST and not organisation.profile().promise.answer_working_days
    order = _("det äldsta först") if undated else ORDERED[view]
    return ngettext("%(num)s ärende", "%(num)s ärenden", count) + f", {order}"


def _due_heading(page: Page) -> str:
    """What the column of dates is called; without any date in it there is none."""
    if not any(presenting.due(case) for case in page.cases):
        return ""
    return _("Svar senast") if any(case.due_answer for case in page.cases) else _("Hör av dig senast")


def _view(view: View, count: int, current: bool) -> dict[str, Any]:
    href = url_for("backoffice.queue", vy=view.value)
    return {"label": LABELS[view], "href": href, "count": count, "current": current}


def _neighbours(view: View, page: Page) -> dict[str, str | None]:
    def to(number: int) -> str:
        return url_for("backoffice.queue", vy=view.value, sida=number)

    return {
        "older": to(page.number + 1) if page.more else None,
        "newer": to(page.number - 1) if page.number > 1 else None,
    }


def _empty(view: View) -> dict[str, str]:
    if view is View.MINE:
        link = {
            "link_text": _("Se vad som ska fördelas"),
            "href": url_for("backoffice.queue", vy="unassigned"),
        }
        return {"heading": _("Du har inga öppna ärenden"), "text": _("Ta ett som ingen har än."), **link}
    return {
        "heading": _("Inga ärenden här"),
        "text": _("När något kommer in syns det här."),
        "link_text": "",
        "href": "",
    }


def row(actor: Staff, case: Case) -> dict[str, Any]:
    """One case as a row."""
    number, days = presenting.number_of(case), presenting.left(case)
    head = presenting.head(case, case.internal_subject)
    return {
        "number": number,
        "href": url_for("backoffice.case", number=number),
        "subject": head.subject,
        "promptly": case.record_request and case.status in OPEN,
        "topic": case.category.name if case.category else _("Utan ämne"),
        "kind": head.kind,
        "status": head.status,
        "handler": case.officer.person.name if case.officer else "",
        "mine": case.officer_id is not None and case.officer_id == actor.membership,
        **_due(case, days),
    }


def _due(case: Case, days: int | None) -> dict[str, str]:
    last = presenting.due(case)
    if days is None or last is None:
        return {"due_text": "", "due_note": "", "due_state": ""}
    text = dates.short_due(last, clock.today())
    return {"due_text": text, "due_note": dates.days_left(days), "due_state": dates.due_state(days)}
