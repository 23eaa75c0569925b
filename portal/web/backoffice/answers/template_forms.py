"""The form of an answer template: what it says, and where it fits."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.answers.models import AnswerTemplate
from portal.cases.answers.rules import may_keep_template
from portal.cases.answers.templates import TemplateInput
from portal.cases.enums import Kind
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.organisation.placeholders import ALL, unknown
from portal.web.backoffice.action_forms import line_field
from portal.web.forms import Form, KnownChoice, body_field, whole_number
from portal.web.languages import NAMES
from portal.words import dates
from portal.words.kinds import KINDS

CHOOSE = _l("Välj i listan")


class TemplateForm(Form):
    """A name, a text with placeholders, and for what: empty is for everything."""

    name = line_field(_l("Namn"), _l("Skriv ett namn"), _l("Det står i listan när någon väljer mall."))
    body = body_field(_l("Skriv texten"), _l("Text"))
    kind = SelectField(_l("Typ av ärende"), validate_choice=False, validators=[KnownChoice(CHOOSE)])
    category = SelectField(_l("Ämne"), validate_choice=False, validators=[KnownChoice(CHOOSE)])
    language = SelectField(_l("Språk"), validate_choice=False, validators=[KnownChoice(CHOOSE)])
    unit = SelectField(_l("För"), validate_choice=False, validators=[KnownChoice(CHOOSE)])
    seen = HiddenField()

    def __init__(self, actor: Staff, template: AnswerTemplate | None = None, **kwargs: Any) -> None:
        super().__init__(data=_said(template) if template else {"language": "sv"}, **kwargs)
        kinds = {each: dates.capital(str(KINDS[Kind(each)].name)) for each in organisation.profile().kinds}
        topics = {str(each.id): each.name for each in organisation.categories()}
        self.kind.choices = _choices(kinds.items(), _("Alla"))
        self.category.choices = _choices(topics.items(), _("Alla"))
        self.language.choices = _choices(NAMES.items())
        self.unit.choices = _choices(unit_choices(actor))

    def validate_body(self, field: Any) -> None:
        """Name what is in braces and is no placeholder, and all that there are."""
        if wrong := unknown(field.data or ""):
            raise StopValidation(
                _(
                    "%(wrong)s går inte att fylla i. Det här finns: %(all)s.",
                    wrong=", ".join(wrong[:5]),
                    all=", ".join(ALL),
                )
            )

    def wanted(self) -> TemplateInput:
        """What was written and chosen."""
        kind, category, unit = (str(field.data or "") for field in (self.kind, self.category, self.unit))
        return TemplateInput(
            name=self.name.data or "",
            body=self.body.data or "",
            language=str(self.language.data),
            kind=Kind(kind) if kind else None,
            category=int(category) if category else None,
            unit=int(unit) if unit else None,
        )

    def version(self) -> int | None:
        """The version that the page showed."""
        return whole_number(self.seen.data)


def _said(template: AnswerTemplate) -> dict[str, Any]:
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
    """For whom the actor may keep templates: (id or nothing for all, name)."""
    shared = [("", _("Alla enheter"))] if may_keep_template(actor, None) else []
    return shared + [
        (str(each.id), each.name) for each in organisation.units() if may_keep_template(actor, each.id)
    ]


def _choices(pairs: Iterable[tuple[str, str]], every: str = "") -> list[SelectChoice]:
    return [*([SelectChoice("", every)] if every else []), *(SelectChoice(key, name) for key, name in pairs)]
