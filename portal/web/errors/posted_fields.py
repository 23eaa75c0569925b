"""The fields of a posted form, to give back on a page that knows nothing of the form."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

CSRF = "csrf_token"
# The labels of what people write. Other fields (choices, versions, the submission token) are kept unseen.
LABELS = {
    "subject": _l("Rubrik"),
    "body": _l("Det du skrev"),
    "name": _l("Namn"),
    "email": _l("E-post"),
    "phone": _l("Mobilnummer"),
    "organisation": _l("Organisation"),
    "organisation_number": _l("Organisationsnummer"),
    "child": _l("Barnets namn"),
    "helped": _l("Personens namn"),
    "number": _l("Nummer"),
    "reason": _l("Skäl"),
    "until": _l("Sista dag"),
    "system": _l("Systemets namn"),
    "way": _l("Rätt väg"),
}
# What people write that no page needs to show: a secret, and the honeypot.
UNSEEN = {"code", "website"}


class WrittenField(NamedTuple):
    """A field that a person has written in."""

    name: str
    label: str
    value: str
    lines: bool


@dataclass(frozen=True)
class PostedFields:
    """A posted form: its address, what was written, and its other fields without the CSRF token."""

    action: str
    written: list[WrittenField]
    hidden: list[tuple[str, str]]


def posted_fields() -> PostedFields | None:
    """The fields of the current request; None unless it posts a form with a valid CSRF token.

    A text that another site posts must not be shown as the reader's own. No database is asked.
    """
    if request.method != "POST" or request.endpoint is None or not _has_valid_token():
        return None
    written = []
    hidden = []
    for name, value in request.form.items(multi=True):
        if name in LABELS and value.strip():
            written.append(WrittenField(name, str(LABELS[name]), value, name == "body"))
        elif name != CSRF:
            hidden.append((name, value))
    return PostedFields(_address(request.endpoint), written, hidden)


def _has_valid_token() -> bool:
    try:
        validate_csrf(request.form.get(CSRF))
    except ValidationError:
        return False
    return True


def _address(endpoint: str) -> str:
    query = request.query_string.decode("ascii", "ignore")
    address = url_for(endpoint, **(request.view_args or {}))
    return f"{address}?{query}" if query else address
