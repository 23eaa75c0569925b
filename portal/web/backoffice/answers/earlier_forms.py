"""The form that adds a text of the answer bank to the draft."""

from wtforms import HiddenField

from portal.cases.answers import earlier
from portal.cases.answers import templates as answer_templates
from portal.cases.answers.earlier import EarlierAnswer
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.web.backoffice.answers import template_values
from portal.web.forms import Form, whole_number


class EarlierForm(Form):
    """A template, or the message that an earlier answer is, to be added to the draft."""

    template = HiddenField()
    message = HiddenField()

    def text(self, actor: Staff, case: Case) -> str | None:
        """The text of what was chosen; None if the actor may not use it, or not any more."""
        template = whole_number(self.template.data)
        for row in answer_templates.templates_for(actor, case):
            if row.id == template:
                return template_values.render_template_text(actor, case, row)
        answer = self.answer(actor, case)
        return answer.body if answer else None

    def answer(self, actor: Staff, case: Case) -> EarlierAnswer | None:
        """The chosen earlier answer; None for a template, or an answer that the actor may not be shown."""
        message = whole_number(self.message.data)
        return earlier.earlier_answer(actor, case, message) if message else None
