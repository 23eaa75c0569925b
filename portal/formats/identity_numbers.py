"""Validation of personnummer, samordningsnummer (SKV 704, SKV 707) and organisationsnummer. Pure."""

import re
from datetime import date

from portal.formats import cleaning


def is_valid(number: str) -> bool:
    """Whether the number is 12 digits and a possible personnummer or samordningsnummer."""
    if not re.fullmatch(r"[0-9]{12}", number, re.ASCII):
        return False
    year = int(number[:4])
    month = int(number[4:6])
    day = int(number[6:8])
    # The check digit is of the ten digits without the century.
    return _has_check_digit(number[2:]) and (_is_coordination_day(month, day) or _is_date(year, month, day))


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
