"""Mina sidor: the overview, one case, adding a case by its code, and contact details."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import ReplyBy
from portal.cases.intake import form_drafts
from portal.config import settings
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Citizen, CodeHolder
from portal.translation import gettext as _
from portal.web import case_view, current, languages, open_cases
from portal.web.case_view import SenderCase
from portal.web.forms import summary
from portal.web.mina_sidor import mina_sidor
from portal.web.mina_sidor import overview as overviews
from portal.web.mina_sidor.forms import AdoptForm, ContactForm, TakeAlongForm
from portal.web.support import code_forms, fresh_sign_in, notices
from portal.words.masks import masked_identity_number

# The address parameter of a form that waits for a fresh sign-in.
WAITING = "utkast"


@mina_sidor.get("")
def overview() -> ResponseReturnValue:
    return _overview_page(AdoptForm(formdata=None), 200)


def _overview_page(
    form: AdoptForm, code: int, errors: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    actor = current.the_citizen()
    shown = overviews.shown_closed(request.args.get(overviews.PARAMETER, ""))
    values = overviews.page_values(actor, current.user().name, shown) | summary(errors or [])
    saved = notices.take("overview") if code == 200 else ""
    return render_template("mina_sidor/overview.html", **values, code_form=form, saved=saved), code


@mina_sidor.post("")
def adopt() -> ResponseReturnValue:
    form = AdoptForm()
    actor = current.the_citizen()
    if languages.is_switched():
        return _overview_page(form, 200)
    holder = code_forms.code_holder_from_form(form) if form.validate_on_submit() else None
    if holder is None:
        form.code.errors = [form.note() or str(code_forms.MISMATCH)]
        return _overview_page(form, 422, [("code", form.code.errors[0])])
    with db.transaction():
        sender_actions.adopt(actor, current.case_held(holder), unsafe=bool(form.unsafe.data))
    notices.add("overview", _("Ärendet finns nu på Mina sidor. Koden behövs inte längre."))
    return redirect(url_for("mina_sidor.overview"), 303)


@mina_sidor.get("/ta-med/<handle>")
def take_along(handle: str) -> ResponseReturnValue:
    holder = open_cases.code_holder(handle)
    if holder is None:
        return redirect(url_for("mina_sidor.overview"), 303)
    return _take_along_page(holder, TakeAlongForm(), 200)


@mina_sidor.post("/ta-med/<handle>")
def add_taken_along(handle: str) -> ResponseReturnValue:
    form = TakeAlongForm()
    holder = open_cases.code_holder(handle)
    if not form.validate_on_submit():
        return _take_along_page(holder, form, 422) if holder else abort(422)
    if holder is None:
        return redirect(url_for("mina_sidor.overview"), 303)
    with db.transaction():
        sender_actions.adopt(current.the_citizen(), current.case_held(holder), unsafe=bool(form.unsafe.data))
        open_cases.close_case(handle)
    notices.add("overview", _("Ärendet finns nu på Mina sidor. Koden behövs inte längre."))
    return redirect(url_for("mina_sidor.overview"), 303)


def _take_along_page(holder: CodeHolder, form: TakeAlongForm, status: int) -> ResponseReturnValue:
    case = current.case_held(holder)
    return render_template("mina_sidor/take_along.html", case=case, form=form, note=form.note()), status


def _opened(number: str) -> SenderCase:
    actor = current.the_citizen()
    return SenderCase(actor, lambda: current.case(actor, number), "mina_sidor/case.html")


@mina_sidor.get("/arenden/<number>")
def case(number: str) -> ResponseReturnValue:
    return case_view.show(_opened(number))


@mina_sidor.post("/arenden/<number>")
def reply(number: str) -> ResponseReturnValue:
    return case_view.reply(_opened(number))


@mina_sidor.get("/arenden/<number>/arende.pdf")
def pdf_of(number: str) -> ResponseReturnValue:
    return case_view.download(_opened(number))


@mina_sidor.post("/arenden/<number>/withdraw")
def withdraw(number: str) -> ResponseReturnValue:
    return case_view.withdraw(_opened(number))


@mina_sidor.route("/uppgifter", methods=["GET", "POST"])
def details() -> ResponseReturnValue:
    actor = current.the_citizen()
    chosen = {"reply_by": "portal", **people.contact_choices(actor.person)}
    form = ContactForm(sms=bool(settings().sms_gateway), data=chosen | _waiting(actor))
    if not form.validate_on_submit():
        return _details_page(actor, form)
    if not fresh_sign_in.is_fresh():
        return _sign_in_again(actor, form)
    _save_contact_choice(actor, form)
    notices.add("details", _saved_text(form))
    return redirect(url_for("mina_sidor.details"), 303)


def _saved_text(form: ContactForm) -> str:
    if form.ongoing.data:
        return _("Dina val är sparade. De gäller också dina pågående ärenden.")
    return _("Dina val är sparade. De gäller nya ärenden.")


def _details_page(actor: Citizen, form: ContactForm) -> ResponseReturnValue:
    person = people.person(actor.person)
    errors = form.problems() or ([("", form.note())] if form.note() else [])
    page = render_template(
        "mina_sidor/details.html",
        name=person.name,
        number=masked_identity_number(person.identity_number) if person.identity_number else "",
        form=form,
        saved="" if errors else notices.take("details"),
        **summary(errors),
    )
    return page, 422 if errors else 200


def _save_contact_choice(actor: Citizen, form: ContactForm) -> None:
    reply_by, email, phone = form.contact_choice()
    with db.transaction():
        identity.save_contact_choices(actor.person, reply_by, email, phone)
        if form.ongoing.data:
            unsafe = bool(form.unsafe.data)
            sender_actions.change_addresses(actor, ReplyBy(reply_by), email, phone, unsafe)
        form_drafts.delete_draft(request.args.get(WAITING, ""))


def _sign_in_again(actor: Citizen, form: ContactForm) -> ResponseReturnValue:
    """The way to a fresh sign-in, with what was written kept until the person is back."""
    with db.transaction():
        handle = form_drafts.save_draft(form.values() | {"person": str(actor.person)})
    back = url_for("mina_sidor.details", utkast=handle)
    return fresh_sign_in.sign_in_again(back, _("Du håller på att ändra hur vi når dig."))


def _waiting(actor: Citizen) -> dict[str, str]:
    """What this person wrote before a fresh sign-in; empty without it, and for anybody else."""
    draft = form_drafts.get_draft(request.args.get(WAITING, "")) if request.method == "GET" else {}
    return draft if draft.pop("person", "") == str(actor.person) else {}
