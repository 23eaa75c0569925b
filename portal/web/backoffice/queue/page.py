"""The template values of the queue page."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from portal.audit import read_log
from portal.cases.deadlines import SOON
from portal.cases.enums import Piece
from portal.cases.queue import adjacent, conditions, filters, listing
from portal.cases.queue import counts as counting
from portal.cases.queue.conditions import Days
from portal.cases.queue.filters import Filters, Sort, View
from portal.cases.queue.models import SavedView
from portal.cases.queue.saved_filters import may_remove, saved
from portal.cases.search import queries as search
from portal.cases.search.snippets import Snippet
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.pagination import BEGINNING, BadCursor, Cursor, Page, Place, place
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext
from portal.web.backoffice.case_list.address import PAGE, row_query
from portal.web.backoffice.case_list.view_labels import LABELS
from portal.web.backoffice.queue import filter_forms, search_messages, triage, view_menu
from portal.web.backoffice.queue.filter_forms import QueueAddress
from portal.web.backoffice.queue.rows import RowTexts, row
from portal.words import dates

ORDERED = {
    Sort.DUE: _l("det mest brådskande först"),
    Sort.NEWEST: _l("det senaste först"),
    Sort.OLDEST: _l("det äldsta först"),
    Sort.CHANGED: _l("det senast ändrade först"),
}

# Each view has its own words for being empty. The view of the actor's own cases is not here: it leads on.
EMPTY = {
    View.UNIT: (_l("Enheten har inga öppna ärenden"), _l("Nya ärenden till enheten hamnar här.")),
    View.OPEN: (_l("Inga öppna ärenden"), _l("Nya ärenden hamnar här.")),
    View.UNASSIGNED: (_l("Alla ärenden är fördelade"), _l("Ett ärende som ingen handlägger hamnar här.")),
    View.DUE_SOON: (
        _l("Inget svar har snart sin sista dag"),
        _l("Ärenden med högst %(days)s arbetsdagar kvar hamnar här."),
    ),
    View.OVERDUE: (_l("Inget är försenat"), _l("Ärenden vars sista dag har gått hamnar här.")),
    View.OVERDUE_THRICE: (
        _l("Inget är mycket försenat"),
        _l("Ärenden som har tagit tre gånger så lång tid som lovat hamnar här."),
    ),
    View.AWAITING: (
        _l("Ni väntar inte på någon invånare"),
        _l("Ärenden där ni har ställt en fråga hamnar här."),
    ),
    View.NEWEST: (_l("Inga ärenden än"), _l("Det senaste som kommer in hamnar här.")),
    View.REOPENED: (_l("Inget ärende är öppnat igen"), _l("Ärenden som öppnas efter svaret hamnar här.")),
    View.UNSATISFIED: (_l("Alla är nöjda med sina svar"), _l("Ärenden där någon inte är nöjd hamnar här.")),
    View.UNDELIVERED: (
        _l("Inget behöver åtgärdas"),
        _l("Ärenden med något att ordna, som ett mejl som studsade, hamnar här."),
    ),
}


def page_values(actor: Staff, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The values that the page draws for the query parameters of its address."""
    saved_views = saved(actor)
    address = filter_forms.parse_address(actor, parameters, saved_views)
    # One reading of the clock for list and counts, or they could differ at midnight.
    days = conditions.days()
    notes = [*filter_forms.notes(address), *search_messages.notes(address.filters.words)]
    cursor = BEGINNING
    try:
        cursor = place(listing.ORDERS[address.filters.sort], parameters.get("efter"), parameters.get("fore"))
    except BadCursor:
        notes.append(_("Platsen i listan gick inte att läsa. Här är början."))
    page = listing.list_cases(actor, address.filters, days, cursor)
    notes += search_messages.reached(page)
    counts = view_menu.counted(actor, address, saved_views, days)
    return {
        "notes": notes,
        "groups": view_menu.groups(actor, address, saved_views, counts),
        "rows": _rows(actor, page, address, _page_parameters(cursor, parameters)),
        "older": address.to(efter=page.after) if page.after else None,
        "newer": address.to(fore=page.before) if page.before else None,
        **_head(actor, address, saved_views),
        "count_text": _count_text(address.filters, page, counts.get(view_menu.LISTED, 0)),
        "range_text": _range_text(actor, address.filters, days, page, counts.get(view_menu.LISTED)),
        "triage": triage.fields(actor, address.options),
        **_filters(actor, address),
        **_columns(address, page),
    }


def _page_parameters(where: Place, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters that name the page; none on the first one."""
    return {name: parameters[name] for name in PAGE if where.cursor and parameters.get(name)}


def _rows(
    actor: Staff, page: Page, address: QueueAddress, parameters: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The rows; `parameters` are those of the address that name the page."""
    words = address.filters.words
    snippets = _snippets(actor, page, words) if words else {}
    texts = RowTexts()
    # The list goes along to the case, which leads to the next one of it.
    listed = {**address.address, **parameters}
    rows = []
    for case in page.rows:
        values = row(actor, case, texts, row_query(address.filters, listed, case))
        rows.append({**values, "hit": search_messages.marked(snippets.get(case.id))})
    return rows


def _snippets(actor: Staff, page: Page, words: str) -> Mapping[int, Snippet]:
    excerpts = search.excerpts(actor, [row.id for row in page.rows], words)
    # The row has the subject already.
    snippets = {case: snippet for case, snippet in excerpts.items() if snippet.piece is not Piece.SUBJECT}
    # A snippet quotes the case, so showing it is a read; number and subject alone are not.
    read_log.log_rows(actor, snippets.keys(), words)
    return snippets


def _head(actor: Staff, address: QueueAddress, saved_views: Sequence[SavedView]) -> dict[str, Any]:
    chosen = view_menu.current(address, saved_views)
    return {
        "heading": chosen.name if chosen else LABELS[address.filters.view],
        "wider": search_messages.wider(address),
        "saved_view": _saved_view(actor, address, chosen),
        "empty": _empty(address),
        # The first list that a new employee opens is their own, and empty.
        "welcome": address.filters.view is View.MINE and not address.narrowed,
    }


def _saved_view(actor: Staff, address: QueueAddress, chosen: SavedView | None) -> dict[str, Any]:
    """What the list can do as a view: be removed, or be saved and shared with a unit."""
    if chosen:
        remove = url_for("backoffice.remove_view", view=chosen.id) if may_remove(actor, chosen) else ""
        return {"remove": remove, "address": "", "unit": ""}
    # A view of the menu as it is needs no copy under another name.
    savable = address.narrowed or "ordning" in address.address
    unit = organisation.unit_name(actor.unit) if savable and actor.unit else ""
    return {"remove": "", "address": urlencode(address.address) if savable else "", "unit": unit}


def _count_text(applied: Filters, page: Page, count: int) -> str:
    sort = applied.sort
    order = ORDERED[sort]
    if applied.words:
        hits = search_messages.count_text(applied.words, page)
        return f"{hits}, {order}" if page.rows else hits
    if not count:
        return _("Inga ärenden")
    if count > counting.MAX_COUNT:
        return _("Fler än 1\N{NO-BREAK SPACE}000 ärenden") + f", {order}"
    if count > counting.most_counted(applied):
        return _("Fler än %(most)s ärenden", most=counting.MAX_UNBOUNDED) + f", {order}"
    return ngettext("%(num)s ärende", "%(num)s ärenden", count) + f", {order}"


def _range_text(actor: Staff, applied: Filters, days: Days, page: Page, count: int | None) -> str:
    """Which rows of the list the page has: "26–50 av 142"; empty for a list that is not counted."""
    if count is None or count > counting.most_counted(applied):
        return ""
    size = len(page.rows)
    first = count - size + 1
    if not page.before:
        first = 1
    elif page.after:
        # A keyset page in the middle has no number of its own.
        position = adjacent.position(actor, applied, days, Cursor(page.rows[0].key, page.rows[0].id))
        if position is None:
            return _("%(size)s av %(count)s", size=size, count=count)
        first = position.before + 1
    return _("%(first)s–%(last)s av %(count)s", first=first, last=first + size - 1, count=count)


def _filters(actor: Staff, address: QueueAddress) -> dict[str, Any]:
    def fields(names: tuple[str, ...]) -> list[filter_forms.Field]:
        return filter_forms.fields(names, actor, address.filters, address.options)

    parameters = address.address
    return {
        "usual": fields(filter_forms.USUAL),
        "more": fields(filter_forms.MORE),
        "more_set": filter_forms.count_set(filter_forms.MORE, parameters),
        "all_set": filter_forms.count_set((*filter_forms.USUAL, *filter_forms.MORE), parameters),
        "words": address.filters.words,
        "words_label": filter_forms.LABELS["q"],
        # A form sent by GET replaces the query, so view and order go along as hidden fields.
        "hidden": {name: parameters[name] for name in ("vy", "ordning") if name in parameters},
        "cleared": url_for("backoffice.queue", vy=parameters.get("vy")),
    }


def _columns(address: QueueAddress, page: Page) -> dict[str, Any]:
    """The sort order, and the sortable column headings as (label, URL, whether sorted by it)."""
    sort = address.filters.sort

    def link(label: str, to: Sort, now: bool) -> tuple[str, str, bool]:
        usual = filters.usual_sort(address.filters.view, address.filters.words)
        return label, address.to(ordning=None if to is usual else to.value), now

    arrived = Sort.OLDEST if sort is Sort.NEWEST else Sort.NEWEST
    return {
        "sort": sort.value,
        "arrived_head": link(_("Kom in"), arrived, sort in {Sort.NEWEST, Sort.OLDEST}),
        "changed_head": link(_("Ändrat"), Sort.CHANGED, sort is Sort.CHANGED),
        "due_head": link(_due_heading(page), Sort.DUE, sort is Sort.DUE),
    }


def _due_heading(page: Page) -> str:
    """The heading of the date column: what most of its dates are."""
    promise = organisation.profile().promise
    if promise.answer_working_days or any(case.due_answer for case in page.rows):
        return _("Svar senast")
    return _("Hör av dig senast") if promise.contact_working_days else _("Nästa steg")


def _empty(address: QueueAddress) -> tuple[str, str, str, str]:
    """Heading, text, and a link's text and address."""
    if address.filters.words:
        return search_messages.empty(address)
    if address.narrowed:
        href = url_for("backoffice.queue", vy=address.address.get("vy"))
        return _("Inga ärenden passar filtret"), _("Ta bort något i det."), _("Rensa filtret"), href
    if address.filters.view is View.MINE:
        href = url_for("backoffice.queue", vy=View.UNASSIGNED.value)
        text = _("Ta ett som ingen har än.")
        return _("Du har inga öppna ärenden"), text, _("Se vad som ska fördelas"), href
    nothing, later = EMPTY[address.filters.view]
    return str(nothing), str(later) % {"days": dates.number_word(SOON)}, "", ""
