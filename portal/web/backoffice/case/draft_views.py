"""Saving, listing and discarding drafts of answers."""

from functools import partial

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers import templates as answer_templates
from portal.cases.answers.drafts import DraftOfCase, NewerDraft
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web import current
from portal.web.attachments.forms import forget_draft_files
from portal.web.backoffice import backoffice
from portal.web.backoffice.answers import draft_panel, template_values
from portal.web.backoffice.answers.forms import AnswerForm, DraftForm
from portal.web.backoffice.case import page as case_page
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.request_limits import accepts_files
from portal.web.support import case_presenter


@backoffice.post("/arenden/<number>/utkast")
@accepts_files
def save_draft(number: str) -> ResponseReturnValue:
    """Save the draft, with a template inserted on request; a script gets JSON instead of a redirect."""
    actor = current.the_staff()
    # Not logged as a read: a script saves every few seconds while the page of the case is open.
    case = current.other_case(actor, number) or abort(404)
    form = DraftForm(answer_templates.templates_for(actor, case))
    text = _draft_text(actor, case, form) if form.validate_on_submit() else None
    if text is None:
        return _not_saved(actor, number, form)
    try:
        draft = draft_panel.save(actor, number, form, text)
    except NewerDraft as newer:
        form.body.data = text
        return two_drafts(number, form, newer.body)
    if _wants_json():
        return {"state": draft_panel.state(draft)}
    if "bank" in request.form:
        return redirect(url_for("backoffice.earlier_answers", number=number), 303)
    if draft and "preview" in request.form:
        return redirect(url_for("backoffice.preview_answer", number=number), 303)
    return redirect(url_for("backoffice.case", number=number, _anchor="svara"), 303)


def _draft_text(actor: Staff, case: Case, form: DraftForm) -> str | None:
    """The text to save; None if the requested template cannot be inserted."""
    if "fetch" not in request.form:
        return form.body.data or ""
    return form.text_with_template(partial(template_values.render_template_text, actor, case))


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def two_drafts(number: str, form: AnswerForm, newer: str) -> ResponseReturnValue:
    """The page with both texts, for the writer to choose; nothing is saved until then."""
    if _wants_json():
        return {
            "state": _("Du har ett nyare utkast i en annan flik. Det du skriver här är inte sparat.")
        }, 409
    # Having shown the newer text, the page may replace it.
    form.draft.data = answer_drafts.revision(newer)
    href = url_for("backoffice.case", number=number, _anchor="svara")
    page = render_template(
        "backoffice/two_drafts.html", form=form, newer=newer, number=number, case_href=href
    )
    return page, 409


def _not_saved(actor: Staff, number: str, form: DraftForm) -> ResponseReturnValue:
    if _wants_json():
        return {"state": ""}, 422
    return case_page.render(current.redisplay_case(actor, number), posted=("answer", form))


@backoffice.get("/utkast")
def drafts() -> ResponseReturnValue:
    return _drafts_page([])


def _drafts_page(errors: list[tuple[str, str]]) -> str:
    drafts = [_draft_row(draft) for draft in answer_drafts.list_drafts(current.the_staff())]
    return render_template("backoffice/drafts.html", drafts=drafts, **summary(errors))


def _draft_row(row: DraftOfCase) -> dict[str, str]:
    """A draft as the page lists it, without number and subject if the actor can no longer read the case."""
    number = row.case.reference if row.case else ""
    return {
        "id": str(row.draft.id),
        "heading": case_presenter.internal_subject(row.case)
        if row.case
        else _("Ett ärende som du inte ser längre"),
        "number": number,
        "href": url_for("backoffice.case", number=number, _anchor="svara") if number else "",
        # The text is the writer's own, so it stays readable.
        "text": row.draft.body,
        "state": draft_panel.state(row.draft),
        "away": url_for("backoffice.discard_draft", draft=row.draft.id),
    }


@backoffice.post("/utkast/<int(max=2147483647):draft>/ta-bort")
def discard_draft(draft: int) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        return _drafts_page([("", gone_stale())]), 422
    with db.transaction():
        forget_draft_files(answer_drafts.discard_draft(current.the_staff(), draft))
    return redirect(url_for("backoffice.drafts"), 303)
