"""Dates, times and small numbers in running text, in the language of the request."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Literal

from babel.dates import format_date, format_datetime

from portal import clock
from portal.cases.deadlines import SOON
from portal.translation import gettext as _
from portal.translation import ngettext, page_language, pgettext


@dataclass(frozen=True)
class _Patterns:
    weekday_date: str
    short_weekday_date: str
    short_date: str
    date: str
    clock: str


NO_BREAK = "\N{NO-BREAK SPACE}"

# CLDR patterns. The formats of Babel itself always carry the year, and English ones begin with the month.
_PATTERNS = {
    "sv": _Patterns("EEEE d MMMM", "EEE d MMM", "d MMM", "d MMMM", "'kl.' HH.mm"),
    "en": _Patterns("EEEE d MMMM", "EEE d MMM", "d MMM", "d MMMM", "'at' HH:mm"),
}


def weekday_date(day: date, today: date | None = None) -> str:
    """A date with its weekday, "måndag 18 maj", and the year unless it is the current one."""
    return _format_date(day, _patterns().weekday_date, today)


def short_weekday_date(day: date, today: date | None = None) -> str:
    """A date for tables, "mån 18 maj", and the year unless it is the current one."""
    # CLDR abbreviates Swedish months and weekdays with a full stop.
    return _format_date(day, _patterns().short_weekday_date, today).replace(".", "")


def short_date(day: date, today: date) -> str:
    """A date in passing: "18 maj" or "i dag"."""
    if day == today:
        return _("i dag")
    return _format_date(day, _patterns().short_date, today).replace(".", "")


def short_due(due: date, today: date) -> str:
    """A due date for tables: "i dag" or "mån 18 maj"."""
    return _("i dag") if due == today else short_weekday_date(due, today)


def day_and_month(day: date, today: date) -> str:
    """A date without its weekday: "28 november", with the year if it is another."""
    return _format_date(day, _patterns().date, today)


def clock_time(moment: datetime) -> str:
    """The time of day in Sweden, "kl. 10.15"."""
    # Without its day, so that few are kept: it is not shown.
    time = clock.stockholm(moment).replace(year=2000, month=1, day=1, second=0, microsecond=0, tzinfo=None)
    return _formatted_time(time, _patterns().clock, page_language())


def moment(moment: datetime, today: date | None = None) -> str:
    """Weekday, date and time: "måndag 11 maj kl. 10.15"."""
    return f"{weekday_date(clock.stockholm(moment).date(), today)} {clock_time(moment)}"


def short_moment(moment: datetime, today: date) -> str:
    """Date and time for lists: "11 maj kl. 10.15" or "i dag kl. 10.02"."""
    day = clock.stockholm(moment).date()
    if day == today:
        return unbroken(f"{_('i dag')} {clock_time(moment)}")
    return f"{_format_date(day, _patterns().date, today)} {clock_time(moment)}"


def short_hour(moment: datetime, today: date) -> str:
    """Date and hour of a time that is kept to the hour: "i dag kl. 10–11"."""
    start = clock.stockholm(moment)
    day = start.date()
    when = _("i dag") if day == today else _format_date(day, _patterns().date, today)
    hours = f"{start:%H}–{start + timedelta(hours=1):%H}"
    return _("%(day)s kl.\u00a0%(hours)s", day=when, hours=hours)


def full_date(day: date) -> str:
    """A date with its year, for marks and archives: "28 november 2026"."""
    return formatted_date(day, f"{_patterns().date} y", page_language())


def full_moment(moment: datetime) -> str:
    """Date with year and time, for prints and archives: "11 maj 2026 kl. 10.15"."""
    day = clock.stockholm(moment).date()
    return f"{full_date(day)} {clock_time(moment)}"


def known_day(text: str) -> str:
    """A day as the profile writes it, in words; one that is known by its year alone as it is."""
    try:
        return full_date(date.fromisoformat(text))
    except ValueError:
        return text


def month_span(first: date, last: date) -> str:
    """One month or a range: "maj 2026", "april–maj 2026" or "december 2025–januari 2026"."""
    start = formatted_date(first, "MMMM" if first.year == last.year else "MMMM y", page_language())
    end = formatted_date(last, "MMMM y", page_language())
    return end if first == last else f"{start}–{end}"


def days_left(left: int) -> str:
    """Working days left in words: 0 is the last day, below 0 is late."""
    if left < 0:
        return ngettext("%(num)s arbetsdag sen", "%(num)s arbetsdagar sen", -left)
    if left == 0:
        return _("sista dagen")
    return ngettext("%(num)s arbetsdag kvar", "%(num)s arbetsdagar kvar", left)


def due_state(left: int) -> Literal["", "late", "soon"]:
    """The urgency of a due date from the working days left, as a CSS state."""
    if left < 0:
        return "late"
    return "soon" if left <= SOON else ""


def number_word(number: int) -> str:
    """A number in running text: a word up to twelve, digits above."""
    words = _number_words(page_language())
    return words[number] if 0 <= number < len(words) else str(number)


@cache
def _number_words(_language: str) -> tuple[str, ...]:
    """The words in the current language, which is the key that they are kept by."""
    # pgettext, since "en" and "ett" are other words elsewhere.
    return (
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


def unbroken(text: str) -> str:
    """The text on one line: a date that is broken over two is read wrong."""
    return text.replace(" ", NO_BREAK)


def breakable(text: str) -> str:
    """The text with spaces that break, for messages: an SMS with another sign costs twice as much."""
    return text.replace(NO_BREAK, " ")


def capital(text: str) -> str:
    """The text with its first letter in upper case; unlike str.capitalize, the rest is unchanged."""
    return text[:1].upper() + text[1:]


def _format_date(day: date, pattern: str, today: date | None) -> str:
    this_year = (today or clock.today()).year
    return formatted_date(day, pattern if day.year == this_year else f"{pattern} y", page_language())


# Pages show the same few days again and again, and Babel takes its time for each.
@lru_cache(4096)
def formatted_date(day: date, pattern: str, language: str) -> str:
    """A date by a pattern of Unicode (UTS 35)."""
    return unbroken(format_date(day, pattern, locale=language))


@lru_cache(4096)
def _formatted_time(time: datetime, pattern: str, language: str) -> str:
    return unbroken(format_datetime(time, pattern, locale=language))


def _patterns() -> _Patterns:
    return _PATTERNS.get(page_language(), _PATTERNS["en"])
