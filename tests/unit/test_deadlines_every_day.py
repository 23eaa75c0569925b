"""Every day of twenty-one years under every municipality's promise, beside a second calendar library."""

from bisect import bisect_right
from datetime import date, timedelta

import pytest
from workalendar.europe import Sweden  # type: ignore[import-untyped]

from portal.cases.deadlines import explain
from portal.organisation.loading import SHIPPED, load
from portal.organisation.profile import Profile

PROFILES = [load(file.stem) for file in sorted(SHIPPED.glob("*.toml"))]
FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def open_days(profile: Profile) -> list[date]:
    """What the second library calls a working day, without the municipality's own closed days."""
    later = [LAST + timedelta(days=number) for number in range(1, 60)]
    calendar, own = Sweden(), profile.closed_days
    return [day for day in (*DAYS, *later) if calendar.is_working_day(day) and day not in own]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_every_date_is_the_one_a_second_library_gives_and_its_explanation_adds_up(profile: Profile) -> None:
    promised = profile.promise.contact_working_days, profile.promise.answer_working_days
    numbers, opened = [number for number in promised if number], open_days(profile)
    # Nacka promises no number: there its calendar alone is compared, with Burlöv's ten days.
    for number in numbers or [10]:
        for arrival in DAYS:
            told = explain(arrival, number, profile.closed_days)
            assert told.due == opened[bisect_right(opened, arrival) + number - 1]
            counted = [day for day in told.days if day.counted]
            assert (len(counted), len(counted) + len(told.skipped)) == (number, len(told.days))
