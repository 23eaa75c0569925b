"""The forms of an answer and of its draft, into which a template can be inserted."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Self

from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.answers import templates as answer_templates
from portal.cases.answers.drafts import Shown
from portal.cases.answers.templates import TemplateRow
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.organisation.placeholders import ALL, unknown
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.attachments.forms import files_field
from portal.web.backoffice.action_forms import ActionForm, FilesActionForm
from portal.web.forms import MAX_BODY, MaxLength, PrintableText, body_field, many_lines

MAX_PAGE_ID = 40
MAX_NUMBER = 40
MAX_LEFT_OUT = 100


class GroupAnswerForm(ActionForm):
    """An answer that several senders may get; `asks` for confirmation if it names one of them to another."""

    question = _l(
        "Svaret går till flera, och texten kan peka ut en avsändare för de andra. Ta bort det som pekar ut, "
        "eller svara särskilt i det ärendet. Bekräfta annars att texten kan gå till alla."
    )
    confirmed = BooleanField(_l("Ja, texten kan gå till alla"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asks = bool(self.confirmed.data)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """Nothing: it asks about a text that was posted."""
        return ()

    def refuse_names(self, words: Sequence[str], files: bool = False) -> None:
        """Ask whether a text with these words of senders, or its `files`, may go to all."""
        self.asks = True
        listed = _("Det gäller: %(words)s.", words=", ".join(words)) if words else ""
        attached = _("Bilagorna går till alla. Öppna dem och se att de inte pekar ut någon.") if files else ""
        self.confirmed.errors = [" ".join(filter(None, [str(self.question), listed, attached]))]

    def arguments(self) -> dict[str, Any]:
        """With whether the text is `confirmed`."""
        return super().arguments() | {"confirmed": bool(self.confirmed.data)}


class OralAnswerForm(GroupAnswerForm):
    """What was answered in a conversation."""

    body = body_field(
        _l("Skriv först vad du svarade"),
        _l("Det du svarade"),
        _l("Avsändaren läser texten i ärendet och får veta att den finns. Ärendet räknas som besvarat."),
    )


class AnswerForm(FilesActionForm, GroupAnswerForm):
    """The text of an answer, and a template to insert into it.

    `draft` is the revision of the draft that the page showed, and `page` the random id of that page.
    `offered` are the numbers of the duplicates that can get the answer, and `together` those that are ticked.
    """

    draft = HiddenField()
    page = HiddenField()
    offered = SelectMultipleField(validate_choice=False)
    together = SelectMultipleField(validate_choice=False)
    body = body_field(_l("Skriv svaret först"), _l("Ditt svar"))
    attachments = files_field()
    template = SelectField(_l("Svarsmall, om du vill"), validate_choice=False)

    def __init__(self, templates: Sequence[TemplateRow] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.templates = {str(template.id): template for template in templates}
        self.template.choices = template_choices(templates)

    @classmethod
    def for_case(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """The form with the templates that fit the case."""
        return cls(answer_templates.templates_for(actor, case), **kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """None: it shows the templates that fit the case."""
        return None

    def visible(self) -> list[Field]:
        """The text alone: bulk answers and the case page draw the template picker themselves, if at all."""
        return [self.body]

    def left_out(self) -> list[str] | None:
        """The numbers of the duplicates that are not to get the answer; None if the page offers no choice."""
        if not self.offered.data:
            return None
        unticked = set(self.offered.data) - set(self.together.data or ())
        return sorted(number for number in unticked if len(number) <= MAX_NUMBER)[:MAX_LEFT_OUT]

    def text_with_template(self, render: Callable[[TemplateRow], str]) -> str | None:
        """The text with the chosen template appended; None, with an error at the field, if that fails."""
        template = self.templates.get(str(self.template.data or ""))
        if template is None:
            gone = _("Mallen finns inte längre. Välj en annan.")
            self.template.errors = [gone if self.template.data else _("Välj en mall")]
            return None
        # After the text, never instead of it: a click must not delete what was typed.
        text = "\n\n".join(filter(None, [(self.body.data or "").rstrip(), render(template)]))
        if len(text) > MAX_BODY:
            self.template.errors = [_("Mallen får inte plats. Korta ned det du har skrivit.")]
            return None
        return text

    def arguments(self) -> dict[str, Any]:
        """With the duplicates that are `left_out`, and what the files are called."""
        return super().arguments() | {"left_out": self.left_out(), "attached": self.attached_texts()}

    def shown_draft(self) -> Shown | None:
        """What the page knew of the draft; None for a form that does not say."""
        page = (self.page.data or "")[:MAX_PAGE_ID]
        return Shown(page, self.draft.data or "") if page else None

    def validate_body(self, field: TextAreaField) -> None:
        # A prompt such as "[Skriv svaret här.]" is for the officer: the sender must not get it.
        if left := answer_templates.unfilled_prompts(field.data or ""):
            raise StopValidation(_("Byt ut %(prompt)s mot dina egna ord", prompt=left[0]))


def check_placeholders(text: str) -> None:
    """Raise StopValidation for a misspelt placeholder, which the sender would get in its braces."""
    if wrong := unknown(text):
        message = _("%(wrong)s går inte att fylla i. Det här finns: %(all)s.")
        raise StopValidation(message % {"wrong": ", ".join(wrong[:5]), "all": ", ".join(ALL)})


def template_choices(templates: Sequence[TemplateRow]) -> list[SelectChoice]:
    """The choices of a template, or of none."""
    choices = [SelectChoice("", _("Ingen mall"))]
    for template in templates:
        choices.append(SelectChoice(str(template.id), template.name))
    return choices


class DraftForm(AnswerForm):
    """An unfinished answer: it may be empty, but has to fit the database column."""

    body = TextAreaField(
        _l("Ditt svar"), filters=[many_lines], validators=[PrintableText(), MaxLength(MAX_BODY)]
    )

    def validate_body(self, field: TextAreaField) -> None:
        """Accept prompts: a draft may still contain them."""
