"""The answer bank on a page of its own: templates that fit a case, and earlier answers to like cases."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.audit import read_log
from portal.audit.models import Read
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers import earlier
from portal.cases.answers import templates as answer_templates
from portal.cases.answers.earlier import EarlierAnswer
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web import current
from portal.web.attachments.forms import keep_draft_files
from portal.web.backoffice import backoffice
from portal.web.backoffice.answers.earlier_forms import EarlierForm
from portal.web.forms import MAX_BODY, gone_stale, summary
from portal.web.support import case_presenter, notices
from portal.words import dates


@backoffice.get("/arenden/<number>/liknande-svar")
def earlier_answers(number: str) -> str:
    actor = current.the_staff()
    return _page(actor, current.case(actor, number))


@backoffice.post("/arenden/<number>/liknande-svar")
def use_earlier(number: str) -> ResponseReturnValue:
    """Add a text to the draft, after what is in it."""
    actor = current.the_staff()
    error = _add_to_draft(actor, number)
    if error:
        return _page(actor, current.case(actor, number), [("", error)]), 422
    return redirect(url_for("backoffice.case", number=number, _anchor="svara"), 303)


def _add_to_draft(actor: Staff, number: str) -> str:
    """Why the text was not added; empty if it is in the draft."""
    form = EarlierForm()
    if not form.validate_on_submit():
        return gone_stale()
    _log_chosen(actor, number, form)
    with db.transaction():
        case = current.case(actor, number)
        if Action.ANSWER not in allowed_actions(actor, case):
            return _("Det går inte att svara i ärendet som det är nu.")
        added = form.text(actor, case)
        if added is None:
            return _("Texten går inte att använda längre. Välj en annan.")
        if not _save(actor, case, added):
            return _("Texten får inte plats. Korta ned utkastet först.")
        notices.add(case.reference, _("Texten finns i ditt utkast. Anpassa den innan du skickar."))
    return ""


def _log_chosen(actor: Staff, number: str, form: EarlierForm) -> None:
    """Log the case of a chosen answer: the number of a message can be posted without the page that lists it.

    Outside the transaction, so that a row is there whatever happens to the draft.
    """
    case = current.case(actor, number)
    if Action.ANSWER in allowed_actions(actor, case) and (answer := form.answer(actor, case)):
        read_log.log_display(actor, [answer.case], Read.LIST)


def _save(actor: Staff, case: Case, added: str) -> bool:
    """Save the draft with the text after it, and its files as they were; False if there is no room.

    This page does not show the case, so what others have changed since the draft was saved is still unread:
    the version and the time that the warning on the page of the case goes by stay.
    """
    draft = answer_drafts.get_draft(actor, case)
    text = _with(draft.body if draft else "", added)
    if len(text) > MAX_BODY:
        return False
    if draft is None:
        answer_drafts.save_draft(actor, case, text, files="")
        return True
    version, saved_at = draft.version, draft.saved_at
    saved = answer_drafts.save_draft(actor, case, text, version)
    if saved and version != case.version:
        saved.saved_at = saved_at
    if saved:
        keep_draft_files(saved.files, answer_drafts.expires_at(saved))
    return True


def _with(draft: str, added: str) -> str:
    """The draft and the added text after it; a second click adds nothing."""
    kept = draft.rstrip()
    if kept.endswith(added.rstrip()):
        return kept
    return "\n\n".join(filter(None, [kept, added]))


def _page(actor: Staff, case: Case, errors: list[tuple[str, str]] | None = None) -> str:
    answers = earlier.earlier_answers(actor, case)
    # Before the page is drawn: no log, no text.
    read_log.log_display(actor, [answer.case for answer in answers], Read.LIST)
    return render_template(
        "backoffice/earlier_answers.html",
        case=case_presenter.staff_head(case, url_for("backoffice.case", number=case.reference)),
        edit_href=url_for("backoffice.case", number=case.reference, _anchor="svara"),
        templates=answer_templates.templates_for(actor, case),
        answers=[_row(answer) for answer in answers],
        language=case.language,
        may_answer=Action.ANSWER in allowed_actions(actor, case),
        **summary(errors or []),
    )


def _row(answer: EarlierAnswer) -> dict[str, Any]:
    category = answer.case.category
    return {
        "message": answer.message,
        "subject": case_presenter.shown_subject(answer.subject),
        "href": url_for("backoffice.case", number=answer.case.reference),
        "topic": category.name if category else "",
        "how": _("Samma ämne") if answer.same_topic else _("Samma ord"),
        "day": dates.full_date(clock.stockholm(answer.answered_at).date()),
        "body": answer.body,
    }
