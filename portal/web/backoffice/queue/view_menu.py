"""The menu of views: those of the house, one's own and one's unit's, each with how many cases it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases.queue import filters, listing
from portal.cases.queue.conditions import Days
from portal.cases.queue.filter_options import settled
from portal.cases.queue.filters import Filters, View
from portal.cases.queue.models import SavedView
from portal.identity.actors import Staff
from portal.web.backoffice.queue.filter_forms import Shown

LABELS = {
    View.MINE: _l("Mina ärenden"),
    View.UNIT: _l("Min enhets"),
    View.OPEN: _l("Alla öppna"),
    View.UNASSIGNED: _l("Att fördela"),
    View.DUE_SOON: _l("Sista dagarna"),
    View.OVERDUE: _l("Försenade"),
    View.OVERDUE_THRICE: _l("Försenade tre gånger om"),
    View.AWAITING: _l("Väntar på svar"),
    View.NEWEST: _l("Senast inkomna"),
    View.REOPENED: _l("Öppnade igen"),
    View.UNSATISFIED: _l("Inte nöjda"),
    View.UNDELIVERED: _l("Behöver ses till"),
}
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
# What nobody should have to wait for: the count is red.
ALARMING = {View.OVERDUE, View.OVERDUE_THRICE, View.UNDELIVERED}
HERE = "here"


@dataclass(frozen=True)
class Item:
    """A view in the menu."""

    label: Any
    href: str
    count: int
    current: bool
    late: bool = False

    @property
    def count_text(self) -> str:
        """How many, or more than can be said."""
        return _("1\N{NO-BREAK SPACE}000+") if self.count > listing.MAX_COUNT else str(self.count)


def counted(actor: Staff, what: Shown, own: Sequence[SavedView], at: Days) -> dict[str, int]:
    """How many cases the page's own list holds, each view, and each saved one."""
    lists = {HERE: what.filters, **{view.value: Filters(view) for view in listing.views(actor)}}
    for each in own:
        asked = filters.read(each.parameters, listing.views(actor)).filters
        lists[str(each.id)], _gone = settled(asked, what.there)
    return listing.counts(actor, lists, at)


def current(what: Shown, own: Sequence[SavedView]) -> SavedView | None:
    """The saved view that the address asks for, if it is one."""
    return next((each for each in own if each.parameters == what.asked.address), None)


def groups(
    actor: Staff, what: Shown, own: Sequence[SavedView], counts: dict[str, int]
) -> list[tuple[str, list[Item]]]:
    """The menu, part by part; a part without views is left out."""
    chosen, there = current(what, own), listing.views(actor)

    def item(view: View) -> Item:
        here, count = chosen is None and view is what.filters.view, counts[view.value]
        href = url_for("backoffice.queue", vy=view.value)
        return Item(LABELS[view], href, count, here, view in ALARMING and count > 0)

    parts = [(str(label), [item(view) for view in views if view in there]) for label, views in GROUPS]
    for label, shared in ((_("Egna vyer"), False), (_("Enhetens vyer"), True)):
        kept = [each for each in own if (each.unit_id is not None) is shared]
        parts.append((label, [_item(each, counts[str(each.id)], each is chosen) for each in kept]))
    return [(label, items) for label, items in parts if items]


def _item(view: SavedView, count: int, here: bool) -> Item:
    return Item(view.name, url_for("backoffice.queue", **view.parameters), count, here)
