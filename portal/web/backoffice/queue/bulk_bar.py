"""The bar above the queue, with the actions for the cases that are marked in it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel.speaklater import LazyString

from portal.cases.access import Capacity, capacity
from portal.identity.actors import Staff
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.case.actions.specs import bulk_actions
from portal.web.backoffice.queue.triage import BarField
from portal.web.backoffice.shortcuts import QUEUE_KEYS

# The id of the first row's checkbox, where the error summary leads.
FIRST_CHECKBOX = "markera-1"


def bar(
    actor: Staff,
    parameters: Mapping[str, str],
    triage: Sequence[BarField],
    marked: Collection[str],
    error: str,
) -> dict[str, Any]:
    """The values of the bar: fields, (name, label, key) of each button, the marked numbers and an error."""
    with_field = {field.action.value for field in triage}
    return {
        "href": f"{url_for('backoffice.many')}?{urlencode(dict(parameters))}".rstrip("?"),
        "triage": triage,
        "actions": [button for button in _buttons(actor) if button[0] not in with_field],
        "marked": set(marked),
        "error": error,
        "shortcuts": QUEUE_KEYS,
    }


def _buttons(actor: Staff) -> list[tuple[str, LazyString, str]]:
    # The page of a reader has no checkboxes either.
    if capacity(actor) is not Capacity.HANDLER:
        return []
    return [(name, bulk.button, bulk.key) for name, bulk in bulk_actions(SPECS)]
