"""Questions about a case at the desk: what may be disclosed depends on how the person is known."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.audit import read_log
from portal.audit.models import Read
from portal.budgets import rules as budgets
from portal.budgets.counters import Tripped
from portal.cases import reference_numbers
from portal.cases.access import Capacity
from portal.cases.desk import questions, replies, visits
from portal.cases.desk.models import DeskVisit
from portal.cases.desk.questions import VisitedCase
from portal.cases.desk.rules import VisitState
from portal.cases.enums import KnownBy
from portal.cases.lifecycle import NotAllowed
from portal.files.uploads import RefusedFile
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web import current
from portal.web.attachments import posted_files
from portal.web.backoffice import backoffice
from portal.web.backoffice.desk import page as desk_page
from portal.web.backoffice.desk.forms import DeskReplyForm, PublicForm
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.request_limits import accepts_files
from portal.web.support import code_forms, notices, rate_limits
from portal.web.support.code_forms import CodeForm

log: structlog.stdlib.BoundLogger = structlog.get_logger()
SHOWN_AS = {KnownBy.CODE: Read.DESK_CODE, KnownBy.SIGNED_IN: Read.DESK_SIGN_IN}


def _clerk() -> Staff:
    actor = current.the_staff()
    return actor if visits.may_serve(actor) else abort(404)


@backoffice.get("/fraga")
def desk() -> ResponseReturnValue:
    _clerk()
    return _start(saved=notices.take("desk"))


def _start(
    form: CodeForm | None = None, number: PublicForm | None = None, saved: str = "", note: str = ""
) -> str:
    form = form or CodeForm(formdata=None)
    number = number or PublicForm(formdata=None)
    errors = [*form.problems(), *number.problems()] or ([("", note)] if note else [])
    return render_template(
        "backoffice/desk.html",
        form=form,
        public_form=number,
        button_form=EmptyForm(formdata=None),
        saved=saved,
        **summary(errors),
    )


@backoffice.post("/fraga/kod")
def desk_code() -> ResponseReturnValue:
    actor = _clerk()
    form = CodeForm()
    if not form.validate_on_submit():
        return _start(form, note=form.note()), 422
    code, reference = code_forms.code_and_reference(form)
    if reference is None:
        # It names no case, so no code of one was tried.
        return _wrong_code(form)
    # By what was typed, whether or not there is such a case.
    tried = f"case:{reference}"
    tripped = rate_limits.tripped_on(budgets.TRY_CODE_OF_CASE, tried)
    if tripped:
        return _too_often(form, tripped)
    holder = questions.case_by_code(actor, code, *reference) if code else None
    if holder is None:
        rate_limits.spend_on(budgets.TRY_CODE_OF_CASE, tried)
        return _wrong_code(form)
    with db.transaction():
        visit = visits.begin_with_code(actor, holder).id
    number = reference_numbers.reference(*reference)
    return redirect(url_for("backoffice.desk_case", visit=visit, number=number), 303)


def _wrong_code(form: CodeForm) -> ResponseReturnValue:
    log.info("code.wrong")
    form.code.errors = [str(code_forms.MISMATCH)]
    return _start(form), 422


def _too_often(form: CodeForm, tripped: Tripped) -> ResponseReturnValue:
    when = rate_limits.retry_time(tripped)
    form.code.errors = [_("Numret har fått för många fel koder. Försök igen %(time)s.", time=when)]
    return _start(form), 429


@backoffice.get("/fraga/offentligt")
def desk_public() -> ResponseReturnValue:
    actor = _clerk()
    form = PublicForm(formdata=request.args)
    reference = current.year_and_number(form.nummer.data or "")
    case = questions.public_case(actor, *reference) if reference else None
    if case is None:
        return render_template("backoffice/desk_public.html", case=None), 404
    read_log.log_display(actor, [case], Read.DESK_PUBLIC)
    return render_template("backoffice/desk_public.html", **desk_page.public_values(case))


@backoffice.post("/fraga/besok")
def desk_begin() -> ResponseReturnValue:
    actor = _clerk()
    if not EmptyForm().validate_on_submit():
        return _start(note=gone_stale()), 422
    with db.transaction():
        visit = visits.begin(actor).id
    return redirect(url_for("backoffice.desk_visit", visit=visit), 303)


def _visit(actor: Staff, visit_id: int) -> DeskVisit:
    return visits.visit_of(actor, visit_id) or abort(404)


@backoffice.get("/fraga/besok/<int(max=2147483647):visit>")
def desk_visit(visit: int) -> ResponseReturnValue:
    actor = _clerk()
    own = _visit(actor, visit)
    if own.state is VisitState.OPEN and own.case:
        return redirect(url_for("backoffice.desk_case", visit=visit, number=own.case.reference), 303)
    cases = questions.cases_of_visit(actor, own)
    # The page names the person beside their cases.
    read_log.log_rows(actor, [case.id for case in cases], how=Read.DESK_SIGN_IN)
    form = EmptyForm(formdata=None)
    return render_template("backoffice/desk_visit.html", form=form, **desk_page.visit_values(own, cases))


@backoffice.post("/fraga/besok/<int(max=2147483647):visit>/avsluta")
def desk_end(visit: int) -> ResponseReturnValue:
    actor = _clerk()
    if not EmptyForm().validate_on_submit():
        return _start(note=gone_stale()), 422
    with db.transaction():
        visits.end(_visit(actor, visit))
    notices.add("desk", _("Besöket är avslutat."))
    return redirect(url_for("backoffice.desk"), 303)


@backoffice.get("/fraga/besok/<int(max=2147483647):visit>/<number>")
def desk_case(visit: int, number: str) -> ResponseReturnValue:
    actor = _clerk()
    own = _visit(actor, visit)
    visited = _visited(actor, own, number)
    if visited is None:
        return _not_shown(own)
    form = DeskReplyForm(formdata=None)
    form.version.data = str(visited.case.version)
    return _case_page(actor, own, visited, form)


@backoffice.post("/fraga/besok/<int(max=2147483647):visit>/<number>")
@accepts_files
def desk_record(visit: int, number: str) -> ResponseReturnValue:
    actor = _clerk()
    form = DeskReplyForm()
    own = visits.visit_of(actor, visit)
    visited = _visited(actor, own, number) if own else None
    if visited is None and not EmptyForm().validate_on_submit():
        return _start(note=gone_stale()), 422
    if own is None or visited is None:
        return _not_shown(own, form)
    form.received_at = visited.case.received_at
    if not form.validate_on_submit():
        return _case_page(actor, own, visited, form, form.note()), 422 if form.errors else 200
    try:
        _record(actor, visit, number, form)
    except RefusedFile as refused:
        posted_files.refuse(form, refused)
        return _case_page(actor, own, visited, form), 422
    except (NotAllowed, db.StaleVersion):
        note = _("Ärendet ändrades medan du skrev. Läs det nya och försök igen.")
        return _case_page(actor, own, visited, form, note), 409
    notices.add(number, _("Det är inskrivet i ärendet."))
    return redirect(url_for("backoffice.desk_case", visit=visit, number=number), 303)


def _record(actor: Staff, visit: int, number: str, form: DeskReplyForm) -> None:
    with db.transaction():
        visited = _visited(actor, _visit(actor, visit), number) or abort(404)
        # The person may add to their own case, whether or not the actor reaches it.
        values = form.arguments_for(actor, visited.case)
        written = replies.record_reply(
            actor, visited.case, known=visited.known, by=Capacity.HANDLER, **values
        )
        posted_files.attach_to_all(form, actor, written.messages)


def _visited(actor: Staff, visit: DeskVisit, number: str) -> VisitedCase | None:
    reference = current.year_and_number(number)
    return questions.case_of_visit(actor, visit, *reference) if reference else None


def _not_shown(visit: DeskVisit | None, form: DeskReplyForm | None = None) -> ResponseReturnValue:
    """The end of the visit; 404 for a case that it does not show. What was written is given back."""
    if visit is None or visit.state is not VisitState.OVER:
        abort(404)
    written = form.body.data or "" if form and form.validate_on_submit() else ""
    values = desk_page.visit_values(visit, [], written)
    return render_template("backoffice/desk_visit.html", form=EmptyForm(formdata=None), **values), 410


def _case_page(
    actor: Staff, visit: DeskVisit, visited: VisitedCase, form: DeskReplyForm, note: str = ""
) -> str:
    # A refused form too: it can be posted before the page has been read.
    read_log.log_display(actor, [visited.case], SHOWN_AS[visited.known])
    errors = form.problems() or ([("", note)] if note else [])
    return render_template(
        "backoffice/desk_case.html",
        **desk_page.case_values(visit, visited),
        form=form,
        button_form=EmptyForm(formdata=None),
        saved=notices.take(visited.case.reference) if request.method == "GET" else "",
        **summary(errors),
    )
