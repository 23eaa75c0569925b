"""Mina sidor: how a person is notified of new cases, and of a single one. A change needs a fresh sign-in."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases import parties
from portal.cases.actions import sender as sender_actions
from portal.cases.intake import form_drafts
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.config import settings
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Citizen
from portal.translation import gettext as _
from portal.web import current
from portal.web.forms import summary
from portal.web.mina_sidor import mina_sidor
from portal.web.mina_sidor.forms import ContactForm, NotifyForm
from portal.web.support import fresh_sign_in, notices
from portal.words.labels import NOTIFY_HINT
from portal.words.masks import masked_identity_number

# The address parameter of a form that waits for a fresh sign-in.
WAITING = "utkast"


@mina_sidor.route("/uppgifter", methods=["GET", "POST"])
def details() -> ResponseReturnValue:
    actor = current.the_citizen()
    form = ContactForm(sms=_sends_sms(), data=people.contact_choices(actor.person) | _waiting(actor))
    if not form.validate_on_submit():
        return _details_page(actor, form)
    if not fresh_sign_in.is_fresh():
        return _sign_in_again(actor, form)
    _save_contact_choice(actor, form)
    notices.add("details", _saved_text(form))
    return redirect(url_for("mina_sidor.details"), 303)


def _sends_sms() -> bool:
    return bool(settings().sms_gateway)


def _saved_text(form: ContactForm) -> str:
    if form.ongoing.data:
        return _("Dina val är sparade. De gäller också dina pågående ärenden.")
    return _("Dina val är sparade. De gäller nya ärenden.")


def _details_page(actor: Citizen, form: ContactForm) -> ResponseReturnValue:
    person = people.person(actor.person)
    number = masked_identity_number(person.identity_number) if person.identity_number else ""
    saved = notices.take("details") if request.method == "GET" else ""
    return _page("mina_sidor/details.html", form, name=person.name, number=number, saved=saved)


def _page(
    template: str, form: NotifyForm, note: str = "", code: int = 422, **values: Any
) -> ResponseReturnValue:
    note = note or form.note()
    errors = form.problems() or ([("", note)] if note else [])
    page = render_template(template, form=form, hints=NOTIFY_HINT, **values, **summary(errors))
    return page, code if errors else 200


def _save_contact_choice(actor: Citizen, form: ContactForm) -> None:
    notify_by, email, phone = form.choice()
    with db.transaction():
        identity.save_contact_choices(actor.person, notify_by, email, phone)
        if form.ongoing.data:
            sender_actions.change_addresses(actor, notify_by, email, phone, bool(form.unsafe.data))
        form_drafts.delete_draft(request.args.get(WAITING, ""))


@mina_sidor.route("/arenden/<number>/meddelanden", methods=["GET", "POST"])
def notification(number: str) -> ResponseReturnValue:
    actor = current.the_citizen()
    case = current.case(actor, number)
    if Action.CHANGE_ADDRESS not in allowed_actions(actor, case):
        return redirect(url_for("mina_sidor.case", number=number), 303)
    form = NotifyForm(sms=_sends_sms(), data=_of_case(case) | _waiting(actor))
    if not form.validate_on_submit():
        return _page("mina_sidor/notification.html", form, case=case)
    if not fresh_sign_in.is_fresh():
        return _sign_in_again(actor, form)
    try:
        _change_notification(actor, number, form)
    except (NotAllowed, db.StaleVersion):
        note = _("Ärendet ändrades medan du skrev. Försök igen.")
        return _page("mina_sidor/notification.html", form, note, 409, case=case)
    notices.add(number, _("Ditt val är sparat. Det gäller bara det här ärendet."))
    return redirect(url_for("mina_sidor.case", number=number), 303)


def _of_case(case: Case) -> dict[str, str | None]:
    """How the sender is notified now; of a protected sender no address is on any page."""
    email, phone = (None, None) if parties.is_protected(case) else parties.reached_at(case)
    return {"notify_by": case.notify_by.value, "email": email, "phone": phone}


def _change_notification(actor: Citizen, number: str, form: NotifyForm) -> None:
    notify_by, email, phone = form.choice()
    with db.transaction():
        case = current.case(actor, number)
        sender_actions.change_address(actor, case, notify_by, email, phone, bool(form.unsafe.data))
        form_drafts.delete_draft(request.args.get(WAITING, ""))


def _sign_in_again(actor: Citizen, form: NotifyForm) -> ResponseReturnValue:
    """The way to a fresh sign-in, with what was written kept until the person is back."""
    with db.transaction():
        handle = form_drafts.save_draft(form.values() | {"person": str(actor.person)})
    back = url_for(request.endpoint or "", **(request.view_args or {}) | {WAITING: handle})
    return fresh_sign_in.sign_in_again(back, _("Du håller på att ändra hur vi når dig."))


def _waiting(actor: Citizen) -> dict[str, str]:
    """What this person wrote before a fresh sign-in; empty without it, and for anybody else."""
    draft = form_drafts.get_draft(request.args.get(WAITING, "")) if request.method == "GET" else {}
    return draft if draft.pop("person", "") == str(actor.person) else {}
