"""The forms of the actions of staff.

`version` is that of the case when the page showed it, and `happened` the sequence of its last trail entry.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Self

from markupsafe import Markup
from wtforms import Field, HiddenField, StringField
from wtforms.fields.choices import SelectChoice

from portal.cases.models import Case
from portal.cases.queries import MessageRow
from portal.files.enums import Sender
from portal.identity.actors import Staff
from portal.translation import lazy_gettext as _l
from portal.web.attachments import posted_files
from portal.web.attachments.forms import FilesForm, files_field
from portal.web.forms import (
    Form,
    MaxLength,
    PrintableText,
    Required,
    body_field,
    one_line,
    whole_number,
)
from portal.web.number_checks import NoIdentityNumber

MAX_LINE = 200
TEXTS = {"StringField", "TextAreaField"}
# In place of data in a form that is drawn once: a text, and the options of a list. No text that is typed has
# them: they are noncharacters, see UNFIT in portal/web/forms.py.
FIRST_TEXT, SECOND_TEXT, NO_OPTIONS = "\ufdd3", "\ufdd4", "\ufdd5"
OPTIONS = f'<option value="">{NO_OPTIONS}</option>'
_OPTION, _CHOSEN = Markup('<option value="%s">%s</option>'), Markup('<option selected value="%s">%s</option>')
_GROUP = Markup('<optgroup label="%s">%s</optgroup>')


def option_slot(choices: Iterable[SelectChoice], chosen: str | None = None) -> dict[str, Markup]:
    """The options of a list, in their groups, to be put in place of OPTIONS."""
    groups = []
    for group, members in groupby(choices, attrgetter("optgroup")):
        options = []
        for choice in members:
            options.append((_CHOSEN if choice.value == chosen else _OPTION) % (choice.value, choice.label))
        html = Markup().join(options)
        groups.append(html if group is None else _GROUP % (group, html))
    return {OPTIONS: Markup().join(groups)}


def no_options() -> list[SelectChoice]:
    """The choices of a list in a form that is drawn once: draws OPTIONS."""
    return [SelectChoice("", NO_OPTIONS)]


class ActionForm(Form):
    """The form of an action; used as it is for actions without fields.

    `versioned` is False for what only adds to a case: two of those do not conflict. `question` asks for a
    confirmation of what the command would not do without it.
    """

    versioned = True
    question: Any = ""
    version = HiddenField()
    happened = HiddenField()

    @classmethod
    def for_case(cls, _actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """The form for a case, with the choices that it needs."""
        return cls(**kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """What decides how the form looks before it is filled in, its hidden fields and slots() aside.

        It is drawn once for each such value, and not for each page. None: it shows data of the case or of the
        organisation, as any form may that has a for_case() of its own.
        """
        own = cls.for_case.__func__ is not ActionForm.for_case.__func__  # type: ignore[attr-defined]
        return None if own else ()

    @classmethod
    def blank(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """The form as it is drawn once, with placeholders for what is in slots()."""
        return cls.for_case(actor, case, **kwargs)

    @classmethod
    def slots(cls, _actor: Staff, _case: Case, /) -> Mapping[str, Markup]:
        """The data of the case or of the organisation that the form shows, by its placeholder in the HTML."""
        return {}

    @classmethod
    def for_cases(cls, _actor: Staff, _cases: Sequence[Case], /) -> Self:
        """The form of a bulk action on these cases."""
        return cls()

    @property
    def row(self) -> str:
        """The id of what the form is drawn beside, such as a message; else empty."""
        return ""

    def explain(self, _case: Case, _messages: Sequence[MessageRow]) -> None:
        """Add what the case says of a form that is shown again."""

    def visible(self) -> list[Field]:
        """The fields to fill in that are drawn alike: no checkbox, which only confirms, and no files."""
        excluded = {"hidden", "checkbox", "file"}
        return [field for field in self if getattr(field.widget, "input_type", "") not in excluded]

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments for the command of the action."""
        values = {field.name: field.data for field in self.visible()}
        if self.versioned:
            values["version"] = self.seen()
        return values

    def arguments_for(self, _actor: Staff, _case: Case, /) -> dict[str, Any]:
        """The arguments of one case; of a bulk action they may differ between the cases."""
        return self.arguments()

    def seen(self) -> int | None:
        """The version of the case that the page showed."""
        return whole_number(self.version.data)

    def read_to(self) -> int | None:
        """The sequence of the last trail entry that the page showed."""
        return whole_number(self.happened.data)

    def renew(self, version: int, happened: int) -> None:
        """Set the form to the current version of the case, so that it can be sent again."""
        self.version.data = str(version)
        self.happened.data = str(happened)

    def given_back(self, to_send: bool) -> list[Field]:
        """The filled-in fields: texts and choices to send again, or only texts to copy."""
        kinds = TEXTS | {"SelectField"} if to_send else TEXTS
        return [field for field in self if field.type in kinds and field.data]


class FilesActionForm(FilesForm, ActionForm):
    """The form of an action whose text may have files."""

    def sender(self) -> Sender:
        """Staff, also where they write down what a sender has said."""
        return Sender.STAFF

    def arguments_for(self, actor: Staff, case: Case, /) -> dict[str, Any]:
        """With whether it has files that the latest message of the case has not."""
        return super().arguments_for(actor, case) | {"more": posted_files.has_more(self, case)}


class NoteForm(FilesActionForm):
    """A note for staff."""

    versioned = False
    body = body_field(
        _l("Skriv anteckningen först"),
        _l("Anteckning"),
        _l("Bara personal ser den, men den kan bli en allmän handling."),
    )
    attachments = files_field()


def text_form(missing: Any, label: Any, hint: Any = "", versioned: bool = True) -> type[ActionForm]:
    """A form of one text, `body`."""

    class TextForm(ActionForm):
        body = body_field(missing, label, hint)

    TextForm.versioned = versioned
    return TextForm


def line_field(label: Any, missing: Any, hint: Any = "") -> StringField:
    """A required text of one line."""
    checks = [Required(missing), MaxLength(MAX_LINE), PrintableText(), NoIdentityNumber()]
    return StringField(label, filters=[one_line], description=hint, validators=checks)


class MoveForm(ActionForm):
    """The system that the case was moved to, and its number there."""

    system = line_field(_l("Systemets namn"), _l("Skriv vilket system"))
    number = line_field(_l("Numret där"), _l("Skriv numret"), _l("Avsändaren ser båda."))


class RedirectForm(ActionForm):
    """Why the case does not belong here, and where it does."""

    reason = line_field(_l("Varför det inte hör hit"), _l("Skriv varför"))
    # A stored name: the close details of a case have it too.
    way = line_field(_l("Rätt väg"), _l("Skriv vart avsändaren ska vända sig"), _l("Avsändaren läser båda."))


class RecordForm(ActionForm):
    """The button that sets or removes the flag of a request for a public record."""

    def __init__(self, flagged: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.flagged = flagged

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the current flag of the case."""
        return cls(case.record_request, **kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """Nothing: the flag decides what the button does and how it is labelled, not its form."""
        return ()

    def arguments(self) -> dict[str, Any]:
        """With the opposite of the current flag as `record`."""
        return super().arguments() | {"record": not self.flagged}


class SettleForm(ActionForm):
    """The button beside a proposal that settles it."""

    measure = HiddenField(validators=[Required(_l("Välj ett förslag"))])

    def arguments(self) -> dict[str, Any]:
        """With the id of the proposal as `measure`; None if the field is not a number."""
        return super().arguments() | {"measure": whole_number(self.measure.data)}


class SplitForm(ActionForm):
    """The subject of the part that is split off."""

    subject = line_field(
        _l("Rubrik på det nya ärendet"),
        _l("Skriv en rubrik"),
        _l("Det får ett eget nummer, och samma avsändare, text och sista dag."),
    )
