"""The preview of an answer, as the sender will receive it."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases import parties
from portal.cases.answers import drafts as answer_drafts
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.identity import snapshots
from portal.identity.actors import Staff
from portal.notifications.preview import Preview, render_preview
from portal.notifications.rules import Medium
from portal.translation import gettext as _
from portal.translation import in_language
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers import draft_panel
from portal.web.support import case_presenter
from portal.words.masks import masked_email, masked_phone


@backoffice.get("/arenden/<number>/forhandsgranskning")
def preview_answer(number: str) -> ResponseReturnValue:
    actor = current.the_staff()
    # The case is not logged as read yet: without a draft the page is never shown.
    case = current.other_case(actor, number) or abort(404)
    draft = answer_drafts.get_draft(actor, case)
    if draft is None or Action.ANSWER not in allowed_actions(actor, case):
        return redirect(url_for("backoffice.case", number=number, _anchor="svara"), 303)
    dossier = current.open_case(actor, number)
    case = dossier.case
    return render_template(
        "backoffice/preview.html",
        case=case_presenter.staff_head(case, url_for("backoffice.case", number=number)),
        edit_href=url_for("backoffice.case", number=number, _anchor="svara"),
        form=ActionForm(formdata=None, version=draft.version),
        answer=draft_panel.panel(dossier, to_choose=False),
        reminders=draft_panel.reminders(case, draft.body),
        read_by=draft_panel.read_by(case),
        language=case.language,
        said=_answer_message(actor, case, draft.body),
        letter=_letter(
            render_preview(actor, case, draft.body), case.hide_sender or parties.is_protected(case)
        ),
    )


def _answer_message(actor: Staff, case: Case, body: str) -> case_presenter.ThreadMessage:
    # The sender reads the case in their own language, which need not be the officer's.
    with in_language(case.language):
        return case_presenter.answer_message(snapshots.as_now(actor.membership or 0), body)


def _letter(preview: Preview | None, hidden: bool) -> dict[str, Any] | None:
    if preview is None:
        return None
    mail = preview.medium is Medium.EMAIL
    to = masked_email(preview.to) if mail else masked_phone(preview.to)
    # Of a protected or hidden sender not even a masked address is shown.
    to = _("avsändarens dolda adress") if hidden else to
    return {
        "heading": _("Mejlet") if mail else _("Sms:et"),
        "to": _("Till %(to)s", to=to),
        "subject": preview.open.subject,
        "text": preview.open.text,
        "closing": preview.closing.text,
    }
