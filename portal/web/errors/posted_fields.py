"""The fields of a posted form, to send again from a page that knows nothing of the form."""

from dataclasses import dataclass

from flask import request, url_for
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from portal.web import kept_form
from portal.web.kept_form import CSRF, KeptField


@dataclass(frozen=True)
class PostedFields:
    """A posted form: its address, what was written, and its other fields without the CSRF token.

    The others (choices, versions, the submission token, a code) are kept unseen.
    """

    action: str
    written: list[KeptField]
    hidden: list[tuple[str, str]]


def posted_fields() -> PostedFields | None:
    """The fields of the current request; None unless it posts a form with a valid CSRF token.

    A text that another site posts must not be shown as the reader's own. No database is asked.
    """
    if request.method != "POST" or request.endpoint is None or not _has_valid_token():
        return None
    pairs = [(name, value) for name, value in request.form.items(multi=True) if name != CSRF]
    written = kept_form.written(pairs)
    shown = {field.name for field in written}
    hidden = [(name, value) for name, value in pairs if name not in shown]
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
