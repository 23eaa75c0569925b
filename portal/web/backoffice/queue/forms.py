"""The form that saves the filter of a queue as a view."""

from typing import Any
from urllib.parse import parse_qsl

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import StopValidation

from portal.cases.queue import saved_filters
from portal.cases.queue.filters import canonical
from portal.web import current
from portal.web.backoffice.queue import filter_forms
from portal.web.forms import (
    UNFIT_IN_LINE,
    Form,
    MaxLength,
    PrintableText,
    Required,
    one_line,
)

MAX_ADDRESS = 2000


class SaveViewForm(Form):
    """A name for what the address shows."""

    name = StringField(
        _l("Vad vyn ska heta"),
        filters=[one_line],
        validators=[
            Required(_l("Skriv vad vyn ska heta")),
            MaxLength(saved_filters.MAX_NAME),
            PrintableText(UNFIT_IN_LINE),
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
        if len(self.address.data or "") > MAX_ADDRESS:
            raise StopValidation(_("Filtret är för långt för att spara."))

    def asked(self) -> dict[str, Any]:
        """The parameters of the address."""
        return canonical(dict(parse_qsl((self.address.data or "")[: MAX_ADDRESS + 1])))
