"""Days as a date field sends them, 2026-05-18, and days of any year, 06-22. Pure."""

import re
from calendar import monthrange
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


def month_day(text: str) -> str:
    """The text, if it is a day of the year such as 06-22. Raises ValueError."""
    # 2000 was a leap year, so that 29 February can be a day of the year.
    date.fromisoformat(f"2000-{text}")
    return text


def day_of_year(text: str, year: int) -> date:
    """That day in a year; 29 February is the last of its month in every year."""
    month, day = map(int, text.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))
