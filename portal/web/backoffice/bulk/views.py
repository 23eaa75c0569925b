"""Many cases at once, and the list of keys. The views stand on the blueprint of the back office."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.bulk import actions as several
from portal.web.backoffice.bulk.labels import WORDS
from portal.web.backoffice.case.actions import DEEDS
from portal.web.backoffice.queue import views as queue_views
from portal.web.forms import EmptyForm, gone_stale


@backoffice.route("/flera", methods=["GET", "POST"])
def many() -> ResponseReturnValue:
    """Do one thing with all the cases that were chosen in the queue: ask about it first, then do it."""
    if request.method == "GET":
        back = request.query_string.decode("ascii", "ignore")
        return redirect(url_for("backoffice.queue") + (f"?{back}" if back else ""), 303)
    actor, name = current.the_staff(), request.form.get("deed", "")
    numbers = several.chosen()
    if name not in WORDS or not numbers:
        return _nothing(actor, numbers)
    picked = several.picks(actor, numbers[: several.MAX_CASES])
    make: Any = DEEDS[name].many
    form = make(actor, [each.case for each in picked if each.case])
    errors = _too_many(len(numbers))
    if errors or "step" not in request.form:
        return _asked(actor, name, form, picked, errors)
    return _go_on(actor, name, form, picked)


def _nothing(actor: Staff, numbers: list[str]) -> ResponseReturnValue:
    """The queue again, with what is missing; what was marked is marked still."""
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
    actor: Staff, name: str, form: Any, picked: list[several.Pick], errors: list[tuple[str, str]]
) -> ResponseReturnValue:
    """The first page of a deed: nothing has been filled in, so nothing of that can be wrong."""
    errors = errors or ([] if EmptyForm().validate_on_submit() else [("", gone_stale())])
    return several.ask(actor, name, form, picked, errors), 422 if errors else 200


def _go_on(actor: Staff, name: str, form: Any, picked: list[several.Pick]) -> ResponseReturnValue:
    step = request.form["step"]
    if step == "ask":
        return _asked(actor, name, form, picked, [])
    if not form.validate_on_submit():
        return several.ask(actor, name, form, picked, form.problems() or [("", form.note())]), 422
    if step == "preview":
        return several.ask(actor, name, form, picked, preview=True)
    closing = (name, step) == ("answer", "do_and_close")
    told = several.done(actor, "answer_and_close" if closing else name, form, picked)
    status = 409 if any(each.why for each in told) else 200
    return several.tell(actor, name, form, told), status


@backoffice.get("/tangenter")
def keys() -> str:
    """What the keys do, also for whoever has no script."""
    return render_template("backoffice/keys.html")
