"""The base class, fields and validators of forms. A refused form keeps the posted text."""

import re
import secrets
from functools import cache
from typing import Any, NamedTuple

import structlog
from babel.support import NullTranslations, Translations
from flask import current_app, request
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import Field, TextAreaField
from wtforms.i18n import messages_path
from wtforms.validators import AnyOf, DataRequired, Length, StopValidation, ValidationError
from wtforms.widgets import core

from portal.formats import cleaning
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext, page_language
from portal.web import kept_form, languages
from portal.web.number_checks import NoIdentityNumber
from portal.words.dates import number_word

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# Control characters (C0, C1), surrogates, the replacement character and noncharacters. PostgreSQL cannot
# store NUL, UTF-8 has no surrogates, and U+FFFD is left by a wrong encoding. Line ends are cleaned before.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd\ufffe\uffff]")
MAX_BODY = 20_000
# The share of a limit from which on a page says how much is left of it.
NEAR = 0.9
SUBMISSION_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
TEXT_FIELDS = frozenset({"StringField", "TextAreaField"})
NO_COOKIE = _l(
    "Din webbläsare skickade ingen kaka, och utan den kan vi inte ta emot det du skriver. "
    "Allt du skrev finns kvar. Tillåt kakor för den här webbplatsen och skicka igen."
)
CHANGED = _l(
    "Du har loggat in eller ut sedan du öppnade sidan. Allt du skrev finns kvar. Läs igenom och skicka igen."
)
STALE = _l("Sidan hade varit öppen för länge. Allt du skrev finns kvar. Skicka igen.")


def attributes(**values: Any) -> Markup:
    """The HTML attributes of a field as WTForms writes them: by name, True as a name alone, without False."""
    parts = []
    for key, value in sorted(values.items()):
        if value is True:
            parts.append(core.clean_key(key))
        elif value is not False:
            # What is markup already may hold a quotation mark.
            quoted = str(escape(value)).replace('"', "&quot;")
            parts.append(f'{core.clean_key(key)}="{quoted}"')
    return Markup(" ".join(parts))  # noqa: S704


# WTForms formats each attribute as a template of its own, which takes eight times as long.
core.html_params = attributes
core.Input.html_params = staticmethod(attributes)
core.Button.html_params = staticmethod(attributes)


class TextLimit(NamedTuple):
    """How many characters a text may have, and what the page says of it far from the limit and now."""

    most: int
    words: str
    text: str


@cache
def _texts_of_wtforms(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


class Form(FlaskForm):
    """A form with a CSRF token that expires; without a valid one the page is shown again with the text."""

    class Meta(FlaskForm.Meta):
        """Fields for text of people are drawn in the direction of what is written in them."""

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            """The HTML of a field."""
            if field.type in TEXT_FIELDS and getattr(field.widget, "input_type", "text") == "text":
                render_kw.setdefault("dir", "auto")
            return super().render_field(field, render_kw)

        def get_translations(self, _form: Any) -> Any:
            """WTForms' own texts in the language of the page; Flask-WTF reads their file for each request."""
            return _texts_of_wtforms(page_language())

    def __init__(self, **kwargs: Any) -> None:
        # Flask-WTF would also read files and JSON, which none of these forms has.
        super().__init__(**{"formdata": request.form if request.method == "POST" else None} | kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate all fields; a missing or expired token is logged."""
        valid = bool(super().validate(extra_validators))
        if self.csrf_token.errors:
            log.warning("csrf.refused", endpoint=request.endpoint)
        return valid

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent and is valid; never when it was posted by a language button."""
        return not self.is_only_shown() and bool(super().validate_on_submit(extra_validators))

    def is_only_shown(self) -> bool:
        """Whether it was posted by a button that draws it again and does nothing else: that of a language."""
        return languages.is_switched()

    def note(self) -> str:
        """The message above the form if its token is missing or has expired; otherwise empty."""
        if not self.csrf_token.errors:
            return ""
        return no_cookie() or str(CHANGED if kept_form.has_fresh_token() else STALE)

    def body_limit(self, words: bool = True) -> TextLimit:
        """The limit of the text; without `words` the page is silent until it is near."""
        most = _("Högst %(count)s tecken.", count=_grouped(MAX_BODY)) if words else ""
        length = len(self["body"].data or "")
        if length > MAX_BODY:
            # Its error says the rest.
            return TextLimit(MAX_BODY, most, "")
        left = _("Du kan skriva %(count)s tecken till.", count=_grouped(MAX_BODY - length))
        return TextLimit(MAX_BODY, most, left if length >= NEAR * MAX_BODY else most)

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
    return no_cookie() or _("Sidan hade varit öppen för länge. Försök igen.")


def no_cookie() -> str:
    """The message for a browser that sent no session cookie, so that no token can be valid; else empty."""
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return ""
    # To send again would fail for ever where cookies are blocked: say so, and another way.
    phone = organisation.profile().phone
    if phone:
        return _("%(text)s Du kan också ringa %(phone)s.", text=NO_COOKIE, phone=phone)
    return str(NO_COOKIE)


class EmptyForm(Form):
    """A button without fields, with only the CSRF token to validate."""


def new_submission_token() -> str:
    """128 random bits that identify one filled-in form, so that sending it twice makes one case."""
    return secrets.token_urlsafe(16)


def usable_submission_token(posted: str | None) -> str:
    """The posted token; a new one for a form without a token, or with one that was made up."""
    return posted if posted and SUBMISSION_TOKEN.fullmatch(posted) else new_submission_token()


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
    """The cleaned text of a field of one line."""
    return cleaning.line(text or "")


def many_lines(text: str | None) -> str:
    """The cleaned text of a field of several lines, with LF line endings; browsers send CRLF."""
    return cleaning.body(text or "")


class Required(DataRequired):
    """Refuse an empty field, with our message instead of the browser's: no `required` attribute."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.field_flags: dict[str, Any] = {}

    def __call__(self, form: Any, field: Field) -> None:
        """Raises StopValidation, also for a text without a character that can be seen."""
        super().__call__(form, field)
        if isinstance(field.data, str) and not cleaning.is_visible(field.data):
            raise StopValidation(str(self.message))


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

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        cleaned = UNFIT.sub("", field.data or "")
        if cleaned != (field.data or ""):
            field.data = cleaned
            raise StopValidation(
                _("Texten innehöll tecken som inte går att läsa. Vi tog bort dem. Läs igenom och skicka.")
            )


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


# What every text that is kept in a case is checked for.
TEXT_CHECKS = (PrintableText(), MaxLength(MAX_BODY), NoIdentityNumber())


def body_field(missing: Any, label: Any = None, hint: Any = "") -> TextAreaField:
    """A required text of several lines, of at most MAX_BODY characters."""
    checks = [Required(missing), *TEXT_CHECKS]
    return TextAreaField(
        label, filters=[many_lines], description=hint, validators=checks, render_kw={"rows": "5"}
    )
