"""The bar over the queue: what can be done with the cases that are marked in it."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from portal.cases.access import Capacity, capacity
from portal.identity.actors import Staff
from portal.web.backoffice.case.action_specs import bulk_actions
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.shortcuts import BESIDE_THE_LIST

# The box of the first row, where the error summary leads.
FIRST = "markera-1"


def bar(actor: Staff, given: Mapping[str, str], marked: Collection[str], problem: str) -> dict[str, Any]:
    """The buttons, for handlers; the marked cases, and what is wrong with them."""
    back = [(name, text) for name, text in given.items() if name != "klart"]
    actions = [(name, bulk.button, bulk.key) for name, bulk in bulk_actions(SPECS)]
    return {
        "href": f"{url_for('backoffice.many')}?{urlencode(back)}".rstrip("?"),
        "deeds": actions if capacity(actor) is Capacity.HANDLER else [],
        "marked": set(marked),
        "problem": problem,
        "shortcuts": BESIDE_THE_LIST,
    }
