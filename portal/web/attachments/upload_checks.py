"""The files that came with the posted form: which they are, and whether they may be stored."""

from collections.abc import Sequence
from os import SEEK_END

from flask import g, request
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import FileStorage
from wtforms.validators import ValidationError

from portal.budgets import rules as budgets
from portal.budgets.counters import Tripped
from portal.web.support import rate_limits


def spend(posted: Sequence[FileStorage]) -> Tripped | None:
    """Count the files under the budget of uploads, by their number and size."""
    # In the public form it is not known yet whether a person who is signed in will be anonymous.
    anonymous = request.blueprint == "public"
    times = sum(1 + _size(file) // budgets.UPLOAD_BYTES for file in posted)
    return rate_limits.spend_times(budgets.UPLOAD, times, anonymous)


def _size(file: FileStorage) -> int:
    size = file.stream.seek(0, SEEK_END)
    file.stream.seek(0)
    return size


def posted_files() -> list[FileStorage]:
    """The files of the posted form. A browser sends an empty part without a name for an empty field."""
    return [file for file in request.files.getlist("attachments") if file.filename]


def has_valid_token() -> bool:
    """Whether one of our forms was posted: nothing is stored for a form of another site."""
    if "valid_token" not in g:
        try:
            validate_csrf(request.form.get("csrf_token"))
        except ValidationError:
            g.valid_token = False
        else:
            g.valid_token = True
    return bool(g.valid_token)
