"""The back office: the queue, the case, and what is done with it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal import db
from portal.cases import commands
from portal.cases.lifecycle import NotAllowed
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice import case_page
from portal.web.backoffice import queue as queues
from portal.web.backoffice.forms import ActionForm, AnswerForm, AskForm, AssignForm, NoteForm
from portal.web.forms import Form, Posted, sent

backoffice = Blueprint("backoffice", __name__, url_prefix="/handlaggning")
SAVED = {
    "take": _l("Du handlägger ärendet."),
    "assign": _l("Ansvaret är sparat."),
    "note": _l("Anteckningen är sparad."),
    "answer": _l("Svaret är skickat."),
    "answer_and_close": _l("Svaret är skickat och ärendet avslutat."),
    "ask": _l("Frågan är skickad. Klockan står still tills avsändaren svarar."),
    "close": _l("Ärendet är avslutat."),
}
PAGES_MOST = 4000


@backoffice.get("/")
def queue() -> ResponseReturnValue:
    """The queue, in one of its views."""
    number = min(max(request.args.get("sida", 1, int), 1), PAGES_MOST)
    values = queues.page_values(current.the_staff(), queues.chosen(request.args.get("vy")), number)
    return render_template("backoffice/queue.html", **values)


@backoffice.get("/arenden/<number>")
def case(number: str) -> ResponseReturnValue:
    """One case, everything on one page."""
    actor = current.the_staff()
    saved = str(SAVED.get(request.args.get("klart", ""), ""))
    return case_page.render(actor, current.case(actor, number), saved=saved)


def _act(number: str, name: str, form: Form, do: Callable[[Staff, Case], None]) -> ResponseReturnValue:
    """Do one thing with a case, or show the page again with what was written and why not."""
    actor = current.the_staff()
    if not sent(form):
        return case_page.render(actor, current.case(actor, number), posted=(name.split("_")[0], form))
    try:
        with db.transaction():
            do(actor, current.case(actor, number))
    except (commands.Conflict, db.Stale, NotAllowed):
        return _conflict(number, form)
    return redirect(url_for("backoffice.case", number=number, klart=name), 303)


def _conflict(number: str, form: Form) -> ResponseReturnValue:
    """Two at once: the later one gets their text back."""
    href = url_for("backoffice.case", number=number)
    mine: Any = form.data.get("body") or ""
    return render_template("backoffice/conflict.html", mine=mine, case_href=href), 409


@backoffice.post("/arenden/<number>/take")
def take(number: str) -> ResponseReturnValue:
    """Begin to handle it."""
    form = ActionForm()
    return _act(number, "take", form, lambda actor, found: commands.take(actor, found, form.seen()))


@backoffice.post("/arenden/<number>/assign")
def assign(number: str) -> ResponseReturnValue:
    """Give it to a colleague."""
    actor = current.the_staff()
    form: AssignForm = case_page.assign_form(actor, current.case(actor, number))
    return _act(
        number, "assign", form, lambda actor, found: commands.assign(actor, found, form.chosen(), form.seen())
    )


@backoffice.post("/arenden/<number>/note")
def note(number: str) -> ResponseReturnValue:
    """Write something between ourselves."""
    form = NoteForm()
    return _act(number, "note", form, lambda actor, found: commands.note(actor, found, form.body.data or ""))


@backoffice.post("/arenden/<number>/answer")
def answer(number: str) -> ResponseReturnValue:
    """Answer, and close too if that button was chosen."""
    form, close = AnswerForm(), "close" in request.form

    def do(actor: Staff, found: Case) -> None:
        commands.answer(actor, found, form.body.data or "", form.seen(), close)

    return _act(number, "answer_and_close" if close else "answer", form, do)


@backoffice.post("/arenden/<number>/ask")
def ask(number: str) -> ResponseReturnValue:
    """Ask the sender for something more."""
    form = AskForm()
    return _act(
        number,
        "ask",
        form,
        lambda actor, found: commands.ask(actor, found, form.body.data or "", form.seen()),
    )


@backoffice.post("/arenden/<number>/close")
def close(number: str) -> ResponseReturnValue:
    """Close what is answered."""
    form = ActionForm()
    return _act(number, "close", form, lambda actor, found: commands.close(actor, found, form.seen()))


@backoffice.post("/arenden/<number>/tasks/<int(max=2147483647):task>")
def finish_task(number: str, task: int) -> ResponseReturnValue:
    """Seen to."""
    return _act(number, "", Posted(), lambda actor, found: commands.finish_task(actor, found, task))
