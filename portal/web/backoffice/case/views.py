"""The page of a case, and the actions on it."""

from collections.abc import Callable
from typing import Any

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal import db
from portal.audit import trail
from portal.audit.models import Read
from portal.cases import parties, transitions
from portal.cases.actions import handling
from portal.cases.actions.bars import NobodyLeft
from portal.cases.actions.handling import Written
from portal.cases.actions.routing import AlreadyThere
from portal.cases.actions.secrecy import SamePerson, UnknownProvision, WrongMessage
from portal.cases.actions.subjects import DroppedKind
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.drafts import NewerDraft
from portal.cases.authority.handovers import WrongGround
from portal.cases.deadlines import WrongDate
from portal.cases.groups.answers import NamesSender
from portal.cases.groups.merging import WrongCase
from portal.cases.improvements.commands import UnknownImprovement, WrongImprovement
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.measures.actions import WrongMeasure
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.transitions import NeedsConfirmation
from portal.files.uploads import RefusedFile
from portal.identity.actors import Staff
from portal.notifications.sent.messages import resend
from portal.translation import gettext as _
from portal.web import current, pdf
from portal.web.attachments import posted_files, refusals
from portal.web.attachments.forms import FilesForm
from portal.web.backoffice import backoffice, transferred
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers.forms import AnswerForm
from portal.web.backoffice.case import conflict, draft_views, printing, similar_views
from portal.web.backoffice.case import page as case_page
from portal.web.backoffice.case.actions import SPECS, by_name
from portal.web.backoffice.case.actions.specs import ActionSpec
from portal.web.backoffice.case_list import step_views
from portal.web.backoffice.case_list.address import queue_href
from portal.web.backoffice.correction_forms import NO_KIND
from portal.web.request_limits import accepts_files
from portal.web.support import fresh_sign_in, notices
from portal.words.labels import DATE_PROBLEM, MERGE_PROBLEM

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# Refusals that a field of the form explains.
WRONG = (
    *(NobodyLeft, WrongDate, WrongCase, WrongMeasure, WrongMessage),
    *(UnknownProvision, NeedsConfirmation, WrongGround, AlreadyThere, DroppedKind),
    *(UnknownImprovement, WrongImprovement),
)
# The field of a form that decides who reaches the case: it explains a case that is left to no one.
DECIDES_WHO = ("officer", "provision", "to", "number", "body")


@backoffice.get("/arenden/<number>")
def case(number: str) -> ResponseReturnValue:
    actor = current.the_staff()
    handed_over = current.open_transferred(actor, number)
    if handed_over:
        return transferred.render(handed_over)
    dossier = current.open_case(actor, number)
    return case_page.render(dossier, saved=notices.take(dossier.case.reference))


@backoffice.get("/arenden/<number>/utskrift")
def print_of(number: str) -> str:
    actor = current.the_staff()
    return printing.page(current.open_case(actor, number, Read.PRINT))


@backoffice.get("/arenden/<number>/arende.pdf")
def pdf_of(number: str) -> ResponseReturnValue:
    actor = current.the_staff()
    href = url_for("backoffice.print_of", number=number)
    if not pdf.available():
        return render_template("backoffice/no_pdf.html", print_href=href), 404
    try:
        return printing.download(current.open_case(actor, number, Read.PDF))
    except pdf.PdfFailed:
        return render_template("backoffice/pdf_failed.html", print_href=href), 503


@backoffice.post("/arenden/<number>/<action>")
@accepts_files
def act(number: str, action: str) -> ResponseReturnValue:
    """Run an action, or show the page again with the posted form and its errors."""
    actor = current.the_staff()
    spec = _pressed_action(action)
    try:
        return _act(actor, spec, number, action)
    except NotFound:
        if not _is_repeated(actor, action, number):
            raise
        return _redirect_to_queue(spec)


def _is_repeated(actor: Staff, action: str, number: str) -> bool:
    """Whether the actor has done this with a case that they have not seen since: a second click."""
    reference = current.year_and_number(number)
    return bool(reference and trail.was_done_by(actor, Action(action), *reference))


def _act(actor: Staff, spec: ActionSpec, number: str, action: str) -> ResponseReturnValue:
    form = spec.form.for_case(actor, current.case(actor, number))
    if not form.validate_on_submit() or "again" in request.form:
        return _redisplay(actor, number, action, form)
    try:
        with db.transaction():
            created = _run(spec, actor, number, form)
    except RefusedFile as refused:
        form.field.errors = [refusals.text(refused)]
        return _redisplay(actor, number, action, form)
    except NewerDraft as newer:
        return draft_views.two_drafts(number, form, newer.body)
    except WRONG as problem:
        return _redisplay(actor, number, action, _add_error(form, problem))
    except SamePerson:
        return _second_person(actor, number, action, form)
    except (transitions.Conflict, db.StaleVersion):
        return conflict.render(actor, number, action, form)
    except NotAllowed as refusal:
        return conflict.render(actor, number, action, form, refusal.allowed)
    if spec.and_next and step_views.goes_on(actor):
        return step_views.to_next(actor, number, str(spec.and_next.done) % {"number": number})
    once = spec.page(number, form) if spec.page else None
    return once or _redirect_after(actor, created, number, spec)


def _pressed_action(name: str) -> ActionSpec:
    """The action of the pressed button: the second button of a form is an action of its own."""
    action = by_name(name) or abort(404)
    second = SPECS[action].and_close
    if second and "close" in request.form:
        action = second
    return SPECS[action]


def _run(spec: ActionSpec, actor: Staff, number: str, form: ActionForm) -> Case | None:
    # Two officers with the same pair in opposite order would wait for each other's row lock.
    if spec.two_cases:
        transitions.lock_case_pairs()
    case = current.case(actor, number)
    if isinstance(form, AnswerForm):
        # An answer deletes the draft, which another tab may have written on since.
        answer_drafts.check_newer(actor, case, form.body.data or "", form.shown_draft())
    result = spec.run(actor, case, form)
    if not isinstance(result, Written):
        return result
    if isinstance(form, FilesForm):
        posted_files.attach_to_all(form, actor, result.messages)
    return None


def _redisplay(actor: Staff, number: str, action: str, form: Any) -> ResponseReturnValue:
    """The page with the posted form; the conflict page if the action is no longer possible."""
    allowed = allowed_actions(actor, current.case(actor, number))
    if action and action not in allowed:
        return conflict.render(actor, number, action, form, allowed)
    dossier = current.redisplay_case(actor, number)
    # The button of a task has no version: it acts on the task, however the case has changed.
    if action and "again" in request.form:
        form.renew(dossier.case.version, dossier.last_sequence)
    return case_page.render(dossier, posted=(action, form))


def _add_error(form: Any, problem: Exception) -> Any:
    """The form, with the message of the exception at its field."""
    match problem:
        case WrongDate(problem=which):
            field = next(form[name] for name in ("until", "next_step", "day") if name in form)
            field.errors = [str(DATE_PROBLEM[which])]
        case WrongCase(problem=which):
            form.number.errors = [str(MERGE_PROBLEM[which])]
        case NamesSender(words=words, files=files):
            form.refuse_names(words, files)
        case WrongMeasure():
            form.measure.errors = [_("Förslaget finns inte i det här ärendet.")]
        case WrongMessage():
            form.message.errors = [_("Meddelandet finns inte i det här ärendet, eller så är det ändrat.")]
        case UnknownProvision():
            form.provision.errors = [_("Välj en bestämmelse i listan")]
        case NobodyLeft():
            field = next(form[name] for name in DECIDES_WHO if name in form)
            field.errors = [
                _("Ingen annan kan ta hand om ärendet. Säg till din chef, så att någon får behörighet först.")
            ]
        case WrongImprovement(problem=which):
            form.refuse(which)
        case UnknownImprovement():
            form.improvement.errors = [_("Välj en förbättring i listan")]
        case WrongGround(problem=which):
            form.refuse(which)
        case DroppedKind():
            form.kind.errors = [str(NO_KIND)]
        case AlreadyThere():
            form.to.errors = [_("Ärendet finns redan där. Välj något annat.")]
        case _:
            form.asks = True
            form.confirmed.errors = [str(form.question)]
    return form


def _second_person(actor: Staff, number: str, action: str, form: Any) -> ResponseReturnValue:
    """The page with the form of a lift that another person has to make, and why."""
    form.body.errors = [_("Du har själv begärt att sekretessen hävs. En annan person måste häva den.")]
    return case_page.render(current.redisplay_case(actor, number), posted=(action, form))


def _redirect_after(actor: Staff, created: Case | None, number: str, spec: ActionSpec) -> ResponseReturnValue:
    """Redirect to the created case or back to the case; to the queue if the actor can no longer read it."""
    case = created or current.other_case(actor, number)
    if case is None:
        return _redirect_to_queue(spec)
    notices.add(case.reference, spec.confirmation(actor, case))
    return redirect(similar_views.way_back(case.reference), 303)


def _redirect_to_queue(spec: ActionSpec) -> ResponseReturnValue:
    notices.add("queue", f"{spec.saved} {_('Du kan inte längre se ärendet.')}")
    return redirect(queue_href(), 303)


@backoffice.post("/arenden/<number>/avsandare")
def reveal(number: str) -> ResponseReturnValue:
    """Show a protected sender once to the officer of the case, which is logged."""
    actor = current.the_staff()
    form = ActionForm()
    if not form.validate_on_submit():
        return _redisplay(actor, number, "", form)
    case = current.case(actor, number)
    if not parties.may_reveal(actor, case):
        return conflict.render(actor, number, "", form, allowed_actions(actor, case))
    if not fresh_sign_in.is_fresh():
        text = _("Du är på väg att visa en skyddad avsändare. Tryck på samma knapp när du är tillbaka.")
        return fresh_sign_in.sign_in_again(url_for("backoffice.case", number=number), text)
    dossier = current.open_case(actor, number, Read.SENDER)
    log.warning("sender.revealed", membership=actor.membership)
    # The case may have passed to another officer since the check above.
    return case_page.render(dossier, revealed=parties.may_reveal(actor, dossier.case))


@backoffice.post("/arenden/<number>/meddelanden/<int(max=2147483647):message>")
def resend_message(number: str, message: int) -> ResponseReturnValue:
    def run(actor: Staff, case: Case) -> str:
        is_queued = resend(actor, case, message)
        return _("Meddelandet skickas igen.") if is_queued else _("Meddelandet går inte att skicka igen.")

    return _run_button(number, run)


@backoffice.post("/arenden/<number>/uppgifter/<int(max=2147483647):task>")
def finish_task(number: str, task: int) -> ResponseReturnValue:
    def run(actor: Staff, case: Case) -> str:
        handling.finish_task(actor, case, task)
        return _("Klart. Uppgiften är borta från ärendet.")

    return _run_button(number, run)


def _run_button(number: str, run: Callable[[Staff, Case], str]) -> ResponseReturnValue:
    """Run what a button without fields does, and show the text that it returns on the case."""
    actor = current.the_staff()
    form = ActionForm()
    if not form.validate_on_submit():
        return _redisplay(actor, number, "", form)
    with db.transaction():
        case = current.case(actor, number)
        text = run(actor, case)
    notices.add(case.reference, text)
    return redirect(url_for("backoffice.case", number=number), 303)
