"""The menu of views, built in and saved, each with the number of its cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.cases.ownership import queries as ownership
from portal.cases.queue import counts as counting
from portal.cases.queue import filters, listing
from portal.cases.queue.conditions import Days
from portal.cases.queue.filter_options import settled
from portal.cases.queue.filters import Filters, View
from portal.cases.queue.models import SavedView
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.case_list.view_labels import LABELS
from portal.web.backoffice.queue.filter_forms import QueueAddress

GROUPS = (
    (_l("Mitt"), (View.MINE, View.UNIT)),
    (
        _l("Alla jag ser"),
        (
            View.OPEN,
            View.UNASSIGNED,
            View.DUE_SOON,
            View.OVERDUE,
            View.OVERDUE_THRICE,
            View.AWAITING,
            View.NEWEST,
        ),
    ),
    (_l("Att ta hand om"), (View.REOPENED, View.UNSATISFIED, View.UNDELIVERED)),
)
# No sender should have to wait this long: the count is red.
ALARMING = {View.OVERDUE, View.OVERDUE_THRICE, View.UNDELIVERED}
LISTED = "listed"
# The list of cases without a handler: a page of its own, for it shows what the actor may not read.
PLACING = "placing"
PLACING_LABEL = _l("Utan handläggare")


@dataclass(frozen=True)
class Item:
    """A view in the menu."""

    label: Any
    href: str
    count: int | None
    current: bool
    late: bool = False

    @property
    def count_text(self) -> str:
        """The count, or that it is above the maximum; empty if it is not counted."""
        if self.count is None:
            return ""
        return _("1\N{NO-BREAK SPACE}000+") if self.count > counting.MAX_COUNT else str(self.count)


def counted(
    actor: Staff, address: QueueAddress, saved_views: Sequence[SavedView], days: Days
) -> dict[str, int]:
    """The number of cases in the list of the page (LISTED), each view, and each saved view by its id."""
    views = listing.views(actor)
    lists = {LISTED: address.filters}
    for view in views:
        if view is not View.NEWEST:
            lists[view.value] = Filters(view)
    for saved_view in saved_views:
        parsed = filters.read(saved_view.parameters, views)
        # A unit or officer of the view may be gone since it was saved.
        applied, _gone = settled(parsed.filters, address.options)
        # A list of cases of any status has no number in the menu: each page would have to count it.
        if counting.is_counted(applied):
            lists[str(saved_view.id)] = applied
    if address.filters.words:
        # What is searched for has no count: it would read every hit.
        del lists[LISTED]
    # One statement for all of them, however long the menu is.
    counts = counting.counts(actor, lists, days)
    if ownership.places_cases(actor):
        counts[PLACING] = ownership.count_placeable(actor)
    return counts


def current(address: QueueAddress, saved_views: Sequence[SavedView]) -> SavedView | None:
    """The saved view whose parameters the address has."""
    for saved_view in saved_views:
        if saved_view.parameters == address.parsed.address:
            return saved_view
    return None


def groups(
    actor: Staff,
    address: QueueAddress,
    saved_views: Sequence[SavedView],
    counts: dict[str, int],
    placing: bool = False,
) -> list[tuple[str, list[Item]]]:
    """The groups of the menu, without those that have no views; `placing` on the page of its own."""
    chosen = None if placing else current(address, saved_views)
    # An address that equals a saved view is that view, not the one it is built on.
    current_view = None if chosen or placing else address.filters.view
    views = listing.views(actor)
    href = url_for("backoffice.queue")
    menu = []
    for label, group in GROUPS:
        items = [_item(view, counts, current_view, href) for view in group if view in views]
        menu.append((str(label), items))
    if PLACING in counts:
        menu[-1][1].append(_placing_item(counts[PLACING], placing))
    own: list[Item] = []
    shared: list[Item] = []
    for saved_view in saved_views:
        items = own if saved_view.unit_id is None else shared
        items.append(_saved_item(saved_view, counts, chosen))
    menu.append((_("Egna vyer"), own))
    menu.append((_("Enhetens vyer"), shared))
    return [(label, items) for label, items in menu if items]


def _item(view: View, counts: dict[str, int], current_view: View | None, queue_href: str) -> Item:
    count = counts.get(view.value)
    href = f"{queue_href}?vy={view.value}"
    return Item(LABELS[view], href, count, view is current_view, late=view in ALARMING and bool(count))


def _placing_item(count: int, current: bool) -> Item:
    return Item(PLACING_LABEL, url_for("backoffice.placing"), count, current, late=count > 0)


def _saved_item(view: SavedView, counts: dict[str, int], chosen: SavedView | None) -> Item:
    href = url_for("backoffice.queue", **view.parameters)
    return Item(view.name, href, counts.get(str(view.id)), view is chosen)
