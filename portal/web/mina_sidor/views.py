"""Mina sidor: the overview, one case, adding a case by its code, and contact details."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal import db
from portal.cases.actions import sender as sender_actions
from portal.cases.lifecycle import NotAllowed
from portal.cases.models import Case
from portal.config import settings
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Citizen
from portal.web import case_view, current
from portal.web.forms import EmptyForm, ReplyForm, summary
from portal.web.mina_sidor import mina_sidor
from portal.web.mina_sidor import overview as overviews
from portal.web.mina_sidor.forms import ContactForm
from portal.web.support import code_forms, rate_limits
from portal.web.support.code_forms import CodeForm
from portal.words.masks import masked_identity_number

SAVED = {
    "tillagt": _l("Ärendet finns nu på Mina sidor. Koden behövs inte längre."),
    "sparat": _l("Dina val är sparade. De gäller nästa gång du skickar något."),
}


def _saved_note() -> str:
    return str(SAVED.get(request.args.get("klart", ""), ""))


@mina_sidor.get("")
def overview() -> ResponseReturnValue:
    return _overview_page(CodeForm(formdata=None), 200)


def _overview_page(
    form: CodeForm, code: int, errors: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    actor = current.the_citizen()
    values = overviews.page_values(actor, people.person(actor.person).name) | summary(errors or [])
    return render_template("mina_sidor/overview.html", **values, code_form=form, saved=_saved_note()), code


@mina_sidor.post("")
@rate_limits.limiter.limit(rate_limits.WRONG_CODES, deduct_when=rate_limits.is_refused)
def adopt() -> ResponseReturnValue:
    form = CodeForm()
    actor = current.the_citizen()
    holder = code_forms.code_holder_from_form(form) if form.validate_on_submit() else None
    if holder is None:
        form.code.errors = [form.note() or str(code_forms.MISMATCH)]
        return _overview_page(form, 422, [("code", form.code.errors[0])])
    with db.transaction():
        sender_actions.adopt(actor, current.case_held(holder))
    return redirect(url_for("mina_sidor.overview", klart="tillagt"), 303)


@mina_sidor.get("/arenden/<number>")
def case(number: str) -> ResponseReturnValue:
    return _case_page(number, ReplyForm(formdata=None), 200)


@mina_sidor.post("/arenden/<number>")
def reply(number: str) -> ResponseReturnValue:
    form = ReplyForm()
    action, saved_key = case_view.posted_action()
    if not form.validate_on_submit():
        return _case_page(number, form, 422)
    if not rate_limits.may_send():
        return _case_page(number, form, 429, rate_limits.too_many_message())
    body = form.body.data or ""
    return _act(number, form, lambda actor, case: action(actor, case, body), saved_key)


@mina_sidor.post("/arenden/<number>/withdraw")
def withdraw(number: str) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        return _case_page(number, ReplyForm(formdata=None), 422)
    return _act(number, ReplyForm(formdata=None), sender_actions.withdraw, "atertaget")


def _act(
    number: str, form: ReplyForm, action: Callable[[Citizen, Case], None], saved_key: str
) -> ResponseReturnValue:
    actor = current.the_citizen()
    try:
        with db.transaction():
            action(actor, current.case(actor, number))
    except (NotAllowed, db.StaleVersion):
        # 409 with the text kept: staff acted on the case while the sender wrote.
        return _case_page(number, form, 409, case_view.conflict_message())
    return redirect(url_for("mina_sidor.case", number=number, klart=saved_key), 303)


def _case_page(number: str, form: ReplyForm, code: int, note: str = "") -> ResponseReturnValue:
    actor = current.the_citizen()
    values = case_view.case_values(actor, current.case(actor, number))
    values |= summary(case_view.errors_of(form, code, note))
    page = render_template(
        "mina_sidor/case.html",
        **values,
        reply_form=form,
        reply_href=url_for("mina_sidor.reply", number=number),
        button_form=EmptyForm(formdata=None),
        withdraw_href=url_for("mina_sidor.withdraw", number=number),
        saved=case_view.saved_message(request.args.get("klart")),
    )
    return page, code


@mina_sidor.route("/uppgifter", methods=["GET", "POST"])
def details() -> ResponseReturnValue:
    actor = current.the_citizen()
    person = people.person(actor.person)
    chosen = {"reply_by": "portal", **people.contact_choices(actor.person)}
    form = ContactForm(sms=bool(settings().sms_gateway), data=chosen)
    if form.validate_on_submit():
        with db.transaction():
            identity.save_contact_choices(actor.person, *form.contact_choice())
        return redirect(url_for("mina_sidor.details", klart="sparat"), 303)
    errors = form.problems() or ([("", form.note())] if form.note() else [])
    page = render_template(
        "mina_sidor/details.html",
        name=person.name,
        number=masked_identity_number(person.identity_number) if person.identity_number else "",
        form=form,
        saved=_saved_note(),
        **summary(errors),
    )
    return page, 422 if errors else 200
