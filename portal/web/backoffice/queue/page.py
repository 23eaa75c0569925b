"""The queue as its page shows it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal import clock
from portal.audit import read_log
from portal.audit.models import Read
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.cases.pagination import BEGINNING, BadCursor, Page, place
from portal.cases.queue import conditions, filters, listing
from portal.cases.queue.filters import Filters, Sort, View
from portal.cases.queue.models import SavedView
from portal.cases.queue.saved_filters import may_remove, saved
from portal.cases.search import queries as search
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web.backoffice.queue import filter_forms, search_messages, view_menu
from portal.web.backoffice.queue.filter_forms import Shown
from portal.web.support import case_presenter
from portal.words import dates

ORDERED = {
    Sort.DUE: _l("det mest brådskande först"),
    Sort.NEWEST: _l("det senaste först"),
    Sort.OLDEST: _l("det äldsta först"),
    Sort.CHANGED: _l("det senast ändrade först"),
}
SAID = {"vy_sparad": _l("Vyn är sparad."), "vy_borttagen": _l("Vyn är borttagen.")}


def page_values(actor: Staff, given: Mapping[str, str]) -> dict[str, Any]:
    """All that the page of an address draws."""
    what, at = filter_forms.shown(actor, given), conditions.days()
    notes = [*filter_forms.notes(what), *search_messages.notes(what.filters.words)]
    where = BEGINNING
    try:
        where = place(listing.ORDERS[what.filters.sort], given.get("efter"), given.get("fore"))
    except BadCursor:
        notes.append(_("Platsen i listan gick inte att läsa. Här är början."))
    page, own = listing.list_cases(actor, what.filters, at, where), saved(actor)
    hits = search.excerpts(actor, page.rows, what.filters.words)
    read_log.log_display(
        actor, [case for case in page.rows if case.id in hits], Read.LIST, what.filters.words
    )
    counts = view_menu.counted(actor, what, own, at)
    return {
        "notes": notes,
        "groups": view_menu.groups(actor, what, own, counts),
        "rows": [
            {**row(actor, case), "hit": search_messages.marked(hits.get(case.id))} for case in page.rows
        ],
        "older": what.to(efter=page.after) if page.after else None,
        "newer": what.to(fore=page.before) if page.before else None,
        **_head(actor, what, own, counts[view_menu.HERE]),
        **_filters(actor, what),
        **_columns(what, page),
    }


def _head(actor: Staff, what: Shown, own: Sequence[SavedView], count: int) -> dict[str, Any]:
    chosen = view_menu.current(what, own)
    return {
        "heading": chosen.name if chosen else view_menu.LABELS[what.filters.view],
        "count_text": _count_text(what.filters, count),
        "wider": search_messages.wider(what),
        "saved_view": _saved_view(actor, what, chosen),
        "empty": _empty(what),
    }


def _saved_view(actor: Staff, what: Shown, chosen: SavedView | None) -> dict[str, Any]:
    """What can be done with the list as a view: take it away, or save it and share it with a unit."""
    if chosen:
        remove = url_for("backoffice.remove_view", view=chosen.id) if may_remove(actor, chosen) else ""
        return {"remove": remove, "address": "", "unit": ""}
    sayable = what.narrowed or "ordning" in what.address
    unit = organisation.unit_name(actor.unit) if sayable and actor.unit else ""
    return {"remove": "", "address": urlencode(what.address) if sayable else "", "unit": unit}


def _count_text(asked: Filters, count: int) -> str:
    sort = asked.sort
    words = " " + _("med %(words)s", words=search_messages.quoted(asked.words)) if asked.words else ""
    order = _("det äldsta först") if sort is Sort.DUE and not filter_forms.dated() else ORDERED[sort]
    if count > listing.MAX_COUNT:
        return _("Fler än 1\N{NO-BREAK SPACE}000 ärenden") + f"{words}, {order}"
    return ngettext("%(num)s ärende", "%(num)s ärenden", count) + f"{words}, {order}"


def _filters(actor: Staff, what: Shown) -> dict[str, Any]:
    def drawn(names: tuple[str, ...]) -> list[filter_forms.Field]:
        return filter_forms.fields(names, actor, what.filters, what.there)

    return {
        "usual": drawn(filter_forms.USUAL),
        "more": drawn(filter_forms.MORE),
        "more_set": filter_forms.count_set(filter_forms.MORE, what.address),
        "all_set": filter_forms.count_set((*filter_forms.USUAL, *filter_forms.MORE), what.address),
        "words": what.filters.words,
        "words_label": filter_forms.LABELS["q"],
        "kept": {name: what.address[name] for name in ("vy", "ordning") if name in what.address},
        "cleared": url_for("backoffice.queue", vy=what.address.get("vy")),
    }


def _columns(what: Shown, page: Page) -> dict[str, Any]:
    """What stands above the columns that can be sorted by: (label, address, whether it is so now)."""
    sort = Sort.OLDEST if what.filters.sort is Sort.DUE and not filter_forms.dated() else what.filters.sort

    def link(label: str, to: Sort, now: bool) -> tuple[str, str, bool]:
        usual = filters.usual_sort(what.filters.view, what.filters.words)
        return label, what.to(ordning=None if to is usual else to.value), now

    arrived = Sort.OLDEST if sort is Sort.NEWEST else Sort.NEWEST
    return {
        "sort": sort.value,
        "arrived_head": link(_("Kom in"), arrived, sort in {Sort.NEWEST, Sort.OLDEST}),
        "changed_head": link(_("Ändrat"), Sort.CHANGED, sort is Sort.CHANGED),
        "due_head": link(heading, Sort.DUE, sort is Sort.DUE) if (heading := _due_heading(page)) else None,
    }


def _due_heading(page: Page) -> str:
    """What the column of dates is called; where nothing is promised there is none."""
    promise = organisation.profile().promise
    if promise.answer_working_days or any(case.due_answer for case in page.rows):
        return _("Svar senast")
    return _("Hör av dig senast") if promise.contact_working_days else ""


def _empty(what: Shown) -> tuple[str, str, str, str]:
    """Heading, text, and a link's text and address."""
    if what.filters.words:
        return search_messages.empty(what)
    if what.narrowed:
        href = url_for("backoffice.queue", vy=what.address.get("vy"))
        return _("Inga ärenden passar filtret"), _("Ta bort något i det."), _("Rensa filtret"), href
    if what.filters.view is View.MINE:
        href = url_for("backoffice.queue", vy=View.UNASSIGNED.value)
        text = _("Ta ett som ingen har än.")
        return _("Du har inga öppna ärenden"), text, _("Se vad som ska fördelas"), href
    return _("Inga ärenden här"), _("När något kommer in syns det här."), "", ""


def row(actor: Staff, case: Case) -> dict[str, Any]:
    """One case as a row."""
    number, days = case_presenter.number_of(case), case_presenter.left(case)
    head = case_presenter.head(case, case.internal_subject)
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
        **_arrived(case),
        **_due(case, days),
    }


def _arrived(case: Case) -> dict[str, str]:
    came, changed = (clock.stockholm(moment).date() for moment in (case.received_at, case.updated_at))
    said = dates.short_date(changed, clock.today()) if changed != came else ""
    return {
        "arrived": dates.short_due(came, clock.today()),
        "changed": _("ändrat %(day)s", day=said) if said else "",
    }


def _due(case: Case, days: int | None) -> dict[str, str]:
    last = case_presenter.due(case)
    if days is None or last is None:
        return {"due_text": "", "due_note": "", "due_state": ""}
    text = dates.short_due(last, clock.today())
    return {"due_text": text, "due_note": dates.days_left(days), "due_state": dates.due_state(days)}
