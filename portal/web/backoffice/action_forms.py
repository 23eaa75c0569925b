"""Forms of the actions of staff. `version` is that of the case as the page showed it, and `happened` the last
entry of its trail by then."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput

from portal.cases.actions import extensions
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.web.forms import (
    UNFIT_IN_LINE,
    Form,
    MaxLength,
    PrintableText,
    Required,
    body_field,
    one_line,
    whole_number,
)

MAX_LINE = 200
TEXTS = {"StringField", "TextAreaField"}


class ActionForm(Form):
    """The form of an action, and by itself that of one that needs nothing filled in.

    `versioned` is False for what only adds to a case: two of those do not conflict.
    """

    versioned = True
    version = HiddenField()
    happened = HiddenField()

    @classmethod
    def for_case(cls, _actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """The form with what it needs of the case that it is for."""
        return cls(**kwargs)

    @classmethod
    def for_cases(cls, _actor: Staff, _cases: Sequence[Case], /) -> Self:
        """The form for several cases at once."""
        return cls()

    def visible(self) -> list[Field]:
        """The fields to fill in. A box is none: it is drawn when there is something to confirm."""
        unseen = {"hidden", "checkbox"}
        return [field for field in self if getattr(field.widget, "input_type", "") not in unseen]

    def arguments(self) -> dict[str, Any]:
        """What the form gives its command, by the names of the command's parameters."""
        values = {field.name: field.data for field in self.visible()}
        if self.versioned:
            values["version"] = self.seen()
        return values

    def seen(self) -> int | None:
        """The version of the case that the page showed."""
        return whole_number(self.version.data)

    def read_to(self) -> int | None:
        """The sequence of the last trail entry that the page showed."""
        return whole_number(self.happened.data)

    def renew(self, version: int, happened: int) -> None:
        """Make the form one for the case as it is now."""
        self.version.data = str(version)
        self.happened.data = str(happened)

    def given_back(self, to_send: bool) -> list[Field]:
        """The fields that were filled in: texts and choices to send again, or texts alone to copy."""
        kinds = TEXTS | {"SelectField"} if to_send else TEXTS
        return [field for field in self if field.type in kinds and field.data]


def text_form(missing: Any, label: Any, hint: Any = "", versioned: bool = True) -> type[ActionForm]:
    """A form of one text, `body`."""

    class TextForm(ActionForm):
        body = body_field(missing, label, hint)

    TextForm.versioned = versioned
    return TextForm


class Day:
    """Refuse what is not a date as a date field sends it."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Any) -> None:
        """Raises StopValidation."""
        try:
            date.fromisoformat(field.data or "")
        except ValueError:
            raise StopValidation(_("Skriv dagen som 2026-05-18")) from None


def day_field(label: Any, hint: Any = "") -> StringField:
    """A day, chosen in the browser's own control."""
    return StringField(label, filters=[one_line], description=hint, widget=DateInput())


def line_field(label: Any, missing: Any, hint: Any = "") -> StringField:
    """A required line."""
    checks = [Required(missing), MaxLength(MAX_LINE), PrintableText(UNFIT_IN_LINE)]
    return StringField(label, filters=[one_line], description=hint, validators=checks)


class AskForm(ActionForm):
    """A question to the sender, and until when we wait."""

    body = body_field(
        _l("Skriv frågan först"),
        _l("Din fråga"),
        _l("Avsändaren får frågan. Svarstiden står still tills svaret kommer."),
    )
    until = day_field(_l("Svara senast, om det finns en sista dag"))

    def validate_until(self, field: StringField) -> None:
        """Optional."""
        if field.data:
            Day()(self, field)

    def arguments(self) -> dict[str, Any]:
        """With the day, if there is one."""
        until = date.fromisoformat(self.until.data) if self.until.data else None
        return super().arguments() | {"until": until}


class ExtendForm(ActionForm):
    """A later day, and why."""

    until = day_field(_l("Ny sista dag för svaret"))
    reason = line_field(
        _l("Skälet"), _l("Skriv skälet"), _l("Avsändaren får veta den nya dagen och läser skälet i ärendet.")
    )

    @classmethod
    def for_case(cls, _actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """With the profile's ready reason, on the days when it may be used."""
        return cls(**{"reason": extensions.summer_reason()} | kwargs)

    def validate_until(self, field: StringField) -> None:
        """Required."""
        Day()(self, field)

    def arguments(self) -> dict[str, Any]:
        """With the new day."""
        return super().arguments() | {"until": date.fromisoformat(str(self.until.data))}


class MoveForm(ActionForm):
    """To which other system, and its number there."""

    system = line_field(_l("Systemets namn"), _l("Skriv vilket system"))
    number = line_field(_l("Numret där"), _l("Skriv numret"), _l("Avsändaren ser båda."))


class RedirectForm(ActionForm):
    """Why the process is not for it, and the right way."""

    reason = line_field(_l("Varför det inte hör hit"), _l("Skriv varför"))
    way = line_field(_l("Rätt väg"), _l("Skriv vart avsändaren ska vända sig"), _l("Avsändaren läser båda."))


class RecordForm(ActionForm):
    """The button that flags a request for a public record, or removes the flag."""

    def __init__(self, flagged: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.flagged = flagged

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With whether the case is flagged now."""
        return cls(case.record_request, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """With the opposite of what the case is now."""
        return super().arguments() | {"record": not self.flagged}


class SettleForm(ActionForm):
    """A button beside a proposal."""

    measure = HiddenField(validators=[Required(_l("Välj ett förslag"))])

    def arguments(self) -> dict[str, Any]:
        """With the id of the proposal; None if what was sent cannot be one."""
        return super().arguments() | {"measure": whole_number(self.measure.data)}


class SplitForm(ActionForm):
    """What the part is about."""

    subject = line_field(
        _l("Rubrik på det nya ärendet"),
        _l("Skriv en rubrik"),
        _l("Det får ett eget nummer, och samma avsändare, text och sista dag."),
    )
