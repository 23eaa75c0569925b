"""Days as a date field sends them: 2026-05-18. Pure."""

import re
from datetime import date

# Years outside these are typing errors, and some overflow a date when a day is added.
FIRST_YEAR, LAST_YEAR = 1900, 2999
# date.fromisoformat() also accepts 20260518 and 2026-W21-1, which no date field sends.
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def iso_day(text: str) -> date | None:
    """The day; None if the text is none that a date field sends."""
    if not WRITTEN.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
