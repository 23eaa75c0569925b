"""Closed days: Swedish public holidays, weekends and the municipality's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal

import holidays
from holidays.constants import HOLIDAY_NAME_DELIMITER

Reason = Literal["saturday", "sunday", "holiday", "own"]

DAYS_OF_WEEK, WORKING_DAYS_OF_WEEK = 7, 5
NO_DAYS: Mapping[date, str] = MappingProxyType({})
_WEEKEND: Mapping[int, Reason] = MappingProxyType({5: "saturday", 6: "sunday"})


@dataclass(frozen=True)
class Closed:
    """A closed day. The name is the holiday's or the profile's; empty for a weekend."""

    reason: Reason
    day: date
    name: str


def closed(day: date, own: Mapping[date, str] = NO_DAYS) -> Closed | None:
    """The reason why a day is closed; None if it is open."""
    # A holiday on a Saturday is named as the holiday: the name is shown beside a due date.
    if name := _holidays(day.year).get(day):
        return Closed("holiday", day, name)
    if day in own:
        return Closed("own", day, own[day])
    if reason := _WEEKEND.get(day.weekday()):
        return Closed(reason, day, "")
    return None


@cache
def _holidays(year: int) -> Mapping[date, str]:
    # One year without expansion: the library's own filling in of years is not safe between threads.
    names_by_day = holidays.country_holidays(
        "SE", years=year, expand=False, language="sv", categories=("public", "de_facto")
    )
    # Two holidays on one day come as one joined name; one reason is enough to be closed.
    return {day: names.split(HOLIDAY_NAME_DELIMITER)[0] for day, names in names_by_day.items()}


def closed_weekdays(first: int, last: int, own: Mapping[date, str] = NO_DAYS) -> set[date]:
    """The days from Monday to Friday that are closed in these years; those of `own` in any year."""
    days = {day for day in own if day.weekday() < WORKING_DAYS_OF_WEEK}
    return days.union(*map(_weekday_holidays, range(first, last + 1)))


@cache
def _weekday_holidays(year: int) -> frozenset[date]:
    return frozenset(day for day in _holidays(year) if day.weekday() < WORKING_DAYS_OF_WEEK)
