"""The form of the public text of an improvement."""

import re
from typing import Any

from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import StopValidation

from portal.cases.improvements.rules import ImprovementProblem
from portal.formats import identity_numbers
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.improvements.labels import PROBLEMS
from portal.web.forms import Form, MaxLength, PrintableText, Required, many_lines, whole_number

MAX_TEXT = 1_000


class NothingOfAPerson:
    """Refuse a personnummer or a case number: the text is public, so neither can be kept by a tick."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        text = field.data or ""
        if identity_numbers.find(text):
            raise StopValidation(
                _("Det ser ut att stå ett personnummer i texten. Ta bort det: alla kan läsa texten.")
            )
        prefix = re.escape(organisation.profile().number_prefix)
        if re.search(rf"(?<!\w){prefix}[ -]?[0-9]{{4}}[ -]?[0-9]", text, re.IGNORECASE):
            raise StopValidation(_("Det står ett ärendenummer i texten. Ta bort det: alla kan läsa texten."))


def public_field(label: Any, missing: Any, hint: Any) -> TextAreaField:
    """A required text that the public reads."""
    checks = [Required(missing), PrintableText(), MaxLength(MAX_TEXT), NothingOfAPerson()]
    return TextAreaField(
        label, filters=[many_lines], description=hint, validators=checks, render_kw={"rows": "4"}
    )


class PublicationForm(Form):
    """What people said, and what was done, in the words of the municipality."""

    you_said = public_field(
        _l("Ni sa"),
        _l("Skriv kort vad ni fick höra"),
        _l(
            "Med egna ord, i en eller två meningar. Inget namn, inget citat och ingen adress till någons hem."
        ),
    )
    we_did = public_field(
        _l("Vi gjorde"),
        _l("Skriv kort vad ni har gjort"),
        _l("Vad som är annorlunda nu, och sedan när."),
    )
    version = HiddenField()

    def seen(self) -> int:
        """The version that the page showed; 0 if it is not a number."""
        return whole_number(self.version.data) or 0

    def texts(self) -> tuple[str, str]:
        """The two texts."""
        return self.you_said.data or "", self.we_did.data or ""

    def refuse(self, problem: ImprovementProblem) -> None:
        """Say why it cannot be published."""
        self.we_did.errors = [str(PROBLEMS[problem])]
