"""The base class, fields and validators of forms. A refused form keeps the posted text."""

import re
from collections.abc import Sequence
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

from portal.formats.phone_numbers import is_in_countries, parse_mobile
from portal.organisation import queries as organisation
from portal.words.dates import number_word

# Control characters (C0, C1), line separators, surrogates, the replacement character and noncharacters.
# PostgreSQL cannot store NUL, UTF-8 has no surrogates, and U+FFFD is left by a wrong encoding.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd\ufffe\uffff]")
UNFIT_IN_LINE = re.compile(UNFIT.pattern[:-1] + "\t\n]")
MAX_BODY = 20_000
STALE = _l("Sidan hade varit öppen för länge. Allt du skrev finns kvar. Skicka igen.")


class FormReader(FormDataParser):
    """Decode invalid UTF-8 as U+FFFD, which PrintableText refuses; Werkzeug would drop the bytes silently."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Any = None
    ) -> tuple[IO[bytes], Any, Any]:
        """Return the stream, the fields and the files of a form."""
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, content_length, options)
        pairs = parse_qsl(stream.read().decode(errors="replace"), keep_blank_values=True, errors="replace")
        return stream, self.cls(pairs), self.cls()


class FormRequest(Request):
    """A request whose form is parsed by FormReader."""

    form_data_parser_class = FormReader


class Form(FlaskForm):
    """A form with a CSRF token that expires; without a valid one the page is shown again with the text."""

    def __init__(self, **kwargs: Any) -> None:
        # Flask-WTF would also read files and JSON, which none of these forms has.
        super().__init__(**{"formdata": request.form if request.method == "POST" else None} | kwargs)

    def note(self) -> str:
        """The message above the form if its token is missing or has expired; otherwise empty."""
        return str(STALE) if self.csrf_token.errors else ""

    def problems(self, ids: dict[str, str] | None = None) -> list[tuple[str, str]]:
        """(field id, first message) of each invalid field, in the order of the page.

        `ids` maps field names to the ids that the page uses instead of the fields' own.
        """
        errors = []
        for field in self:
            # The token has no field on the page to link to: see note().
            if field.errors and field.name != "csrf_token":
                errors.append(((ids or {}).get(field.name, field.id), str(field.errors[0])))
        return errors


def gone_stale() -> str:
    """The message of a button whose CSRF token has expired."""
    return _("Sidan hade varit öppen för länge. Försök igen.")


class EmptyForm(Form):
    """A button without fields, with only the CSRF token to validate."""


def whole_number(text: str | None) -> int | None:
    """The number of at most nine digits in a hidden field; None for anything else."""
    # Nine digits fit PostgreSQL's 32-bit integer; int() alone would take other digits and signs too.
    if text and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    return None


def heading(errors: list[tuple[str, str]]) -> str:
    """The heading of the error summary: "Rätta två saker"."""
    count = len(errors)
    return str(ngettext("Rätta en sak", "Rätta %(count)s saker", count, count=number_word(count)))


def summary(errors: list[tuple[str, str]]) -> dict[str, Any]:
    """The template values of the error summary."""
    return {"errors": errors, "errors_heading": heading(errors) if errors else ""}


def one_line(text: str | None) -> str:
    """The text of a field of one line, stripped."""
    return (text or "").strip()


def many_lines(text: str | None) -> str:
    """A text with LF line endings; browsers send CRLF."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")


class Required(DataRequired):
    """Refuse an empty field, with our message instead of the browser's: no `required` attribute."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.field_flags: dict[str, Any] = {}


class MaxLength(Length):
    """Refuse more than `maximum` code points; the message says how many too many.

    No `maxlength` attribute: browsers cut off a pasted text silently.
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
    """Refuse characters that cannot be stored or shown, and remove them so that the next try succeeds."""

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


def normalized_email(text: str) -> str | None:
    """The email address in normalized form; None if it is invalid."""
    # No DNS lookup: a form must not hang on a name server, or be used to query one.
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True).normalized
    except EmailNotValidError:
        return None


class KnownChoice(AnyOf):
    """Refuse a value that is not among the field's choices, and clear it: the list cannot show it again."""

    def __init__(self, message: Any) -> None:
        super().__init__([], message)

    def __call__(self, form: Any, field: Any) -> None:
        """Raises StopValidation."""
        values = [choice.value for choice in field.choices]
        # A field that was not sent at all counts as the empty choice, if there is one.
        known = AnyOf([*values, None] if "" in values else values, self.message)
        try:
            known(form, field)
        except ValidationError:
            field.process_data(None)
            raise StopValidation(str(self.message)) from None


class MobilePhone:
    """Refuse anything but a mobile phone number in a country that text messages are sent to."""

    field_flags: dict[str, Any] = {}

    def __init__(self, instead: Any) -> None:
        """`instead` is what to choose where no text message can be sent."""
        self.instead = instead

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        number = parse_mobile(field.data or "")
        if number is None:
            raise StopValidation(_("Skriv ett mobilnummer, till exempel 070-174 06 05"))
        countries = organisation.profile().limits.sms_countries
        if not is_in_countries(number, countries):
            raise StopValidation(f"{_sms_countries(countries)} {self.instead}")


def _sms_countries(calling_codes: Sequence[str]) -> str:
    if list(calling_codes) == ["+46"]:
        return _("Vi skickar bara sms till svenska mobilnummer (+46).")
    return _("Vi skickar bara sms till mobilnummer som börjar med %(codes)s.", codes=", ".join(calling_codes))


class EmailAddress:
    """Refuse an invalid email address, and normalize a valid one."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        address = normalized_email(field.data or "")
        if address is None:
            raise StopValidation(_("Skriv hela adressen, till exempel namn@exempel.se"))
        field.data = address


def body_field(missing: Any, label: Any = None, hint: Any = "") -> TextAreaField:
    """A required text of several lines, of at most MAX_BODY characters."""
    checks = [Required(missing), PrintableText(), MaxLength(MAX_BODY)]
    return TextAreaField(
        label, filters=[many_lines], description=hint, validators=checks, render_kw={"rows": "5"}
    )


class ReplyForm(Form):
    """A reply of the sender."""

    body = body_field(_l("Skriv något först"))
