"""One case, opened by its code: status, timeline, answers, and a way to write back."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import db
from portal.cases import commands, opening
from portal.identity.actors import CodeHolder
from portal.web import case_view, current, limits
from portal.web.case_view import ReplyForm
from portal.web.forms import Posted, sent, summary

follow = Blueprint("follow", __name__, url_prefix="/folj/arende")


def _holder() -> CodeHolder:
    """The guard has seen to it that there is one."""
    holder = current.code_holder()
    assert holder
    return holder


@follow.get("")
def case() -> ResponseReturnValue:
    """The case."""
    return _page(ReplyForm(), 200)


@follow.post("")
def reply() -> ResponseReturnValue:
    """Write back."""
    form, holder = ReplyForm(), _holder()
    if not sent(form):
        return _page(form, 422)
    if not limits.may_send():
        return _page(form, 429, limits.too_many())
    with db.transaction():
        commands.reply(holder, current.case_held(holder), form.body.data or "")
    return redirect(url_for("follow.case", skickat=1), 303)


@follow.post("/stang")
def close() -> ResponseReturnValue:
    """Close the case in this browser."""
    if not sent(Posted()):
        return _page(ReplyForm(formdata=None), 422)
    with db.transaction():
        opening.end_grant(session.pop(current.GRANT))
    return redirect(url_for("public.follow_start"), 303)


def _page(form: ReplyForm, code: int, note: str = "") -> ResponseReturnValue:
    holder = _holder()
    found = current.case_held(holder)
    values = case_view.described(holder, found) | summary(case_view.errors_of(form, code, note))
    saved = _("Tack. Vi har fått det du skrev.") if "skickat" in request.args else ""
    page = render_template(
        "follow/case.html",
        **values,
        reply_form=form,
        reply_href=url_for("follow.reply"),
        close_form=Posted(formdata=None),
        saved=saved,
    )
    return page, code
