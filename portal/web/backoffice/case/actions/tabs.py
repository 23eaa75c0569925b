"""What can be written in a case, as tabs by whom the text reaches, so that no note is sent to the sender."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from portal.cases.lifecycle import Action
from portal.translation import gettext as _
from portal.web.backoffice.case.actions.specs import PageActions, Place


@dataclass(frozen=True)
class Tab:
    """A tab with its form; `heading` is empty if the form has its own."""

    name: str
    label: Any
    heading: Any
    html: Markup
    chosen: bool = False


@dataclass(frozen=True)
class TabGroup:
    """The tabs of what reaches the same people."""

    id: str
    label: str
    tabs: Sequence[Tab]


def tab_groups(actions: PageActions, answer: Markup | None) -> list[TabGroup]:
    """The groups that have a tab. One tab is chosen: a form that was posted, the answer, or a note."""
    to_sender = [Tab(Action.ANSWER.value, _("Svar"), "", answer)] if answer else []
    to_sender += _tabs(actions, Place.TO_SENDER)
    for_staff = list(_tabs(actions, Place.FOR_STAFF))
    from_sender = list(_tabs(actions, Place.FROM_SENDER))
    chosen = _chosen(actions, [*to_sender, *for_staff, *from_sender])
    groups = [
        TabGroup("till-invanaren", _("Till invånaren"), to_sender),
        TabGroup("for-personal", _("Bara för personal"), for_staff),
        TabGroup("fran-invanaren", _("Från invånaren"), from_sender),
    ]
    drawn = []
    for group in groups:
        tabs = [replace(tab, chosen=tab.name == chosen) for tab in group.tabs]
        if tabs:
            drawn.append(replace(group, tabs=tabs))
    return drawn


def _tabs(actions: PageActions, place: Place) -> Iterator[Tab]:
    for action, spec in actions.specs.items():
        if spec.place is place and action in actions.names:
            yield Tab(action.value, spec.tab or spec.label, spec.label, actions.draw(action))


def _chosen(actions: PageActions, tabs: Sequence[Tab]) -> str:
    names = [tab.name for tab in tabs]
    posted = actions.posted[0] if actions.posted else ""
    likely = [posted, Action.ANSWER.value, Action.NOTE.value, *names]
    return next((name for name in likely if name in names), "")
