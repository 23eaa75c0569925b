"""Parsing of telephone numbers to E.164. Pure."""

import re
from collections.abc import Collection
from enum import Enum, auto

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from portal.formats import cleaning

IGNORED = re.compile(r"[\s().\-/]+")
DIALLED = re.compile(r"\+?[0-9]{1,20}")
MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
# Digits without country code: the shortest Swedish mobile number, 070-123 45 67, has nine after the zero.
MIN_DIGITS = 10


class PhoneProblem(Enum):
    """Why a text is not a mobile number."""

    LETTERS = auto()
    TOO_SHORT = auto()
    TOO_LONG = auto()
    FOREIGN = auto()
    LANDLINE = auto()
    UNKNOWN = auto()


def is_in_countries(number: str, calling_codes: Collection[str]) -> bool:
    """Whether a number in E.164 belongs to one of the countries, named by their codes such as "+46"."""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return False
    return f"+{parsed.country_code}" in calling_codes


def parse_mobile(text: str) -> str | None:
    """A mobile number in E.164, Swedish unless it has a country code; None if it cannot be one."""
    number = _parsed(_dialled(text))
    # A landline receives no SMS. In some countries the number does not tell; those are accepted.
    if number is None or phonenumbers.number_type(number) not in MOBILE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def mobile_problem(text: str) -> PhoneProblem | None:
    """Why a text is not a mobile number; None for one that is."""
    if parse_mobile(text):
        return None
    dialled = _dialled(text)
    if any(character.isalpha() for character in dialled):
        return PhoneProblem.LETTERS
    number = _parsed(dialled)
    if number and number.country_code != 46:
        return PhoneProblem.FOREIGN
    if number and phonenumbers.is_valid_number(number):
        return PhoneProblem.LANDLINE
    return _length_problem(dialled)


def _length_problem(dialled: str) -> PhoneProblem:
    digits = sum(character.isdigit() for character in _national(dialled))
    if digits < MIN_DIGITS:
        return PhoneProblem.TOO_SHORT
    return PhoneProblem.TOO_LONG if digits > MIN_DIGITS else PhoneProblem.UNKNOWN


def _national(dialled: str) -> str:
    """The digits with the trunk prefix in place of Sweden's country code."""
    for prefix in ("+46", "0046"):
        if dialled.startswith(prefix):
            return "0" + dialled.removeprefix(prefix)
    return dialled


def _dialled(text: str) -> str:
    """The text as it would be dialled, without spaces and punctuation."""
    typed = cleaning.typed(text)
    # "+46 (0)70": the trunk prefix is not part of the international number.
    return IGNORED.sub("", typed.replace("(0)", "") if typed.startswith("+") else typed)


def _parsed(dialled: str) -> PhoneNumber | None:
    # phonenumbers reads letters as the keys of a keypad, and "ext. 5" as an extension.
    if not DIALLED.fullmatch(dialled):
        return None
    try:
        return phonenumbers.parse(dialled, "SE")
    except NumberParseException:
        return None
