"""One case opened by its code: status, timeline, answers and replies."""

from collections.abc import Callable

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.actions import sender as sender_actions
from portal.cases.intake import code_access
from portal.cases.lifecycle import NotAllowed
from portal.cases.models import Case
from portal.identity.actors import CodeHolder
from portal.web import case_view, current
from portal.web.forms import EmptyForm, ReplyForm, summary
from portal.web.public import follow
from portal.web.support import rate_limits


def _holder() -> CodeHolder:
    holder = current.code_holder()
    # guards.code_holder has redirected everyone else.
    assert holder
    return holder


@follow.get("")
def case() -> ResponseReturnValue:
    return _page(ReplyForm(), 200)


@follow.post("")
def reply() -> ResponseReturnValue:
    form = ReplyForm()
    action, saved_key = case_view.posted_action()
    if not form.validate_on_submit():
        return _page(form, 422)
    if not rate_limits.may_send():
        return _page(form, 429, rate_limits.too_many_message())
    body = form.body.data or ""
    return _act(form, lambda holder, case: action(holder, case, body), saved_key)


@follow.post("/withdraw")
def withdraw() -> ResponseReturnValue:
    form = ReplyForm(formdata=None)
    return (
        _act(form, sender_actions.withdraw, "atertaget")
        if EmptyForm().validate_on_submit()
        else _page(form, 422)
    )


def _act(form: ReplyForm, action: Callable[[CodeHolder, Case], None], saved_key: str) -> ResponseReturnValue:
    holder = _holder()
    try:
        with db.transaction():
            action(holder, current.case_held(holder))
    except (NotAllowed, db.StaleVersion):
        # 409 with the text kept: staff acted on the case while the sender wrote.
        return _page(form, 409, case_view.conflict_message())
    return redirect(url_for("follow.case", klart=saved_key), 303)


@follow.post("/stang")
def close() -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        return _page(ReplyForm(formdata=None), 422)
    with db.transaction():
        code_access.end_grant(session.pop(current.GRANT))
    return redirect(url_for("public.follow_start"), 303)


def _page(form: ReplyForm, code: int, note: str = "") -> ResponseReturnValue:
    holder = _holder()
    values = case_view.case_values(holder, current.case_held(holder)) | summary(
        case_view.errors_of(form, code, note)
    )
    page = render_template(
        "follow/case.html",
        **values,
        reply_form=form,
        reply_href=url_for("follow.reply"),
        withdraw_href=url_for("follow.withdraw"),
        button_form=EmptyForm(formdata=None),
        saved=case_view.saved_message(request.args.get("klart")),
    )
    return page, code
