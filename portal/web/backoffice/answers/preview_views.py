"""The preview of an answer, as the sender will receive it."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases.answers import drafts as answer_drafts
from portal.cases.lifecycle import Action
from portal.cases.permissions import allowed_actions
from portal.formats import identity_numbers
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers import draft_panel, previews
from portal.web.backoffice.answers.forms import AnswerForm
from portal.web.support import case_presenter


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
        said=previews.answer_message(actor, case, draft.body),
        asks_number=bool(identity_numbers.find(draft.body)),
        files=AnswerForm(formdata=None, attachments=draft.files or "").field,
        letter=previews.letter(actor, case, draft.body),
    )
