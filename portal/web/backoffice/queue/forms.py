"""The form that saves the filters of the queue as a view."""

from typing import Any
from urllib.parse import parse_qsl

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import StopValidation

from portal.cases.queue import saved_filters
from portal.cases.queue.filters import canonical
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web import current
from portal.web.backoffice.queue import filter_forms
from portal.web.forms import (
    Form,
    MaxLength,
    PrintableText,
    Required,
    one_line,
)

MAX_ADDRESS = 2000


class SaveViewForm(Form):
    """The name of a saved view, and the address that it leads to."""

    name = StringField(
        _l("Vad vyn ska heta"),
        filters=[one_line],
        validators=[
            Required(_l("Skriv vad vyn ska heta")),
            MaxLength(saved_filters.MAX_NAME),
            PrintableText(),
        ],
    )
    shared = BooleanField()
    address = HiddenField()

    def validate_name(self, _field: StringField) -> None:
        # The address is checked here, since its hidden field has no place of its own for an error.
        address = filter_forms.parse_address(current.the_staff(), self.parameters())
        if unusable := (*address.parsed.passed_over, *address.gone):
            text = _("Vyn går inte att spara, för något i den finns inte: %(names)s.")
            raise StopValidation(text % {"names": filter_forms.field_names(unusable)})
        if not address.parsed.address.keys() - {"vy"}:
            raise StopValidation(_("Välj något i filtret först."))
        if len(self.address.data or "") > MAX_ADDRESS:
            raise StopValidation(_("Filtret är för långt för att spara."))

    def parameters(self) -> dict[str, Any]:
        """The query parameters of the address, in canonical form."""
        return canonical(dict(parse_qsl((self.address.data or "")[: MAX_ADDRESS + 1])))
