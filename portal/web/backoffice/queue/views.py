"""The queue, and the switch to another membership."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import structlog
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity import commands as identity
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.case_list.notices import linked
from portal.web.backoffice.queue import bulk_bar
from portal.web.backoffice.queue import page as queues
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.support import notices

log: structlog.stdlib.BoundLogger = structlog.get_logger()
QUOTES = ('"', "“", "”", "„", "«", "»")


@backoffice.get("/")
def queue() -> ResponseReturnValue:
    actor = current.the_staff()
    words = request.args.get("q", "")
    # A case number that is searched for leads straight to its case; quoted, to the cases that mention it.
    case = None if words.strip().startswith(QUOTES) else current.case_by_number(actor, words)
    if case:
        return redirect(url_for("backoffice.case", number=case.reference), 303)
    return queue_page(actor, request.args, saved=linked(notices.take("queue")))


def queue_page(
    actor: Staff,
    parameters: Mapping[str, str],
    errors: Sequence[tuple[str, str]] = (),
    form: Any = None,
    saved: Any = "",
    marked: Collection[str] = (),
    mark_error: str = "",
) -> str:
    """The page for these query parameters.

    `errors` are (field id, message), `form` is a refused SaveViewForm, `marked` the numbers of checked rows,
    and `mark_error` is shown if none was checked.
    """
    values = queues.page_values(actor, parameters)
    values["many"] = bulk_bar.bar(actor, parameters, values.pop("triage"), marked, mark_error)
    shown_errors = list(errors)
    if mark_error:
        # An empty list has no checkbox to link to.
        shown_errors.append((bulk_bar.FIRST_CHECKBOX if values["rows"] else "", mark_error))
    values |= summary(shown_errors)
    return render_template("backoffice/queue.html", **values, view_form=form, saved=saved)


@backoffice.post("/som")
def switch_membership() -> ResponseReturnValue:
    membership_id = request.form.get("membership", 0, int)
    if not EmptyForm().validate_on_submit():
        return queue_page(current.the_staff(), {}, [("", gone_stale())]), 422
    # Only among the person's own: the id comes from the form.
    for membership in current.memberships():
        if membership.id == membership_id:
            with db.transaction():
                identity.switch_membership(current.user().id, membership)
            log.info("role.switched", membership=membership.id)
    return redirect(url_for("backoffice.queue"), 303)
