"""Validators of e-mail addresses and mobile telephone numbers, with a message for each kind of error."""

import re
from collections.abc import Sequence
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import Field, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.enums import NotifyBy
from portal.formats import cleaning
from portal.formats.phone_numbers import PhoneProblem, is_in_countries, mobile_problem, parse_mobile
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.forms import KnownChoice, MaxLength, Required, one_line
from portal.words.labels import NOTIFY_BY

# RFC 5321, 4.5.3.1: a path is at most 256 characters with its angle brackets.
MAX_EMAIL = 254
NAMED = re.compile(r"[^<>]*<([^<>]+)>")
AROUND = " ,;:.\"'<>()[]\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
PHONE_PROBLEMS = {
    PhoneProblem.LETTERS: _l("Skriv ett mobilnummer med bara siffror, till exempel 070-174 06 05"),
    PhoneProblem.TOO_SHORT: _l("Numret är för kort. Ett mobilnummer har tio siffror: 070-174 06 05"),
    PhoneProblem.TOO_LONG: _l("Numret är för långt. Ett mobilnummer har tio siffror: 070-174 06 05"),
    PhoneProblem.FOREIGN: _l("Det utländska numret är inget mobilnummer. Börja med + och landets nummer."),
    PhoneProblem.LANDLINE: _l("Det är inget mobilnummer, så det kan inte få sms. Skriv ett mobilnummer."),
    PhoneProblem.UNKNOWN: _l("Skriv ett mobilnummer, till exempel 070-174 06 05"),
}


def email_line(text: str | None) -> str:
    """The text of a field for an e-mail address, without what is copied along with an address."""
    typed = cleaning.typed(text or "")
    named = NAMED.fullmatch(typed.strip(" ,;."))
    address = (named[1] if named else typed).strip(AROUND).removeprefix("mailto:")
    # What is no address stays as it was written, for its writer to correct.
    return address if normalized_email(address) else typed


def normalized_email(text: str) -> str | None:
    """The email address in normalized form; None if it is invalid."""
    if len(text) > MAX_EMAIL:
        return None
    # No DNS lookup: a form must not hang on a name server, or be used to query one.
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True).normalized
    except EmailNotValidError:
        return None


def email_problem(text: str) -> str:
    """The message about an invalid e-mail address."""
    local, _at, domain = text.partition("@")
    foreign = next((character for character in local if not character.isascii()), "")
    # The order matters: an address without @ has no domain, and so no dot in it either.
    problems = (
        ("@" not in text, _("Adressen saknar @. Skriv hela adressen, till exempel namn@exempel.se")),
        ("@" in domain, _("Adressen har mer än ett @. Skriv en enda adress, till exempel namn@exempel.se")),
        (" " in text, _("Ta bort mellanslaget i adressen")),
        ("," in text, _("Det är ett komma i adressen. Byt ut det mot en punkt.")),
        (
            bool(foreign),
            _("%(letter)s går inte att ha före @. Skriv adressen som den är registrerad.", letter=foreign),
        ),
        (not local, _("Skriv det som är före @, till exempel namn@exempel.se")),
        (not domain, _("Skriv det som är efter @, till exempel namn@exempel.se")),
        ("." not in domain, _("Det saknas en punkt efter @, som i namn@exempel.se")),
        (".." in text, _("Det är två punkter i rad i adressen. Ta bort den ena.")),
    )
    for applies, message in problems:
        if applies:
            return str(message)
    return _("Skriv hela adressen, till exempel namn@exempel.se")


class EmailAddress:
    """Refuse an invalid email address, and normalize a valid one."""

    field_flags: dict[str, Any] = {}

    def __call__(self, form: Any, field: Field) -> None:
        """Raises StopValidation."""
        MaxLength(MAX_EMAIL)(form, field)
        address = normalized_email(field.data or "")
        if address is None:
            raise StopValidation(email_problem(field.data or ""))
        field.data = address


class MobilePhone:
    """Refuse anything but a mobile phone number in a country that text messages are sent to."""

    field_flags: dict[str, Any] = {}

    def __init__(self, instead: Any) -> None:
        """`instead` is what to choose where no text message can be sent."""
        self.instead = instead

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        written = field.data or ""
        if problem := mobile_problem(written):
            raise StopValidation(str(PHONE_PROBLEMS[problem]))
        countries = organisation.profile().limits.sms_countries
        if not is_in_countries(parse_mobile(written) or "", countries):
            raise StopValidation(f"{_sms_countries(countries)} {self.instead}")


def _sms_countries(calling_codes: Sequence[str]) -> str:
    if list(calling_codes) == ["+46"]:
        return _("Vi skickar bara sms till svenska mobilnummer (+46).")
    return _("Vi skickar bara sms till mobilnummer som börjar med %(codes)s.", codes=", ".join(calling_codes))


NO_EMAIL, NO_PHONE = _l("Skriv din e-postadress"), _l("Skriv ditt mobilnummer")
EMAIL_INSTEAD = _l("Välj e-post i stället.")


def notify_field() -> RadioField:
    """The choice of how to be notified, without validators: see the functions below."""
    return RadioField(validate_choice=False)


def email_field() -> StringField:
    """An e-mail address."""
    return StringField(filters=[email_line])


def phone_field() -> StringField:
    """A telephone number."""
    return StringField(filters=[one_line])


def offer_ways(field: RadioField, sms: bool) -> None:
    """Offer the ways to be notified; text messages only if they are sent at all."""
    field.choices = []
    for way, label in NOTIFY_BY.items():
        if sms or way is not NotifyBy.SMS:
            field.choices.append(SelectChoice(way.value, label))


def require_way(form: Any, field: Field) -> None:
    """Refuse a form without a choice of how to be notified. Raises StopValidation."""
    KnownChoice(_("Välj hur du vill få veta när det händer något"))(form, field)


def require_email(form: Any, field: Field, missing: Any = NO_EMAIL) -> None:
    """Refuse anything but an e-mail address; `missing` is said of an empty one. Raises StopValidation."""
    Required(missing)(form, field)
    EmailAddress()(form, field)


def require_phone(
    form: Any,
    field: Field,
    missing: Any = NO_PHONE,
    instead: Any = EMAIL_INSTEAD,
) -> None:
    """Refuse anything but a mobile telephone number; `instead` as of MobilePhone. Raises StopValidation."""
    Required(missing)(form, field)
    MobilePhone(instead)(form, field)
