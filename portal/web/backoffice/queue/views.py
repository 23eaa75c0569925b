"""The queue of the back office, and the choice of membership."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity import commands as identity
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.case.actions import saved_message
from portal.web.backoffice.queue import bulk_bar
from portal.web.backoffice.queue import page as queues
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.support import case_presenter


@backoffice.get("/")
def queue() -> ResponseReturnValue:
    """The queue, in one of its views; a number typed in the search goes straight to its case."""
    actor = current.the_staff()
    found = current.other_case(actor, request.args.get("q", ""))
    if found:
        return redirect(url_for("backoffice.case", number=case_presenter.number_of(found)), 303)
    done = request.args.get("klart", "")
    return queue_page(actor, request.args, saved=saved_message(done) or queues.SAID.get(done, ""))


def queue_page(
    actor: Staff,
    given: Mapping[str, str],
    errors: Sequence[tuple[str, str]] = (),
    form: Any = None,
    saved: Any = "",
    marked: Collection[str] = (),
    unmarked: str = "",
) -> str:
    """The page of an address, with what is wrong in a form of it, and cases marked to be done together."""
    values = queues.page_values(actor, given) | {"many": bulk_bar.bar(actor, given, marked, unmarked)}
    wrong = [*errors, *([(bulk_bar.FIRST if values["rows"] else "", unmarked)] if unmarked else [])]
    return render_template("backoffice/queue.html", **values, **summary(wrong), view_form=form, saved=saved)


@backoffice.post("/som")
def switch_membership() -> ResponseReturnValue:
    """Work as one's other membership from now on."""
    wanted = request.form.get("membership", 0, int)
    if not EmptyForm().validate_on_submit():
        return queue_page(current.the_staff(), {}, [("", gone_stale())]), 422
    chosen = next((each for each in current.memberships() if each.id == wanted), None)
    if chosen:
        with db.transaction():
            identity.switch_membership(current.user().id, chosen)
    return redirect(url_for("backoffice.queue"), 303)
