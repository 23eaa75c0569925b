"""Saved views: keep what the queue shows under a name, and take a view away."""

from typing import Any
from urllib.parse import parse_qsl

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import StopValidation

from portal import db
from portal.cases.queue import saved_filters
from portal.cases.queue.filters import canonical
from portal.cases.queue.saved_filters import Full, TooMany
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice.case.views import backoffice, queue_page
from portal.web.backoffice.queue import filter_forms
from portal.web.forms import UNFIT_IN_LINE, AtMost, Fit, Form, Needed, Posted, gone_stale, one_line, sent

ADDRESS_MOST = 2000
FULL = {
    Full.OWN: _l("Du har redan 20 egna vyer. Ta bort en först."),
    Full.UNIT: _l("Enheten har redan 20 vyer. Ta bort en först."),
}


class SaveViewForm(Form):
    """A name for what the address shows."""

    name = StringField(
        _l("Vad vyn ska heta"),
        filters=[one_line],
        validators=[
            Needed(_l("Skriv vad vyn ska heta")),
            AtMost(saved_filters.NAME_MOST),
            Fit(UNFIT_IN_LINE),
        ],
    )
    shared = BooleanField()
    address = HiddenField()

    def validate_name(self, _field: StringField) -> None:
        """What it would show is looked at too: a view is saved when all of it can be followed."""
        what = filter_forms.shown(current.the_staff(), self.asked())
        if unusable := (*what.asked.passed_over, *what.gone):
            text = _("Vyn går inte att spara, för något i den finns inte: %(names)s.")
            raise StopValidation(text % {"names": filter_forms.called(unusable)})
        if not what.asked.address.keys() - {"vy"}:
            raise StopValidation(_("Välj något i filtret först."))
        if len(self.address.data or "") > ADDRESS_MOST:
            raise StopValidation(_("Filtret är för långt för att spara."))

    def asked(self) -> dict[str, Any]:
        """The parameters of the address."""
        return canonical(dict(parse_qsl((self.address.data or "")[: ADDRESS_MOST + 1])))


@backoffice.post("/vyer")
def save_view() -> ResponseReturnValue:
    """Keep what the queue shows, for oneself or for the unit; back to it."""
    form, actor = SaveViewForm(), current.the_staff()
    if not sent(form):
        return _again(actor, form)
    try:
        with db.transaction():
            saved_filters.save(actor, form.name.data or "", form.asked(), form.shared.data)
    except TooMany as full:
        form.name.errors = [str(FULL[full.whose])]
        return _again(actor, form)
    return redirect(url_for("backoffice.queue", **form.asked(), klart="vy_sparad"), 303)


def _again(actor: Staff, form: Any) -> ResponseReturnValue:
    errors = form.problems() or [("", gone_stale())]
    return queue_page(actor, form.asked(), errors, form), 422


@backoffice.post("/vyer/<int(max=2147483647):view>/ta-bort")
def remove_view(view: int) -> ResponseReturnValue:
    """Take a view away, if it is one's own to take."""
    actor = current.the_staff()
    if not sent(Posted()):
        return queue_page(actor, {}, [("", gone_stale())]), 422
    with db.transaction():
        removed = saved_filters.remove(actor, view)
    return redirect(url_for("backoffice.queue", klart="vy_borttagen" if removed else None), 303)
