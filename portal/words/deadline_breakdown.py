"""How the days of a promise were counted: in words, as rows and as a calendar."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from babel.dates import format_date
from babel.lists import format_list

from portal.cases.deadlines import Day, Explanation
from portal.organisation.calendar import Closed
from portal.translation import gettext as _
from portal.translation import lazy_gettext, ngettext, page_language
from portal.words.dates import formatted_date, number_word, weekday_date

State = Literal["today", "counted", "skipped", "due"]

# Keyed by the names in portal/organisation/calendar.py, which are Swedish in every language.
_HOLIDAYS = {
    "Nyårsdagen": lazy_gettext("nyårsdagen"),
    "Trettondedag jul": lazy_gettext("trettondedag jul"),
    "Långfredagen": lazy_gettext("långfredagen"),
    "Påskdagen": lazy_gettext("påskdagen"),
    "Annandag påsk": lazy_gettext("annandag påsk"),
    "Första maj": lazy_gettext("första maj"),
    "Kristi himmelsfärdsdag": lazy_gettext("Kristi himmelsfärdsdag"),
    "Nationaldagen": lazy_gettext("nationaldagen"),
    "Pingstdagen": lazy_gettext("pingstdagen"),
    "Midsommarafton": lazy_gettext("midsommarafton"),
    "Midsommardagen": lazy_gettext("midsommardagen"),
    "Alla helgons dag": lazy_gettext("alla helgons dag"),
    "Julafton": lazy_gettext("julafton"),
    "Juldagen": lazy_gettext("juldagen"),
    "Annandag jul": lazy_gettext("annandag jul"),
    "Nyårsafton": lazy_gettext("nyårsafton"),
}


# First words of a reason that can follow "eftersom" in lower case; another capitalised word may be a name.
_CLAUSE = """
alla allt de den det din dina ditt du en ett flera frågan handläggaren ingen inget inga kommunen många någon
något några personalen svaret vi vår vårt våra ärendet
"""
# First words of a reason that is not a clause, although it begins in lower case.
_NO_CLAUSE = """
eftersom för genom på pga till
"""


@dataclass(frozen=True)
class Line:
    """One row of "Så räknade vi"."""

    text: str
    note: str
    counted: bool


@dataclass(frozen=True)
class Cell:
    """One day in the promise calendar."""

    day: str
    label: str
    state: State
    iso: str


def is_weekend(day: Day) -> bool:
    """Whether the day is a Saturday or a Sunday, also when it is a public holiday."""
    return day.date.weekday() >= 5


def skipped_weekends(explanation: Explanation) -> list[str]:
    """The number of skipped weekends: `["tre helger"]`, preceded by "en söndag" for half a weekend."""
    days = Counter(day.date.weekday() for day in explanation.skipped)
    whole = days[5]
    phrases = []
    # The due date is never a Sunday, so each Saturday has its Sunday. A case that arrived on a Saturday
    # starts with a lone Sunday.
    if days[6] > whole:
        phrases.append(_("en söndag"))
    if whole:
        phrases.append(ngettext("%(count)s helg", "%(count)s helger", whole, count=number_word(whole)))
    return phrases


def closed_day_names(explanation: Explanation) -> list[str]:
    """The names of the skipped holidays and own closed days outside weekends, repeated names counted."""
    names: Counter[str] = Counter()
    for day in explanation.skipped:
        if day.closed and not is_weekend(day):
            names[_closed_name(day.closed)] += 1
    return [_name_with_count(name, count) for name, count in names.items()]


def _name_with_count(name: str, count: int) -> str:
    if count == 1:
        return name
    return _("%(name)s (%(count)s dagar)", name=name, count=number_word(count))


def _closed_name(closed: Closed) -> str:
    return str(_HOLIDAYS.get(closed.name, closed.name)) or _("helg")


def join_list(parts: list[str]) -> str:
    """The parts joined in the language of the reader: "a, b och c"."""
    return format_list(parts, locale=page_language())


def new_day(reason: str) -> str:
    """Why the day was moved, in a sentence of its own, with what an officer wrote."""
    reason = reason.strip().rstrip(".")
    word = reason.partition(" ")[0]
    if (word.islower() and word not in _NO_CLAUSE.split()) or word.lower() in _CLAUSE.split():
        return _("Ny dag, eftersom %(reason)s.", reason=reason[:1].lower() + reason[1:])
    return _("Ny dag. Skäl: %(reason)s.", reason=reason)


def lines(explanation: Explanation, today: date | None) -> list[Line]:
    """Each day from arrival to the due date, numbered or with the reason it is not counted."""
    arrival = explanation.arrival
    first = Line(weekday_date(arrival, arrival), _arrival_note(arrival, today), False)
    return [first, *[_line(day, explanation) for day in explanation.days]]


def _line(day: Day, explanation: Explanation) -> Line:
    text = weekday_date(day.date, explanation.arrival)
    return Line(text, _note(day, explanation), bool(day.counted))


def _arrival_note(arrival: date, today: date | None) -> str:
    return _("i dag") if arrival == today else _("kom in")


def _note(day: Day, explanation: Explanation) -> str:
    if day.closed:
        return _closed_name(day.closed)
    if day.waiting:
        return _("vi väntade på svar")
    if not day.counted:
        # A promise made by the earlier rule, which counted from the first open day.
        return _("vi räknar härifrån")
    if day.date == explanation.due:
        return _("dag %(number)s, svar", number=day.counted)
    return _("dag %(number)s", number=day.counted)


def weeks(explanation: Explanation, today: date | None) -> list[list[Cell | None]]:
    """Whole weeks, Monday first; None for a day before arrival or after the due date."""
    arrival = Day(explanation.arrival, None, None)
    cells = {day.date: _cell(day, explanation, today) for day in (arrival, *explanation.days)}
    monday = arrival.date - timedelta(days=arrival.date.weekday())
    rows = []
    while monday <= explanation.due:
        rows.append([cells.get(day) for day in _seven_days(monday)])
        monday += timedelta(days=7)
    return rows


def _seven_days(monday: date) -> list[date]:
    return [monday + timedelta(days=offset) for offset in range(7)]


def _cell(day: Day, explanation: Explanation, today: date | None) -> Cell:
    state, label = _state(day, explanation, today)
    # The first of a month names the month, since the calendar has no heading for it.
    pattern = "d MMM" if day.date.day == 1 else "d"
    number = formatted_date(day.date, pattern, page_language())
    return Cell(number.rstrip("."), label, state, day.date.isoformat())


def _state(day: Day, explanation: Explanation, today: date | None) -> tuple[State, str]:
    if day.date == explanation.due:
        return "due", _("svar")
    if day.date == today:
        return "today", _("i dag")
    if day.counted:
        return "counted", _("dag %(number)s", number=day.counted)
    return "skipped", _skip_reason(day, explanation)


def _skip_reason(day: Day, explanation: Explanation) -> str:
    if day.date == explanation.arrival:
        return _("kom in")
    if day.waiting:
        return _("väntan")
    if not day.closed:
        # An open day that is not counted: the start of a promise that was made by the earlier rule.
        return _("start")
    if is_weekend(day):
        return ""
    if day.closed.reason == "own":
        return _("stängt")
    return _("afton") if day.closed.name.endswith("afton") else _("röd dag")


def weekdays() -> list[tuple[str, str]]:
    """(short name, full name) of the days of the week, Monday first."""
    return _weekdays(page_language())


@cache
def _weekdays(locale: str) -> list[tuple[str, str]]:
    names = []
    # Any Monday will do: the names alone are used.
    for day in _seven_days(date(2024, 1, 1)):
        names.append((format_date(day, "EEEEEE", locale=locale), format_date(day, "EEEE", locale=locale)))
    return names
