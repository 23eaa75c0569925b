"""Bulk actions, and the list of keyboard shortcuts."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.lifecycle import Action
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers.bulk_forms import BulkAnswerForm
from portal.web.backoffice.bulk import actions as bulk_actions
from portal.web.backoffice.bulk import pages
from portal.web.backoffice.case.actions import SPECS, by_name
from portal.web.backoffice.queue import triage
from portal.web.backoffice.queue import views as queue_views
from portal.web.forms import EmptyForm, gone_stale
from portal.web.support import notices


@backoffice.route("/flera", methods=["GET", "POST"])
def many() -> ResponseReturnValue:
    # The address of a refused form, reloaded or shared: there is nothing to show without its cases.
    if request.method == "GET":
        return redirect(url_for("backoffice.queue") + _query(), 303)
    actor = current.the_staff()
    numbers = bulk_actions.chosen_numbers()
    action = by_name(request.form.get("action", ""))
    bulk = SPECS[action].bulk if action else None
    if action is None or bulk is None or not numbers:
        return _incomplete(actor, numbers)
    rows = bulk_actions.picks(actor, numbers[: bulk_actions.MAX_CASES])
    form = bulk.form.for_cases(actor, [pick.case for pick in rows if pick.case])
    errors = _too_many(len(numbers))
    if errors:
        return _first_page(actor, action, form, rows, errors)
    if "step" in request.form:
        return _next_step(actor, action, form, rows)
    # The bar above the queue has the first field of some actions: what is chosen there is done at once.
    if action in triage.FIELDS and form.visible()[0].data:
        return _run_from_queue(actor, action, form, rows)
    return _first_page(actor, action, form, rows, [])


def _query() -> str:
    """The query of the list that the cases were marked in."""
    back = request.query_string.decode("ascii", "ignore")
    return f"?{back}" if back else ""


def _incomplete(actor: Staff, numbers: list[str]) -> ResponseReturnValue:
    """The queue with an error about the missing cases or action; marked cases stay marked."""
    if not numbers:
        return queue_views.queue_page(actor, request.args, mark_error=_("Markera minst ett ärende")), 422
    errors = [("", _("Välj vad du vill göra med ärendena"))]
    return queue_views.queue_page(actor, request.args, errors, marked=numbers), 422


def _too_many(count: int) -> list[tuple[str, str]]:
    if count <= bulk_actions.MAX_CASES:
        return []
    text = _("Du kan göra högst %(most)s ärenden åt gången. Här är de %(most)s första av dina %(count)s.")
    return [("", text % {"most": bulk_actions.MAX_CASES, "count": count})]


def _first_page(
    actor: Staff,
    action: Action,
    form: ActionForm,
    rows: list[bulk_actions.Pick],
    errors: list[tuple[str, str]],
) -> ResponseReturnValue:
    # Nothing is filled in yet, so only the token is validated.
    if not errors and not EmptyForm().validate_on_submit():
        errors = [("", gone_stale())]
    return pages.confirmation_page(actor, action, form, rows, errors), 422 if errors else 200


def _next_step(
    actor: Staff, action: Action, form: ActionForm, rows: list[bulk_actions.Pick]
) -> ResponseReturnValue:
    step = request.form["step"]
    if step == "ask":
        return _first_page(actor, action, form, rows, [])
    if step == "template" and isinstance(form, BulkAnswerForm):
        return _with_template(actor, action, form, rows)
    if not form.validate_on_submit():
        errors = form.problems() or [("", form.note())]
        return pages.confirmation_page(actor, action, form, rows, errors), 422
    if step == "preview":
        return pages.confirmation_page(actor, action, form, rows, preview=True)
    second = SPECS[action].and_close
    closing = second if step == "do_and_close" else None
    results = bulk_actions.run(actor, closing or action, form, rows)
    status = 409 if any(pick.why for pick in results) else 200
    return pages.result_page(actor, action, form, results), status


def _with_template(
    actor: Staff, action: Action, form: BulkAnswerForm, rows: list[bulk_actions.Pick]
) -> ResponseReturnValue:
    errors = [] if form.insert_template() else [(form.template.id, str(form.template.errors[0]))]
    return _first_page(actor, action, form, rows, errors)


def _run_from_queue(
    actor: Staff, action: Action, form: ActionForm, rows: list[bulk_actions.Pick]
) -> ResponseReturnValue:
    """Back to the queue when all is done; else the page that says what is left."""
    if not form.validate_on_submit():
        errors = form.problems() or [("", form.note())]
        return pages.confirmation_page(actor, action, form, rows, errors), 422
    results = bulk_actions.run(actor, action, form, rows)
    if any(pick.why for pick in results):
        return pages.result_page(actor, action, form, results), 409
    notices.add("queue", pages.done_text(action, form, len(results)))
    return redirect(url_for("backoffice.queue") + _query(), 303)


@backoffice.get("/tangenter")
def keys() -> str:
    return render_template("backoffice/keys.html")
