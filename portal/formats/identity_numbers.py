"""Personnummer, samordningsnummer (SKV 704, SKV 707) and organisationsnummer: their digits. Pure."""

import re
from datetime import date


def valid(number: str) -> bool:
    """Whether these 12 digits can be a personnummer or a samordningsnummer."""
    if not re.fullmatch(r"[0-9]{12}", number, re.ASCII):
        return False
    year, month, day = int(number[:4]), int(number[4:6]), int(number[6:8])
    return _luhn(number[2:]) and (_coordination(month, day) or _is_date(year, month, day))


def is_coordination(number: str) -> bool:
    """Whether it is a samordningsnummer: a day above 31 tells it from a personnummer."""
    return valid(number) and number[6:8] >= "60"


def organisation_number(written: str) -> str | None:
    """The ten digits of an organisation's number, however it is written; None for anything else.

    The number of a sole trader is a personnummer: the third digit tells, and it is refused.
    """
    digits = re.sub(r"[\s\-\u2010-\u2015]", "", written)
    ten = digits[2:] if len(digits) == 12 and digits.startswith("16") else digits
    return ten if re.fullmatch(r"[0-9]{2}[2-9][0-9]{7}", ten) and _luhn(ten) else None


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _coordination(month: int, day: int) -> bool:
    """The day has 60 added; the official set holds month 00, day 60 and days that no month has."""
    return 0 <= month <= 12 and 60 <= day <= 91


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
