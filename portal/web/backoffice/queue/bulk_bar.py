"""The bar over the queue: what can be done with the cases that are marked in it."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from portal.cases.access import Capacity, capacity
from portal.identity.actors import Staff
from portal.web.backoffice.bulk.labels import WORDS
from portal.web.backoffice.shortcuts import BESIDE_THE_LIST

# The box of the first row, where the error summary leads.
FIRST = "markera-1"


def bar(actor: Staff, given: Mapping[str, str], marked: Collection[str], problem: str) -> dict[str, Any]:
    """The buttons, for whoever may do anything; what is marked already, and what is wrong with that."""
    back = [(name, text) for name, text in given.items() if name != "klart"]
    deeds = [(name, words.button, words.key) for name, words in WORDS.items()]
    return {
        "href": f"{url_for('backoffice.many')}?{urlencode(back)}".rstrip("?"),
        "deeds": deeds if capacity(actor) is Capacity.HANDLER else [],
        "marked": set(marked),
        "problem": problem,
        "shortcuts": BESIDE_THE_LIST,
    }
