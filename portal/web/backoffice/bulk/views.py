"""Views of bulk actions, and of the list of keys."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.cases.lifecycle import Action
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.bulk import actions as several
from portal.web.backoffice.case.actions import SPECS, by_name
from portal.web.backoffice.queue import views as queue_views
from portal.web.forms import EmptyForm, gone_stale


@backoffice.route("/flera", methods=["GET", "POST"])
def many() -> ResponseReturnValue:
    """Do an action with all the cases that were chosen in the queue: a page asks for its fields first."""
    if request.method == "GET":
        back = request.query_string.decode("ascii", "ignore")
        return redirect(url_for("backoffice.queue") + (f"?{back}" if back else ""), 303)
    actor = current.the_staff()
    numbers = several.chosen()
    action = by_name(request.form.get("deed", ""))
    bulk = SPECS[action].bulk if action else None
    if action is None or bulk is None or not numbers:
        return _nothing(actor, numbers)
    picked = several.picks(actor, numbers[: several.MAX_CASES])
    form = bulk.form.for_cases(actor, [pick.case for pick in picked if pick.case])
    errors = _too_many(len(numbers))
    if errors or "step" not in request.form:
        return _asked(actor, action, form, picked, errors)
    return _go_on(actor, action, form, picked)


def _nothing(actor: Staff, numbers: list[str]) -> ResponseReturnValue:
    """The queue again, with what is missing; marked cases stay marked."""
    if not numbers:
        return queue_views.queue_page(actor, request.args, unmarked=_("Markera minst ett ärende")), 422
    errors = [("", _("Välj vad du vill göra med ärendena"))]
    return queue_views.queue_page(actor, request.args, errors, marked=numbers), 422


def _too_many(count: int) -> list[tuple[str, str]]:
    if count <= several.MAX_CASES:
        return []
    text = _("Du kan göra högst %(most)s ärenden åt gången. Här är de %(most)s första av dina %(count)s.")
    return [("", text % {"most": several.MAX_CASES, "count": count})]


def _asked(
    actor: Staff,
    action: Action,
    form: ActionForm,
    picked: list[several.Pick],
    errors: list[tuple[str, str]],
) -> ResponseReturnValue:
    """The first page of a bulk action: nothing is filled in yet, so only the token can be wrong."""
    errors = errors or ([] if EmptyForm().validate_on_submit() else [("", gone_stale())])
    return several.ask(actor, action, form, picked, errors), 422 if errors else 200


def _go_on(actor: Staff, action: Action, form: ActionForm, picked: list[several.Pick]) -> ResponseReturnValue:
    step = request.form["step"]
    if step == "ask":
        return _asked(actor, action, form, picked, [])
    if not form.validate_on_submit():
        return several.ask(actor, action, form, picked, form.problems() or [("", form.note())]), 422
    if step == "preview":
        return several.ask(actor, action, form, picked, preview=True)
    second = SPECS[action].and_close
    tried = several.done(actor, second if second and step == "do_and_close" else action, form, picked)
    status = 409 if any(pick.why for pick in tried) else 200
    return several.tell(actor, action, form, tried), status


@backoffice.get("/tangenter")
def keys() -> str:
    """The list of keys, for those without a script too."""
    return render_template("backoffice/keys.html")
