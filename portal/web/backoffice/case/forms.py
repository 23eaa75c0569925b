"""What staff do with a case, each a form of its own. `version` is the case as the page showed it, and
`happened` the last thing that had happened to it by then."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput

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
    """A button that acts on the case as it was read."""

    version = HiddenField()
    happened = HiddenField()

    def seen(self) -> int | None:
        """The version that was read, if the page said one."""
        return whole_number(self.version.data)

    def read_to(self) -> int | None:
        """The last thing that had happened when the page was read, if it said which."""
        return whole_number(self.happened.data)

    def renew(self, version: int, happened: int) -> None:
        """What was written for the case as it was is now for the case as it is."""
        self.version.data, self.happened.data = str(version), str(happened)

    def given_back(self, to_send: bool) -> list[Field]:
        """The fields that somebody filled in: all that they chose, to send again; their texts, to copy."""
        kinds = TEXTS | {"SelectField"} if to_send else TEXTS
        return [field for field in self if field.type in kinds and field.data]


class Day:
    """A day as a date field sends it."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Any) -> None:
        """Refuse what is no day."""
        try:
            date.fromisoformat(field.data or "")
        except ValueError:
            raise StopValidation(_("Skriv dagen som 2026-05-18")) from None


def day_field(label: Any, hint: Any = "") -> StringField:
    """A day, in the browser's own way of choosing one."""
    return StringField(label, filters=[one_line], description=hint, widget=DateInput())


def line_field(label: Any, missing: Any, hint: Any = "") -> StringField:
    """A line that must be written."""
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
        """A day, where one is given."""
        if field.data:
            Day()(self, field)

    def last_day(self) -> date | None:
        """The day, if there is one."""
        return date.fromisoformat(self.until.data) if self.until.data else None


class ContactForm(ActionForm):
    """A message that is neither answer nor question."""

    body = body_field(
        _l("Skriv meddelandet först"),
        _l("Ditt meddelande"),
        _l("Till exempel att du har börjat, eller vad som händer nu. Det är inget svar."),
    )


class CallForm(ActionForm):
    """What was said in a call or a meeting."""

    body = body_field(
        _l("Skriv först vad ni pratade om"),
        _l("Vad ni pratade om"),
        _l("Avsändaren ser att ni har pratat, men inte texten. Den kan bli en allmän handling."),
    )


class OralAnswerForm(ActionForm):
    """What was answered by word of mouth."""

    body = body_field(
        _l("Skriv först vad du svarade"),
        _l("Det du svarade"),
        _l("Avsändaren läser texten i ärendet och får veta att den finns. Ärendet räknas som besvarat."),
    )


class NoteForm(ActionForm):
    """An internal note."""

    body = body_field(
        _l("Skriv anteckningen först"),
        _l("Anteckning"),
        _l("Bara personal ser den, men den kan bli en allmän handling."),
    )


class UnprotectForm(ActionForm):
    """Why a sender need not be protected any more."""

    body = body_field(
        _l("Skriv varför först"),
        _l("Varför skyddet inte behövs"),
        _l("Texten blir en anteckning i ärendet. Skriv inte namn eller adress i den."),
    )


class ExtendForm(ActionForm):
    """A later day, and why."""

    until = day_field(_l("Ny sista dag för svaret"))
    reason = line_field(
        _l("Skälet"), _l("Skriv skälet"), _l("Avsändaren får veta den nya dagen och läser skälet i ärendet.")
    )

    def validate_until(self, field: StringField) -> None:
        """There must be one."""
        Day()(self, field)

    def day(self) -> date:
        """The new day."""
        return date.fromisoformat(str(self.until.data))


class MoveForm(ActionForm):
    """To which other system, and its number there."""

    system = line_field(_l("Systemets namn"), _l("Skriv vilket system"))
    number = line_field(_l("Numret där"), _l("Skriv numret"), _l("Avsändaren ser båda."))


class RedirectForm(ActionForm):
    """Why the process is not for it, and the right way."""

    reason = line_field(_l("Varför det inte hör hit"), _l("Skriv varför"))
    way = line_field(_l("Rätt väg"), _l("Skriv vart avsändaren ska vända sig"), _l("Avsändaren läser båda."))


class OtherCaseForm(ActionForm):
    """Another case, by its number."""

    number = line_field(_l("Det andra ärendets nummer"), _l("Skriv ett ärendenummer"))


class MergeForm(OtherCaseForm):
    """The case that this one is the same as, and a word to its sender."""

    body = body_field(
        _l("Skriv till avsändaren först"),
        _l("Till avsändaren"),
        _l("Berätta att ni redan arbetar med saken, och hur avsändaren får svar."),
    )


class SplitForm(ActionForm):
    """What the part is about."""

    subject = line_field(
        _l("Rubrik på det nya ärendet"),
        _l("Skriv en rubrik"),
        _l("Det får ett eget nummer, och samma avsändare, text och sista dag."),
    )


class MeasureForm(ActionForm):
    """What was done because of the case."""

    body = body_field(
        _l("Skriv åtgärden först"),
        _l("Vad ni har gjort"),
        _l("Till exempel lagat, ändrat en rutin eller pratat med någon. Avsändaren ser den inte."),
    )


class ProposeForm(ActionForm):
    """What could be better."""

    body = body_field(
        _l("Skriv förslaget först"),
        _l("Vad som kan bli bättre"),
        _l("Nämnden följer upp förslagen. Avsändaren ser det inte."),
    )


class SettleForm(ActionForm):
    """Which proposal is settled, by the button beside it."""

    measure = HiddenField(validators=[Required(_l("Välj ett förslag"))])

    def which(self) -> int | None:
        """Its id, if what was sent can be one."""
        return whole_number(self.measure.data)
