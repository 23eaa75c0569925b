"""The head of a case that was opened from a list: the way back, the place in the list, and the next case."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.cases.models import Case
from portal.cases.queue import adjacent, conditions
from portal.cases.queue.adjacent import Position
from portal.cases.queue.counts import MAX_COUNT
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web.backoffice.case_list.address import OpenedList, opened_list, queue_href
from portal.web.backoffice.case_list.view_labels import LABELS


@dataclass(frozen=True)
class ListBar:
    """What the head of the case shows; `previous` and `next` are addresses, empty where there is no case."""

    back: str
    label: Any
    text: str = ""
    previous: str = ""
    next: str = ""
    # Whether the case was opened from a list, and was the last one in it.
    listed: bool = False
    last: bool = False


def list_bar(actor: Staff, case: Case) -> ListBar:
    """The bar of a case. A list costs one statement, where it is short enough to be counted."""
    opened = opened_list(actor)
    # A place of another case is none.
    if opened is None or opened.cursor.row != case.id:
        return ListBar(queue_href(), _("Ärenden"))
    position = adjacent.position(actor, opened.filters, conditions.days(), opened.cursor)
    last = position is not None and not position.after
    first = position is not None and not position.before
    return ListBar(
        back=opened.href,
        label=_label(opened),
        text=_text(position),
        previous="" if first else url_for("backoffice.previous_case", number=case.reference),
        next="" if last else url_for("backoffice.next_case", number=case.reference),
        listed=True,
        last=last,
    )


def _label(opened: OpenedList) -> Any:
    return _("Sökningen") if opened.filters.words else LABELS[opened.filters.view]


def _text(position: Position | None) -> str:
    """Where the case is: "3 av 42"; empty if that is not known."""
    if position is None:
        return ""
    if not position.listed:
        return _("Inte kvar i listan")
    if position.total > MAX_COUNT:
        return ""
    return _("%(number)s av %(count)s", number=position.before + 1, count=position.total)
