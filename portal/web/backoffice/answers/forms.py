"""The form of an answer, which may take a template in, and the same while it is a draft."""

from collections.abc import Callable, Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.answers import templates as answer_templates
from portal.cases.answers.models import AnswerTemplate
from portal.cases.answers.rules import prompts
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.web.backoffice.action_forms import ActionForm
from portal.web.forms import MAX_BODY, MaxLength, PrintableText, body_field, many_lines


class AnswerForm(ActionForm):
    """The answer, and a template to put into it."""

    body = body_field(_l("Skriv svaret först"), _l("Ditt svar"))
    template = SelectField(_l("Svarsmall, om du vill"), validate_choice=False)

    def __init__(self, templates: Sequence[AnswerTemplate] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.templates = {str(each.id): each for each in templates}
        named = [SelectChoice(key, each.name) for key, each in self.templates.items()]
        self.template.choices = [SelectChoice("", _("Ingen mall")), *named]

    @classmethod
    def for_case(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the templates for the case."""
        return cls(answer_templates.templates_for(actor, case), **kwargs)

    def visible(self) -> list[Field]:
        """The text alone: a template is fetched into it."""
        return [self.body]

    def validate_body(self, field: TextAreaField) -> None:
        """Refuse a prompt of a template that was not replaced."""
        if left := prompts(field.data or ""):
            raise StopValidation(_("Byt ut %(prompt)s mot dina egna ord", prompt=left[0]))


class DraftForm(AnswerForm):
    """An answer that is not finished: it may be empty, but must be possible to keep."""

    body = TextAreaField(
        _l("Ditt svar"), filters=[many_lines], validators=[PrintableText(), MaxLength(MAX_BODY)]
    )

    def validate_body(self, field: TextAreaField) -> None:
        """Anything may stand in it still."""

    def fetched(self, filled: Callable[[AnswerTemplate], str]) -> str | None:
        """The text with the chosen template after what was written; None if it cannot be, and then why."""
        chosen, written = self.templates.get(str(self.template.data or "")), (self.body.data or "").rstrip()
        if chosen is None:
            gone = _("Mallen finns inte längre. Välj en annan.")
            self.template.errors = [gone if self.template.data else _("Välj en mall")]
            return None
        text = "\n\n".join(part for part in (written, filled(chosen)) if part)
        if len(text) > MAX_BODY:
            self.template.errors = [_("Mallen får inte plats. Korta ned det du har skrivit.")]
            return None
        return text
