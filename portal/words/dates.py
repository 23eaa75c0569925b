"""Dates, times and small numbers as people say them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime
from flask_babel import get_locale, ngettext, pgettext
from flask_babel import gettext as _

from portal import clock


@dataclass(frozen=True)
class _Patterns:
    weekday_date: str
    short_weekday_date: str
    short_date: str
    date: str
    clock: str


_PATTERNS = {
    "sv": _Patterns("EEEE d MMMM", "EEE d MMM", "d MMM", "d MMMM", "'kl.' HH.mm"),
    "en": _Patterns("EEEE d MMMM", "EEE d MMM", "d MMM", "d MMMM", "'at' HH:mm"),
}


def weekday_date(day: date, today: date | None = None) -> str:
    """A date in full, "måndag 18 maj", with the year when it is not this year."""
    return _dated(day, _patterns().weekday_date, today)


def short_weekday_date(day: date, today: date | None = None) -> str:
    """A date for tables, "mån 18 maj", with the year when it is not this year."""
    return _dated(day, _patterns().short_weekday_date, today).replace(".", "")


def short_date(day: date, today: date) -> str:
    """A date that is only mentioned, "18 maj" or "i dag"."""
    return _("i dag") if day == today else _dated(day, _patterns().short_date, today).replace(".", "")


def short_due(due: date, today: date) -> str:
    """A due date for tables: "i dag" or "mån 18 maj"."""
    return _("i dag") if due == today else short_weekday_date(due, today)


def clock_time(moment: datetime) -> str:
    """The time on the clock in Sweden, "kl. 10.15"."""
    return format_datetime(clock.stockholm(moment), _patterns().clock, locale=_locale())


def moment(moment: datetime, today: date | None = None) -> str:
    """A moment in full, "måndag 11 maj kl. 10.15"."""
    return f"{weekday_date(clock.stockholm(moment).date(), today)} {clock_time(moment)}"


def short_moment(moment: datetime, today: date) -> str:
    """A moment for lists, "11 maj kl. 10.15", or "i dag kl. 10.02"."""
    day = clock.stockholm(moment).date()
    when = _("i dag") if day == today else _dated(day, _patterns().date, today)
    return f"{when} {clock_time(moment)}"


def full_moment(moment: datetime) -> str:
    """A moment that is still clear years later, "11 maj 2026 kl. 10.15"."""
    there = clock.stockholm(moment)
    return f"{format_date(there.date(), f'{_patterns().date} y', locale=_locale())} {clock_time(moment)}"


def month_span(first: date, last: date) -> str:
    """One month or several, "maj 2026", "april–maj 2026" or "december 2025–januari 2026"."""
    start = format_date(first, "MMMM" if first.year == last.year else "MMMM y", locale=_locale())
    end = format_date(last, "MMMM y", locale=_locale())
    return end if first == last else f"{start}–{end}"


def days_left(left: int) -> str:
    """Working days left in words; 0 is the last day and a negative count is late."""
    if left < 0:
        return ngettext("%(num)s dag sen", "%(num)s dagar sen", -left)
    if left == 0:
        return _("sista dagen")
    return ngettext("%(num)s dag kvar", "%(num)s dagar kvar", left)


def due_state(left: int) -> Literal["", "late", "soon"]:
    """How urgent a due date is, from the working days left."""
    if left < 0:
        return "late"
    return "soon" if left <= 1 else ""


def number_word(number: int) -> str:
    """A number as it stands in a sentence: a word up to twelve, then digits."""
    words = (
        pgettext("number", "noll"),
        pgettext("number", "en"),
        pgettext("number", "två"),
        pgettext("number", "tre"),
        pgettext("number", "fyra"),
        pgettext("number", "fem"),
        pgettext("number", "sex"),
        pgettext("number", "sju"),
        pgettext("number", "åtta"),
        pgettext("number", "nio"),
        pgettext("number", "tio"),
        pgettext("number", "elva"),
        pgettext("number", "tolv"),
    )
    return words[number] if 0 <= number < len(words) else str(number)


def capital(text: str) -> str:
    """The same text with a capital first letter, to begin a sentence with."""
    return text[:1].upper() + text[1:]


def _dated(day: date, pattern: str, today: date | None) -> str:
    this_year = (today or clock.today()).year
    return format_date(day, pattern if day.year == this_year else f"{pattern} y", locale=_locale())


def _locale() -> Locale:
    return get_locale() or Locale("sv")


def _patterns() -> _Patterns:
    return _PATTERNS.get(_locale().language, _PATTERNS["en"])
