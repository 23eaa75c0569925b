"""The answer to many cases: its placeholders are filled in for each of them."""

from collections.abc import Sequence
from typing import Any, Self

from wtforms import TextAreaField
from wtforms.validators import StopValidation

from portal.cases.answers import templates as answer_templates
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web.backoffice.answers import template_values
from portal.web.backoffice.answers.forms import AnswerForm, check_placeholders
from portal.web.forms import MAX_BODY

# What placeholders can add to a text: only near the limit is each case asked.
MAX_FILLED_IN = 3000


class BulkAnswerForm(AnswerForm):
    """One text for all of the cases, and the templates that suit each of them."""

    # Each case would need files of its own.
    attachments = None  # type: ignore[assignment]
    cases: Sequence[Case] = ()
    actor: Staff

    @classmethod
    def for_cases(cls, actor: Staff, cases: Sequence[Case], /) -> Self:
        """With the templates that suit all of the cases."""
        form = cls(answer_templates.templates_for_all(actor, cases))
        form.actor, form.cases = actor, cases
        return form

    def insert_template(self) -> bool:
        """Append the chosen template as it is; False, with an error at the field, if it fails."""
        text = self.text_with_template(lambda template: answer_templates.latest_body(template.id))
        if text is None:
            return False
        self.body.data, self.template.data = text, ""
        return True

    def text_for(self, case: Case) -> str:
        """The text as the sender of a case gets it."""
        return template_values.fill_in(self.actor, case, self.body.data or "")

    def arguments_for(self, _actor: Staff, case: Case, /) -> dict[str, Any]:
        """With the text for the case."""
        return super().arguments_for(self.actor, case) | {"body": self.text_for(case)}

    def validate_body(self, field: TextAreaField) -> None:
        super().validate_body(field)
        text = field.data or ""
        check_placeholders(text)
        if len(text) > MAX_BODY - MAX_FILLED_IN and any(map(self._is_too_long, self.cases)):
            raise StopValidation(_("Svaret blir för långt när det fylls i. Korta ned det."))

    def _is_too_long(self, case: Case) -> bool:
        return len(self.text_for(case)) > MAX_BODY
