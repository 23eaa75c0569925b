"""The form of an answer template: its text, and the cases that it fits."""

from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.cases.answers.models import AnswerTemplate
from portal.cases.answers.rules import may_keep_template
from portal.cases.answers.templates import TemplateInput
from portal.cases.enums import Kind
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import line_field
from portal.web.backoffice.answers.forms import check_placeholders
from portal.web.forms import Form, KnownChoice, body_field, whole_number
from portal.web.languages import NAMES
from portal.words import dates
from portal.words.kinds import KINDS

CHOOSE = _l("Välj i listan")


class TemplateForm(Form):
    """A name, a text with placeholders, and the cases that it fits; an empty choice fits all."""

    name = line_field(_l("Namn"), _l("Skriv ett namn"), _l("Det står i listan när någon väljer mall."))
    body = body_field(_l("Skriv texten"), _l("Text"))
    kind = SelectField(_l("Typ"), validate_choice=False, validators=[KnownChoice(CHOOSE)])
    category = SelectField(_l("Ämne"), validate_choice=False, validators=[KnownChoice(CHOOSE)])
    language = SelectField(_l("Språk"), validate_choice=False, validators=[KnownChoice(CHOOSE)])
    unit = SelectField(_l("Vem får använda mallen"), validate_choice=False, validators=[KnownChoice(CHOOSE)])
    seen = HiddenField()

    def __init__(self, actor: Staff, template: AnswerTemplate | None = None, **kwargs: Any) -> None:
        super().__init__(data=_field_values(template) if template else {"language": "sv"}, **kwargs)
        self.kind.choices = [SelectChoice("", _("Alla"))]
        for kind in organisation.profile().kinds:
            self.kind.choices.append(SelectChoice(kind, dates.capital(str(KINDS[Kind(kind)].name))))
        self.category.choices = [SelectChoice("", _("Alla"))]
        for category in organisation.categories():
            self.category.choices.append(SelectChoice(str(category.id), category.name))
        self.language.choices = [SelectChoice(code, name) for code, name in NAMES.items()]
        self.unit.choices = [SelectChoice(key, name) for key, name in unit_choices(actor)]

    def validate_body(self, field: Any) -> None:
        check_placeholders(field.data or "")

    def template_input(self) -> TemplateInput:
        """The values of the fields, with None for an empty choice."""
        return TemplateInput(
            name=self.name.data or "",
            body=self.body.data or "",
            language=str(self.language.data),
            kind=Kind(self.kind.data) if self.kind.data else None,
            category=int(self.category.data) if self.category.data else None,
            unit=int(self.unit.data) if self.unit.data else None,
        )

    def version(self) -> int | None:
        """The id of the template version that the page showed."""
        return whole_number(self.seen.data)


def _field_values(template: AnswerTemplate) -> dict[str, Any]:
    return {
        "name": template.name,
        "body": template.latest.body,
        "kind": template.kind or "",
        "category": str(template.category_id or ""),
        "language": template.language,
        "unit": str(template.unit_id or ""),
        "seen": str(template.latest.id),
    }


def unit_choices(actor: Staff) -> list[tuple[str, str]]:
    """The units whose templates the actor may edit as (id, name); an empty id is for all units."""
    choices = []
    if may_keep_template(actor, None):
        choices.append(("", _("Alla enheter")))
    for unit in organisation.units():
        if may_keep_template(actor, unit.id):
            choices.append((str(unit.id), unit.name))
    return choices
