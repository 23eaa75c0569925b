"""Saving and removing views of the queue."""

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.queue import saved_filters
from portal.cases.queue.saved_filters import Full, TooMany
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.queue.forms import SaveViewForm
from portal.web.backoffice.queue.views import queue_page
from portal.web.forms import (
    EmptyForm,
    gone_stale,
)
from portal.web.support import notices

FULL = {
    Full.OWN: _l("Du har redan 20 egna vyer. Ta bort en först."),
    Full.UNIT: _l("Enheten har redan 20 vyer. Ta bort en först."),
}


@backoffice.post("/vyer")
def save_view() -> ResponseReturnValue:
    form = SaveViewForm()
    actor = current.the_staff()
    if not form.validate_on_submit():
        return _queue_with_form(actor, form)
    try:
        with db.transaction():
            saved_filters.save(actor, form.name.data or "", form.parameters(), form.shared.data)
    except TooMany as full:
        form.name.errors = [str(FULL[full.limit])]
        return _queue_with_form(actor, form)
    notices.add("queue", _("Vyn är sparad."))
    return redirect(url_for("backoffice.queue", **form.parameters()), 303)


def _queue_with_form(actor: Staff, form: Any) -> ResponseReturnValue:
    errors = form.problems() or [("", gone_stale())]
    return queue_page(actor, form.parameters(), errors, form), 422


@backoffice.post("/vyer/<int(max=2147483647):view>/ta-bort")
def remove_view(view: int) -> ResponseReturnValue:
    actor = current.the_staff()
    if not EmptyForm().validate_on_submit():
        return queue_page(actor, {}, [("", gone_stale())]), 422
    with db.transaction():
        removed = saved_filters.remove(actor, view)
    if removed:
        notices.add("queue", _("Vyn är borttagen."))
    return redirect(url_for("backoffice.queue"), 303)
