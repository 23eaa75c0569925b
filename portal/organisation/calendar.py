"""The days on which the municipality is closed, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal

import holidays
from holidays.constants import HOLIDAY_NAME_DELIMITER

Reason = Literal["saturday", "sunday", "holiday", "own"]

NO_DAYS: Mapping[date, str] = MappingProxyType({})
_WEEKEND: Mapping[int, Reason] = MappingProxyType({5: "saturday", 6: "sunday"})


@dataclass(frozen=True)
class Closed:
    """A closed day; the name is the Swedish holiday or the profile's own words, else empty."""

    reason: Reason
    day: date
    name: str


def closed(day: date, own: Mapping[date, str] = NO_DAYS) -> Closed | None:
    """Why a day is closed, or None when it is open."""
    if name := _holidays(day.year).get(day):
        return Closed("holiday", day, name)
    if day in own:
        return Closed("own", day, own[day])
    if reason := _WEEKEND.get(day.weekday()):
        return Closed(reason, day, "")
    return None


@cache
def _holidays(year: int) -> Mapping[date, str]:
    # A year of its own and no expansion: the library's own filling in of years is not safe between threads.
    found = holidays.country_holidays(
        "SE", years=year, expand=False, language="sv", categories=("public", "de_facto")
    )
    # Two holidays on one day come as one joined name; one reason is enough to be closed.
    return {day: name.split(HOLIDAY_NAME_DELIMITER)[0] for day, name in found.items()}
