"""Case numbers: a series for each year of registration, without gaps."""

import re

from sqlalchemy import text

from portal.db import session
from portal.organisation import queries as organisation

_NEXT = text(
    "INSERT INTO number_series (year, last) VALUES (:year, 1) "
    "ON CONFLICT (year) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


def allocate(year: int) -> int:
    """The next number of the year. Held to the end of the transaction and given back if it is undone."""
    return int(session().execute(_NEXT, {"year": year}).scalar_one())


def formatted(prefix: str, year: int, number: int) -> str:
    """As a person reads it: KB-2026-000123."""
    return f"{prefix}-{year}-{number:06d}"


def reference(year: int, number: int) -> str:
    """The reference of a case in this municipality."""
    return formatted(organisation.profile().number_prefix, year, number)


def parse(prefix: str, text_in: str) -> tuple[int, int] | None:
    """Year and number of what a person wrote, small letters and spaces forgiven. None if it cannot be one."""
    plain = re.sub(r"[\s\-–—]", "", text_in).upper()
    match = re.fullmatch(re.escape(prefix.upper()) + r"([0-9]{4})([0-9]{6,9})", plain, re.ASCII)
    return (int(match[1]), int(match[2])) if match else None
