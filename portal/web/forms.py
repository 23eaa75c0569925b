"""What forms share: text made clean, plain words for what is wrong, and what was written kept."""

import re
from typing import IO, Any
from urllib.parse import parse_qsl

from email_validator import EmailNotValidError, validate_email
from flask import Request, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.formparser import FormDataParser
from wtforms import Field, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, StopValidation, ValidationError

from portal.formats.phone_numbers import parse_mobile
from portal.words.dates import number_word

# Control characters (C0, C1), halves of signs, signs that are none, and what a broken encoding leaves.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd\ufffe\uffff]")
UNFIT_IN_LINE = re.compile(UNFIT.pattern[:-1] + "\t\n]")
MAX_BODY = 20_000
STALE = _l("Sidan hade varit öppen för länge. Allt du skrev finns kvar. Skicka igen.")


class FormReader(FormDataParser):
    """Decode bytes that are no UTF-8 as U+FFFD, which PrintableText refuses: no text is lost or garbled."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Any = None
    ) -> tuple[IO[bytes], Any, Any]:
        """The stream, the fields and the files of a form."""
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, content_length, options)
        pairs = parse_qsl(stream.read().decode(errors="replace"), keep_blank_values=True, errors="replace")
        return stream, self.cls(pairs), self.cls()


class FormRequest(Request):
    """A request whose form is read so."""

    form_data_parser_class = FormReader


class Form(FlaskForm):
    """A form whose token has a lifetime; one that is missing or stale asks again with the text kept."""

    def __init__(self, **kwargs: Any) -> None:
        # Only what a form's fields send: a file or JSON in their place is nothing.
        super().__init__(**{"formdata": request.form if request.method == "POST" else None} | kwargs)

    def note(self) -> str:
        """What to say above the form when the token, not the text, was wrong."""
        return str(STALE) if self.csrf_token.errors else ""

    def problems(self, ids: dict[str, str] | None = None) -> list[tuple[str, str]]:
        """(id, message) of each field that is wrong, in the order of the page."""
        wrong = [field for field in self if field.errors and field.name != "csrf_token"]
        return [((ids or {}).get(field.name, field.id), str(field.errors[0])) for field in wrong]


def gone_stale() -> str:
    """What is said of a button whose page had been open for too long."""
    return _("Sidan hade varit öppen för länge. Försök igen.")


class EmptyForm(Form):
    """A button without fields: only its token is checked."""


def whole_number(written: str | None) -> int | None:
    """The number of at most nine digits that a hidden field holds; None for anything else."""
    fits = written and written.isascii() and written.isdigit() and len(written) < 10
    return int(written) if written and fits else None


def heading(errors: list[tuple[str, str]]) -> str:
    """The heading of the error summary: "Rätta två saker"."""
    count = len(errors)
    return str(ngettext("Rätta en sak", "Rätta %(count)s saker", count, count=number_word(count)))


def summary(errors: list[tuple[str, str]]) -> dict[str, Any]:
    """The two values that the error summary of a page wants."""
    return {"errors": errors, "errors_heading": heading(errors) if errors else ""}


def one_line(text: str | None) -> str:
    """A field of one line, without the space around it."""
    return (text or "").strip()


def many_lines(text: str | None) -> str:
    """A text with one sort of line ending, as it is counted and stored; browsers send CRLF."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")


class Required(DataRequired):
    """Refuse an empty field. The text of the message tells, not the browser: no `required` attribute."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.field_flags: dict[str, Any] = {}


class MaxLength(Length):
    """Refuse more than `maximum` code points, and say by how many.

    No `maxlength` attribute: it would cut a pasted text off without a word.
    """

    def __init__(self, maximum: int) -> None:
        super().__init__(max=maximum, message="")
        self.field_flags: dict[str, Any] = {}

    def __call__(self, form: Any, field: Field) -> None:
        """Raises StopValidation."""
        try:
            super().__call__(form, field)
        except ValidationError:
            raise StopValidation(self._too_long(len(field.data))) from None

    def _too_long(self, length: int) -> str:
        text = _("Texten är %(over)s tecken för lång. Den får vara högst %(most)s tecken.")
        return text % {"over": _grouped(length - self.max), "most": _grouped(self.max)}


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


class PrintableText:
    """Refuse characters that cannot be stored or shown. They are removed, so that the next try succeeds."""

    field_flags: dict[str, Any] = {}

    def __init__(self, unfit: re.Pattern[str] = UNFIT) -> None:
        self.unfit = unfit

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        cleaned = self.unfit.sub("", field.data or "")
        if cleaned != (field.data or ""):
            field.data = cleaned
            raise StopValidation(
                _("Texten innehöll tecken som inte går att läsa. Vi tog bort dem. Läs igenom och skicka.")
            )


def checked_email(written: str) -> str | None:
    """The address in its normal form, or None when it cannot be one. Nothing is asked of any server."""
    try:
        return validate_email(
            written, check_deliverability=False, allow_smtputf8=False, strict=True
        ).normalized
    except EmailNotValidError:
        return None


class KnownChoice(AnyOf):
    """Refuse what is not among the field's own choices, and forget it: it cannot be shown again."""

    def __init__(self, message: Any) -> None:
        super().__init__([], message)

    def __call__(self, form: Any, field: Any) -> None:
        """Raises StopValidation."""
        values = [choice.value for choice in field.choices]
        # A field that was not sent at all has the empty choice, where there is one.
        known = AnyOf([*values, None] if "" in values else values, self.message)
        try:
            known(form, field)
        except ValidationError:
            field.process_data(None)
            raise StopValidation(str(self.message)) from None


class MobilePhone:
    """A number that can be a mobile telephone."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse what an SMS cannot be sent to."""
        if parse_mobile(field.data or "") is None:
            raise StopValidation(_("Skriv ett mobilnummer, till exempel 070-174 06 05"))


class EmailAddress:
    """An address that mail can be sent to."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse what cannot be an address; keep the rest in its normal form."""
        found = checked_email(field.data or "")
        if found is None:
            raise StopValidation(_("Skriv hela adressen, till exempel namn@exempel.se"))
        field.data = found


def body_field(missing: Any, label: Any = None, hint: Any = "") -> TextAreaField:
    """A long text: 20 000 signs, and the same rules wherever one is written."""
    checks = [Required(missing), PrintableText(), MaxLength(MAX_BODY)]
    return TextAreaField(
        label, filters=[many_lines], description=hint, validators=checks, render_kw={"rows": "5"}
    )


class ReplyForm(Form):
    """Writing back."""

    body = body_field(_l("Skriv något först"))
