"""Mina sidor: what needs me first, my cases, one case, and how I may be reached."""

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
from portal.web.forms import Posted, ReplyForm, sent, summary
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


def _saved() -> str:
    return str(SAVED.get(request.args.get("klart", ""), ""))


@mina_sidor.get("")
def overview() -> ResponseReturnValue:
    """What needs me first, then what you are working with, then what is done."""
    return _overview(CodeForm(formdata=None), 200)


def _overview(form: CodeForm, code: int, errors: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    actor = current.the_citizen()
    values = overviews.page_values(actor, people.person(actor.person).name) | summary(errors or [])
    return render_template("mina_sidor/overview.html", **values, code_form=form, saved=_saved()), code


@mina_sidor.post("")
@rate_limits.limiter.limit(rate_limits.WRONG_CODES, deduct_when=rate_limits.is_refused)
def adopt() -> ResponseReturnValue:
    """Take a case that was sent with a code to Mina sidor."""
    form, actor = CodeForm(), current.the_citizen()
    holder = code_forms.code_holder_from_form(form) if sent(form) else None
    if holder is None:
        form.code.errors = [form.note() or str(code_forms.MISMATCH)]
        return _overview(form, 422, [("code", form.code.errors[0])])
    with db.transaction():
        sender_actions.adopt(actor, current.case_held(holder))
    return redirect(url_for("mina_sidor.overview", klart="tillagt"), 303)


@mina_sidor.get("/arenden/<number>")
def case(number: str) -> ResponseReturnValue:
    """One case of mine."""
    return _page(number, ReplyForm(formdata=None), 200)


@mina_sidor.post("/arenden/<number>")
def reply(number: str) -> ResponseReturnValue:
    """Write back, answer what was asked, or say that the answer was not good enough."""
    form, (do, done) = ReplyForm(), case_view.meant()
    if not sent(form):
        return _page(number, form, 422)
    if not rate_limits.may_send():
        return _page(number, form, 429, rate_limits.too_many_message())
    return _act(number, form, lambda actor, found: do(actor, found, form.body.data or ""), done)


@mina_sidor.post("/arenden/<number>/withdraw")
def withdraw(number: str) -> ResponseReturnValue:
    """Take the case back."""
    if not sent(Posted()):
        return _page(number, ReplyForm(formdata=None), 422)
    return _act(number, ReplyForm(formdata=None), sender_actions.withdraw, "atertaget")


def _act(number: str, form: ReplyForm, do: Callable[[Citizen, Case], None], done: str) -> ResponseReturnValue:
    actor = current.the_citizen()
    try:
        with db.transaction():
            do(actor, current.case(actor, number))
    except (NotAllowed, db.StaleVersion):
        return _page(number, form, 409, case_view.changed())
    return redirect(url_for("mina_sidor.case", number=number, klart=done), 303)


def _page(number: str, form: ReplyForm, code: int, note: str = "") -> ResponseReturnValue:
    actor = current.the_citizen()
    found = current.case(actor, number)
    values = case_view.described(actor, found) | summary(case_view.errors_of(form, code, note))
    page = render_template(
        "mina_sidor/case.html",
        **values,
        reply_form=form,
        reply_href=url_for("mina_sidor.reply", number=number),
        button_form=Posted(formdata=None),
        withdraw_href=url_for("mina_sidor.withdraw", number=number),
        saved=case_view.done(request.args.get("klart")),
    )
    return page, code


@mina_sidor.route("/uppgifter", methods=["GET", "POST"])
def details() -> ResponseReturnValue:
    """What we know of you, and how you want to hear from us."""
    actor = current.the_citizen()
    person = people.person(actor.person)
    chosen = {"reply_by": "portal", **people.contact_choices(actor.person)}
    form = ContactForm(sms=bool(settings().sms_gateway), data=chosen)
    if sent(form):
        with db.transaction():
            identity.choose_contact(actor.person, *form.chosen())
        return redirect(url_for("mina_sidor.details", klart="sparat"), 303)
    errors = form.problems() or ([("", form.note())] if form.note() else [])
    page = render_template(
        "mina_sidor/details.html",
        name=person.name,
        number=masked_identity_number(person.identity_number) if person.identity_number else "",
        form=form,
        saved=_saved(),
        **summary(errors),
    )
    return page, 422 if errors else 200
