"""The list of improvements, the page of one, and the form of a new one."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.improvements import commands, proposals, queries
from portal.cases.improvements.commands import UnknownImprovement, WrongImprovement
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementProblem, ImprovementState, may_edit
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.notifications.staff import notices as staff_notices
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.improvements import page as pages
from portal.web.backoffice.improvements import sources
from portal.web.backoffice.improvements.compilation_views import may_compile
from portal.web.backoffice.improvements.forms import ChangeForm, ExistingForm, NewImprovementForm
from portal.web.backoffice.improvements.sources import Source
from portal.web.forms import Form, gone_stale, summary
from portal.web.support import notices


@backoffice.get("/forbattringar")
def improvements() -> str:
    actor = current.the_staff()
    return render_template(
        "backoffice/improvements.html",
        **pages.list_values(actor, request.args),
        compilations_href=url_for("backoffice.compilations") if may_compile(actor) else "",
    )


@backoffice.route("/forbattringar/ny", methods=["GET", "POST"])
def new_improvement() -> ResponseReturnValue:
    """The form of a new one; with `arende` and `forslag` in the address, of a proposal."""
    actor = current.the_staff()
    if not queries.editable_units(actor):
        abort(404)
    source = sources.source(request.args)
    if request.method == "GET" and source:
        return _form_of_proposal(actor, source)
    if source and "existing" in request.form:
        return _link_to_existing(actor, source)
    form = NewImprovementForm(actor)
    if not form.validate_on_submit():
        return _new_page(form, source)
    try:
        with db.transaction():
            made = _made(actor, form, source).id
    except WrongImprovement as wrong:
        form.refuse(wrong.problem)
        return _new_page(form, source)
    notices.add(notice_page(made), _saved(source))
    return redirect(url_for("backoffice.improvement", improvement_id=made), 303)


def _link_to_existing(actor: Staff, source: Source) -> ResponseReturnValue:
    """Link a proposal to an existing improvement."""
    form = ExistingForm(actor)
    if not form.validate_on_submit():
        return _form_of_proposal(actor, source, form)
    try:
        with db.transaction():
            case = _case_of(actor, source)
            linked = proposals.link_to_existing(actor, case, form.improvement(), source.measure).id
    except UnknownImprovement:
        abort(404)
    except WrongImprovement as wrong:
        form.refuse(wrong.problem)
        return _new_page(NewImprovementForm(actor, formdata=None), source, form)
    notices.add(notice_page(linked), _("Ärendet är kopplat till förbättringen."))
    return redirect(url_for("backoffice.improvement", improvement_id=linked), 303)


def _form_of_proposal(
    actor: Staff, source: Source, existing: ExistingForm | None = None
) -> ResponseReturnValue:
    """The form filled in with a proposal, or why it cannot become an improvement."""
    case, proposal = sources.known(actor, source)
    form = NewImprovementForm(actor, formdata=None, data=sources.prefilled(actor, case, proposal))
    problem = proposals.problem(proposal) if proposal else None
    if problem:
        form.refuse(problem)
    return _new_page(form, source, existing)


def _made(actor: Staff, form: NewImprovementForm, source: Source | None) -> Improvement:
    if source is None:
        return commands.create(actor, form.unit_id(), form.wanted())
    return proposals.make(actor, _case_of(actor, source), form.unit_id(), form.wanted(), source.measure)


def _case_of(actor: Staff, source: Source) -> Case:
    """The case of a source, locked. Raises WrongImprovement if the actor cannot read it any more."""
    case = current.other_case(actor, source.number)
    if case is None:
        raise WrongImprovement(ImprovementProblem.NO_PROPOSAL)
    return case


def _saved(source: Source | None) -> str:
    if source:
        return _("Förbättringen är sparad, och ärendet är kopplat till den.")
    return _("Förbättringen är sparad. Koppla ärenden till den från ärendelistan.")


def notice_page(improvement_id: int) -> str:
    """The name of the page of an improvement among the confirmations."""
    return f"improvement-{improvement_id}"


def errors_of(form: Form) -> list[tuple[str, str]]:
    """The field ids and messages of the summary of errors."""
    return form.problems() or ([("", form.note() or _("Försök igen."))] if form.errors else [])


def _new_page(
    form: NewImprovementForm, source: Source | None, existing: ExistingForm | None = None
) -> ResponseReturnValue:
    errors = errors_of(existing or form)
    page = render_template(
        "backoffice/improvement_new.html",
        form=form,
        source=source,
        existing=existing or ExistingForm(current.the_staff(), formdata=None),
        **summary(errors),
    )
    return page, 422 if errors else 200


@backoffice.route("/forbattringar/<int(max=2147483647):improvement_id>", methods=["GET", "POST"])
def improvement(improvement_id: int) -> ResponseReturnValue:
    actor = current.the_staff()
    row = _opened(actor, improvement_id)
    if not may_edit(actor, queries.place_of(row)):
        return _page(actor, row, None) if request.method == "GET" else abort(404)
    form = ChangeForm(row)
    if not form.validate_on_submit():
        return _page(actor, row, form)
    try:
        with db.transaction():
            state = ImprovementState(str(form.state.data))
            commands.change(actor, improvement_id, form.seen(), form.wanted(), state)
    except UnknownImprovement:
        abort(404)
    except WrongImprovement as wrong:
        form.refuse(wrong.problem)
        return _page(actor, row, form)
    except db.StaleVersion:
        return _stale(actor, improvement_id, form)
    notices.add(notice_page(improvement_id), _("Ändringen är sparad."))
    return redirect(url_for("backoffice.improvement", improvement_id=improvement_id), 303)


def _opened(actor: Staff, improvement_id: int) -> Improvement:
    """The improvement, whose notices its page makes seen. Aborts with 404 if the actor cannot read it."""
    row = queries.improvement(actor, improvement_id) or abort(404)
    if not staff_notices.mark_improvement_seen(actor, improvement_id):
        return row
    # The head of the page counts what is not seen: by a session that sees the mark.
    db.close_read_session()
    return queries.improvement(actor, improvement_id) or abort(404)


def _stale(actor: Staff, improvement_id: int, form: ChangeForm) -> ResponseReturnValue:
    """The page as it is now with what was written, which can be sent again."""
    db.close_read_session()
    row = queries.improvement(actor, improvement_id) or abort(404)
    form.version.data = str(row.version)
    text = _("Någon hann ändra förbättringen före dig. Det du skrev finns kvar. Läs det nya och spara igen.")
    page, _code = _drawn(actor, row, form, [("", text)])
    return page, 409


def refused_button(actor: Staff, row: Improvement) -> ResponseReturnValue:
    """The page for a button without a valid token."""
    return _drawn(actor, row, ChangeForm(row, formdata=None), [("", gone_stale())])


def _page(actor: Staff, row: Improvement, form: ChangeForm | None) -> ResponseReturnValue:
    return _drawn(actor, row, form, errors_of(form) if form else [])


def _drawn(
    actor: Staff, row: Improvement, form: ChangeForm | None, errors: list[tuple[str, str]]
) -> tuple[str, int]:
    values: dict[str, Any] = pages.page_values(actor, row)
    page = render_template(
        "backoffice/improvement.html",
        **values,
        form=form,
        saved="" if errors else notices.take(notice_page(row.id)),
        **summary(errors),
    )
    return page, 422 if errors else 200
