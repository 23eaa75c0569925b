"""How a promise was counted: the days in words, in rows and in a calendar."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from babel.dates import format_date
from babel.lists import format_list
from flask_babel import get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _

from portal.cases.deadlines import Day, Explanation
from portal.organisation.calendar import Closed
from portal.words.dates import number_word, weekday_date

State = Literal["today", "counted", "skipped", "due"]

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


def on_weekend(day: Day) -> bool:
    """Saturdays and Sundays are a weekend, whatever else they are."""
    return day.date.weekday() >= 5


def weekends(explanation: Explanation) -> list[str]:
    """The skipped weekends, counted: "tre helger"."""
    days = Counter(day.date.weekday() for day in explanation.skipped)
    # The due date is open, so every Saturday has its Sunday; one Sunday may stand alone, first.
    whole, alone = days[5], days[6] - days[5]
    phrase = ngettext("%(count)s helg", "%(count)s helger", whole, count=number_word(whole))
    return [*([_("en söndag")] if alone else []), *([phrase] if whole else [])]


def named(explanation: Explanation) -> list[str]:
    """The skipped days that are closed for a reason of their own, each by its name."""
    names = Counter(_name(day.closed) for day in explanation.skipped if day.closed and not on_weekend(day))
    return [_repeated(name, count) for name, count in names.items()]


def _repeated(name: str, count: int) -> str:
    if count == 1:
        return name
    return _("%(name)s (%(count)s dagar)", name=name, count=number_word(count))


def _name(closed: Closed) -> str:
    return str(_HOLIDAYS.get(closed.name, closed.name)) or _("helg")


def listed(parts: list[str]) -> str:
    """Several things in one sentence: "a, b och c"."""
    return format_list(parts, locale=get_locale() or "sv")


def lines(explanation: Explanation, today: date | None) -> list[Line]:
    """Every day from arrival to the due date, counted or with the reason why not."""
    arrival = explanation.arrival
    first = Line(weekday_date(arrival, arrival), _arrival_word(arrival, today), False)
    return [first, *(_line(day, explanation) for day in explanation.days)]


def _line(day: Day, explanation: Explanation) -> Line:
    text = weekday_date(day.date, explanation.arrival)
    return Line(text, _note(day, explanation), bool(day.counted))


def _arrival_word(arrival: date, today: date | None) -> str:
    return _("i dag") if arrival == today else _("kom in")


def _note(day: Day, explanation: Explanation) -> str:
    if day.closed:
        return _name(day.closed)
    if day.waiting:
        return _("vi väntade på svar")
    if not day.counted:
        return _("vi räknar härifrån")
    if day.date == explanation.due:
        return _("dag %(number)s, svar", number=day.counted)
    return _("dag %(number)s", number=day.counted)


def weeks(explanation: Explanation, today: date | None) -> list[list[Cell | None]]:
    """Whole weeks, Monday first; a day before arrival or after the due date is empty."""
    arrival = Day(explanation.arrival, None, None)
    cells = {day.date: _cell(day, explanation, today) for day in (arrival, *explanation.days)}
    monday = arrival.date - timedelta(days=arrival.date.weekday())
    starts = range(0, (explanation.due - monday).days + 1, 7)
    return [[cells.get(monday + timedelta(days=start + day)) for day in range(7)] for start in starts]


def _cell(day: Day, explanation: Explanation, today: date | None) -> Cell:
    state, label = _state(day, explanation, today)
    pattern = "d MMM" if day.date.day == 1 else "d"
    number = format_date(day.date, pattern, locale=get_locale() or "sv")
    return Cell(number.rstrip("."), label, state, day.date.isoformat())


def _state(day: Day, explanation: Explanation, today: date | None) -> tuple[State, str]:
    if day.date == explanation.due:
        return "due", _("svar")
    if day.date == today:
        return "today", _("i dag")
    if day.counted:
        return "counted", _("dag %(number)s", number=day.counted)
    return "skipped", _why(day, explanation)


def _why(day: Day, explanation: Explanation) -> str:
    if day.date == explanation.arrival:
        return _("kom in")
    if day.date == explanation.day_zero:
        return _("start")
    if day.waiting:
        return _("väntan")
    if on_weekend(day) or not day.closed:
        return ""
    if day.closed.reason == "own":
        return _("stängt")
    return _("afton") if day.closed.name.endswith("afton") else _("röd dag")


def weekdays() -> list[tuple[str, str]]:
    """The days of the week, Monday first, each short and in full."""
    monday = date(2024, 1, 1)
    locale = get_locale() or "sv"
    week = [monday + timedelta(days=offset) for offset in range(7)]
    short = [format_date(day, "EEEEEE", locale=locale) for day in week]
    return list(zip(short, (format_date(day, "EEEE", locale=locale) for day in week), strict=True))
