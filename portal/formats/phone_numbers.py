"""Parsing of telephone numbers to E.164. Pure."""

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# Other dashes and invisible characters come along when a number is copied from a contact or a web page.
IGNORED = re.compile(r"[\s().\-\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")
DIALLED = re.compile(r"\+?[0-9]{1,20}")
MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def is_in_countries(number: str, calling_codes: Collection[str]) -> bool:
    """Whether a number in E.164 belongs to one of the countries, named by their codes such as "+46"."""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return False
    return f"+{parsed.country_code}" in calling_codes


def parse_mobile(text: str) -> str | None:
    """A mobile number in E.164, Swedish unless it has a country code; None if it cannot be one."""
    dialled = IGNORED.sub("", text)
    # phonenumbers reads letters as the keys of a keypad, and "ext. 5" as an extension.
    if not DIALLED.fullmatch(dialled):
        return None
    try:
        number = phonenumbers.parse(dialled, "SE")
    except NumberParseException:
        return None
    # A landline receives no SMS. In some countries the number does not tell; those are accepted.
    if phonenumbers.number_type(number) not in MOBILE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
