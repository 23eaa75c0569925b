"""Telephone numbers as people write them, in the form that gateways take (E.164). Pure."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# Other dashes and invisible marks come along when a number is copied from an address book or a web page.
FORGIVEN = re.compile(r"[\s().\-\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")
DIALLED = re.compile(r"\+?[0-9]{1,20}")
MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def mobile(written: str) -> str | None:
    """The number in E.164 if it can be a mobile telephone, Swedish unless it names a country; else None."""
    dialled = FORGIVEN.sub("", written)
    # The library would read letters as the keys they stand on, and "ext. 5" as an extension.
    if not DIALLED.fullmatch(dialled):
        return None
    try:
        number = phonenumbers.parse(dialled, "SE")
    except NumberParseException:
        return None
    if phonenumbers.number_type(number) not in MOBILE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
