"""Before an answer is sent: its draft. The views stand on the blueprint of the back office."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import db
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers import templates as answer_templates
from portal.cases.answers.drafts import DraftOfCase
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.answers import draft_panel, template_values
from portal.web.backoffice.answers.forms import DraftForm
from portal.web.backoffice.case import page as case_page
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.support import case_presenter


@backoffice.post("/arenden/<number>/utkast")
def save_draft(number: str) -> ResponseReturnValue:
    """Keep what is written, with a template after it if one is fetched. A script is told in a word."""
    actor = current.the_staff()
    # Nobody reads the case by this: it is saved every few seconds while its page is open.
    found = current.other_case(actor, number) or abort(404)
    form = DraftForm(answer_templates.templates_for(actor, found))
    text = _text(actor, found, form) if form.validate_on_submit() else None
    if text is None:
        return _not_saved(actor, number, form)
    kept = draft_panel.save(actor, number, form, text)
    if _asked_by_script():
        return {"state": draft_panel.state(kept)}
    if kept and "preview" in request.form:
        return redirect(url_for("backoffice.preview_answer", number=number), 303)
    return redirect(url_for("backoffice.case", number=number, _anchor="svara"), 303)


def _text(actor: Staff, found: Case, form: DraftForm) -> str | None:
    """What is to be kept; None if the template that is asked for cannot be put in."""
    if "fetch" not in request.form:
        return form.body.data or ""
    return form.fetched(lambda chosen: template_values.filled(actor, found, chosen))


def _asked_by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _not_saved(actor: Staff, number: str, form: DraftForm) -> ResponseReturnValue:
    if _asked_by_script():
        return {"state": ""}, 422
    return case_page.render(current.redisplay_case(actor, number), posted=("answer", form))


@backoffice.get("/utkast")
def drafts() -> ResponseReturnValue:
    """All that one has begun to answer, even where the case is no longer one's to see."""
    return _drafts([])


def _drafts(errors: list[tuple[str, str]]) -> str:
    kept = [_shown(each) for each in answer_drafts.list_drafts(current.the_staff())]
    return render_template("backoffice/drafts.html", drafts=kept, **summary(errors))


def _shown(kept: DraftOfCase) -> dict[str, str]:
    """A draft as a panel; of a case that is not seen any more only the text, which is its writer's."""
    number = case_presenter.number_of(kept.case) if kept.case else ""
    return {
        "id": str(kept.draft.id),
        "heading": kept.case.internal_subject if kept.case else _("Ett ärende som du inte ser längre"),
        "number": number,
        "href": url_for("backoffice.case", number=number, _anchor="svara") if number else "",
        "text": kept.draft.body,
        "state": draft_panel.state(kept.draft),
        "away": url_for("backoffice.throw_away", draft=kept.draft.id),
    }


@backoffice.post("/utkast/<int(max=2147483647):draft>/ta-bort")
def throw_away(draft: int) -> ResponseReturnValue:
    """Forget one of one's own drafts."""
    if not EmptyForm().validate_on_submit():
        return _drafts([("", gone_stale())]), 422
    with db.transaction():
        answer_drafts.discard_draft(current.the_staff(), draft)
    return redirect(url_for("backoffice.drafts"), 303)
