"""What the sender gets of an answer, shown before it is sent. The view stands on the back office."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.audit import trail
from portal.cases import answer_drafts, parties
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.cases.possible import possible
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.notifications.previewing import Preview, preview
from portal.notifications.rules import Medium
from portal.web import current, presenting
from portal.web.backoffice import drafting
from portal.web.backoffice.forms import ActionForm
from portal.web.backoffice.views import backoffice
from portal.words.masks import masked_email, masked_phone


@backoffice.get("/arenden/<number>/forhandsgranskning")
def preview_answer(number: str) -> ResponseReturnValue:
    """One's draft as the sender will read it; back to the case where there is none, or no way to send it."""
    actor = current.the_staff()
    found = current.other_case(actor, number) or abort(404)
    draft = answer_drafts.kept(actor, found)
    if draft is None or Action.ANSWER not in possible(actor, found):
        return redirect(url_for("backoffice.case", number=number, _anchor="svara"), 303)
    case = current.case(actor, number)
    entries, names = trail.timeline(actor, case), people.names()
    return render_template(
        "backoffice/preview.html",
        case=presenting.head(case, case.internal_subject, url_for("backoffice.case", number=number)),
        edit_href=url_for("backoffice.case", number=number, _anchor="svara"),
        form=ActionForm(formdata=None, version=draft.version),
        answer={"since": drafting.since(draft, actor, entries, names)},
        reminders=drafting.reminders(case, draft.body),
        read_by=drafting.read_by(case),
        language=case.language,
        said=_said(actor, case, draft.body),
        letter=_letter(preview(actor, case, draft.body), parties.is_protected(case)),
    )


def _said(actor: Staff, case: Case, body: str) -> presenting.Said:
    with force_locale(case.language):
        return presenting.answer_said(people.person(actor.person).name, case.handling_unit.name, body)


def _letter(found: Preview | None, protected: bool) -> dict[str, Any] | None:
    if found is None:
        return None
    mail = found.medium is Medium.EMAIL
    to = masked_email(found.to) if mail else masked_phone(found.to)
    to = _("avsändarens skyddade adress") if protected else to
    return {
        "heading": _("Mejlet") if mail else _("Sms:et"),
        "to": _("Till %(to)s", to=to),
        "subject": found.open.subject,
        "text": found.open.text,
        "closing": found.closing.text,
    }
