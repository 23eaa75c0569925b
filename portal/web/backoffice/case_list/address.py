"""The list in the address of a case: the parameters of the queue, and the place of the case in it.

They are in the address and not in the session, so that two tabs can go through two lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import current_app, has_request_context, request, url_for
from werkzeug.exceptions import HTTPException

from portal.cases.queue import listing
from portal.cases.queue.filters import Filters, read
from portal.cases.queue.listing import QueueRow
from portal.identity.actors import Staff
from portal.pagination import MAX_CURSOR, BadCursor, Cursor, place, written

# The place of the case in the list, and the page of the list that it was opened from.
PLACE = "plats"
PAGE = ("efter", "fore")
# The hidden field of a form that holds them: the addresses that are posted to are without parameters.
FIELD = "lista"
PARSED = "portal.case_list"
# A longer one does not go along: a server refuses a request line above 4 kB.
MAX_ADDRESS = 1_500


@dataclass(frozen=True)
class OpenedList:
    """A list and a place in it; `parameters` are those of the queue page that it was opened on."""

    filters: Filters
    parameters: Mapping[str, Any]
    cursor: Cursor

    @property
    def href(self) -> str:
        """The address of the queue page."""
        return url_for("backoffice.queue", **self.parameters)

    def page(self, side: str, cursor: str) -> str:
        """The address of the page after ("efter") or before ("fore") a place."""
        kept: dict[str, Any] = {name: text for name, text in self.parameters.items() if name not in PAGE}
        return url_for("backoffice.queue", **{**kept, side: cursor})

    def to(self, row: QueueRow) -> str:
        """The address of a case of the list, with the list."""
        values = {**self.parameters, PLACE: _place(self.filters, row.key, row.id)}
        return url_for("backoffice.case", number=row.reference, **values)


def opened_list(actor: Staff) -> OpenedList | None:
    """The list that came with the request; None without one, or with a place that cannot be read."""
    carried = _of_request()
    if PLACE not in carried:
        return None
    parsed = read(carried, listing.views(actor))
    cursor = _cursor(parsed.filters, carried.pop(PLACE))
    for name in parsed.passed_over:
        carried.pop(name)
    return OpenedList(parsed.filters, carried, cursor) if cursor else None


def next_href() -> str:
    """The address that leads on from the case of the request; empty without a list."""
    if not _is_of_case() or PLACE not in _of_request():
        return ""
    return url_for("backoffice.next_case", number=(request.view_args or {})["number"])


def queue_href() -> str:
    """The queue page that the request came from, as far as it says."""
    carried: dict[str, Any] = dict(_of_request())
    carried.pop(PLACE, None)
    return url_for("backoffice.queue", **carried)


def row_query(filters: Filters, parameters: Mapping[str, Any], row: QueueRow) -> str:
    """What the address of a case in a list ends with; empty if the list is too long for an address."""
    query = urlencode({**parameters, PLACE: _place(filters, row.key, row.id)})
    return f"?{query}" if len(query) <= MAX_ADDRESS else ""


def list_field() -> str:
    """The value of the hidden field; empty if the page is not of a case with a list."""
    return urlencode(_of_request()) if _is_of_case() else ""


def carry_list(endpoint: str, values: dict[str, Any]) -> None:
    """Add the list of the request to the address of each page of the case that the request is about."""
    number = values.get("number")
    if number and _is_of_case() and number == (request.view_args or {})["number"] and _is_page(endpoint):
        for name, text in _of_request().items():
            values.setdefault(name, text)


def _is_of_case() -> bool:
    if not has_request_context() or request.blueprint != "backoffice":
        return False
    # The list of cases without a handler has places and pages of its own.
    return "number" in (request.view_args or {}) and request.endpoint != "backoffice.place"


def _is_page(endpoint: str) -> bool:
    return any("GET" in (rule.methods or ()) for rule in current_app.url_map.iter_rules(endpoint))


def _of_request() -> dict[str, str]:
    """The parameters of the list, in the address or in the form that was posted."""
    # Parsed once: every address on the page of a case has them.
    if PARSED not in request.environ:
        posted = _posted()
        request.environ[PARSED] = _carried(dict(parse_qsl(posted)) if posted else request.args)
    return dict(request.environ[PARSED])


def _posted() -> str:
    try:
        return request.form.get(FIELD, "")[:MAX_ADDRESS]
    except HTTPException:
        # The page that says that a form is too large has links too.
        return ""


def _carried(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters that are of a list, without those that cannot be read."""
    parsed = read(parameters)
    carried = dict(parsed.address)
    for name in parsed.passed_over:
        carried.pop(name)
    for name in (*PAGE, PLACE):
        text = parameters.get(name, "")
        if _cursor(parsed.filters, text):
            carried[name] = text
    return carried if len(urlencode(carried)) <= MAX_ADDRESS else {}


def _cursor(filters: Filters, text: str) -> Cursor | None:
    if not text or len(text) > MAX_CURSOR:
        return None
    try:
        return place(listing.ORDERS[filters.sort], text, None).cursor
    except BadCursor:
        return None


def _place(filters: Filters, key: date | None, row: int) -> str:
    # Every row of a list has a key.
    return written(listing.ORDERS[filters.sort], key or date.max, row)
