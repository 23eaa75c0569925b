"""Personnummer, samordningsnummer (SKV 704, SKV 707) and organisationsnummer. Pure."""

import re
import unicodedata
from datetime import date

from portal.formats import cleaning

# "19870420-2392", "870420+2392", "8704202392", "1987-04-20 2392", with any dash and any digits.
WRITTEN = re.compile(
    r"(?<!\d)(?P<century>\d\d)?"
    rf"(?P<date>\d{{6}}|\d\d(?P<between>[ ./{cleaning.DASHES}])\d\d(?P=between)\d\d)"
    rf"(?P<dash>[ \u00a0]?[{cleaning.DASHES}+]?[ \u00a0]?)(?P<number>\d{{4}})(?!\d)"
)
CENTURIES = ("18", "19", "20")


def is_valid(number: str) -> bool:
    """Whether the number is 12 digits and a possible personnummer or samordningsnummer."""
    if not re.fullmatch(r"[0-9]{12}", number, re.ASCII):
        return False
    year = int(number[:4])
    month = int(number[4:6])
    day = int(number[6:8])
    # The check digit is of the ten digits without the century.
    return _has_check_digit(number[2:]) and (_is_coordination_day(month, day) or _is_date(year, month, day))


def find(text: str) -> list[str]:
    """The personnummer and samordningsnummer of a text, as they are written in it, in order.

    Other numbers can look the same: one in ten that begins with a date has the right check digit.
    """
    return [match[0] for match in WRITTEN.finditer(text) if _is_written_number(match)]


def without_numbers(text: str, instead: str = "") -> str:
    """The text without its personnummer and samordningsnummer, with another text in place of each."""
    return WRITTEN.sub(lambda match: instead if _is_written_number(match) else match[0], text)


def _is_written_number(match: re.Match[str]) -> bool:
    ten = _digits(match["date"]) + _digits(match["number"])
    # A phone number has no dash in that place.
    if not match["century"] and not match["dash"] and ten.startswith("0"):
        return False
    century = _digits(match["century"] or "")
    return any(is_valid(possible + ten) for possible in CENTURIES if century in ("", possible))


def _digits(text: str) -> str:
    """The decimal digits of a text, in ASCII."""
    values = [unicodedata.decimal(character, None) for character in text]
    return "".join(str(value) for value in values if value is not None)


def is_coordination(number: str) -> bool:
    """Whether the number is a valid samordningsnummer: its day has 60 added."""
    return is_valid(number) and number[6:8] >= "60"


def organisation_number(written: str) -> str | None:
    """The ten digits of an organisationsnummer, with or without hyphen and prefix 16; None if invalid.

    A sole trader's number is their personnummer and is not accepted: its third digit is below 2.
    """
    digits = cleaning.without_spaces(written).replace("-", "")
    ten = digits[2:] if len(digits) == 12 and digits.startswith("16") else digits
    return ten if re.fullmatch(r"[0-9]{2}[2-9][0-9]{7}", ten) and _has_check_digit(ten) else None


def _has_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (the Luhn algorithm)."""
    total = 0
    for position, digit in enumerate(digits):
        # divmod adds the digits of a product above nine.
        total += sum(divmod(int(digit) * (2 - position % 2), 10))
    return total % 10 == 0


def _is_coordination_day(month: int, day: int) -> bool:
    # Skatteverket's test numbers hold month 00, day 60 and days that the month does not have.
    return 0 <= month <= 12 and 60 <= day <= 91


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
