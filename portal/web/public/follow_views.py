"""One case opened by its code: status, timeline, answers and replies."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.web import case_view, current
from portal.web.case_view import SenderCase
from portal.web.forms import EmptyForm
from portal.web.public import follow


def _opened() -> SenderCase:
    holder = current.code_holder()
    # guards.code_holder has redirected everyone else.
    assert holder
    return SenderCase(holder, lambda: current.case_held(holder), "follow/case.html")


@follow.get("")
def case() -> ResponseReturnValue:
    return case_view.show(_opened())


@follow.post("")
def reply() -> ResponseReturnValue:
    return case_view.reply(_opened())


@follow.post("/withdraw")
def withdraw() -> ResponseReturnValue:
    return case_view.withdraw(_opened())


@follow.post("/stang")
def close() -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        return case_view.refuse(_opened())
    with db.transaction():
        current.end_grants()
    return redirect(url_for("public.follow_start"), 303)
