"""The fields of the bulk bar: marked cases are assigned or handed over without leaving the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.cases.lifecycle import Action
from portal.cases.queue.filter_options import FilterOption, FilterOptions
from portal.identity.actors import Role, Staff
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.case.actions import SPECS

# They distribute what others handle: an officer has the buttons alone.
DISTRIBUTORS = frozenset({Role.REGISTRAR, Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION})
# The actions that are done from the bar at once, with the field of their forms that it has.
FIELDS = {Action.ASSIGN: "officer", Action.HAND_OVER: "to"}
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class BarField:
    """A choice with its button. `name` is the field of the action's own form, and `groups` its options."""

    name: str
    action: Action
    label: Any
    button: Any
    key: str
    groups: Sequence[tuple[str, Choices]]


def fields(actor: Staff, options: FilterOptions) -> list[BarField]:
    """The fields for the actor; none for a role that distributes no cases."""
    if actor.role not in DISTRIBUTORS:
        return []
    officers = [(row.value, _officer(actor, row)) for row in options.officer if row.seen]
    places = [
        (_("Ämnen"), _places("category", options.category)),
        (_("Enheter"), _places("unit", options.unit)),
    ]
    return [
        _field(Action.ASSIGN, _l("Välj handläggare"), [(_("Handläggare"), officers)]),
        _field(Action.HAND_OVER, _l("Välj ämne eller enhet"), places),
    ]


def _field(action: Action, label: Any, groups: Sequence[tuple[str, Choices]]) -> BarField:
    bulk = SPECS[action].bulk
    assert bulk
    return BarField(FIELDS[action], action, label, bulk.button, bulk.key, groups)


def _officer(actor: Staff, row: FilterOption) -> str:
    return _("%(name)s (du)", name=row.name) if row.value == str(actor.membership) else row.name


def _places(kind: str, rows: Iterable[FilterOption]) -> Choices:
    return [(f"{kind}-{row.value}", row.name) for row in rows if row.active]
