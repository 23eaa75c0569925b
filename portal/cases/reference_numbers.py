"""Case numbers: a series for each year of registration, without gaps."""

import re

from sqlalchemy import text

from portal.db import session
from portal.formats import cleaning
from portal.organisation import queries as organisation

# Words before a number that is copied together with them.
LABELS = frozenset(
    {"ÄRENDE", "ÄRENDENUMMER", "ÄRENDENR", "MITT", "NUMMER", "NR", "DNR", "CASE", "NUMBER", "NO"}
)
MAX_DIGITS = 9
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


def parse(prefix: str, text_in: str, year: int | None = None) -> tuple[int, int] | None:
    """Year and number of what a person wrote, such as "Ärende kb 2026 123,"; None if it cannot be one.

    With `year` the number alone is enough: it is one of that year.
    """
    parts = cleaning.tokens(text_in)
    while parts and parts[0] in LABELS:
        parts.pop(0)
    written = "-".join(parts)
    if year and re.fullmatch(r"[0-9]{1,6}", written):
        return year, int(written)
    separated = re.fullmatch(prefix + r"-?([0-9]{4})-([0-9][0-9-]*)", written)
    # Without a sign between year and number only the whole number shows where the year ends.
    match = separated or re.fullmatch(prefix + r"([0-9]{4})([0-9]{6,9})", written.replace("-", ""))
    number = match[2].replace("-", "") if match else ""
    return (int(match[1]), int(number)) if match and len(number) <= MAX_DIGITS else None
