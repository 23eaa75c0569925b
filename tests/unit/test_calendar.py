"""Closed days, against the law and against a second calendar library."""

from datetime import date, timedelta

import pytest
from dateutil.easter import easter  # type: ignore[import-untyped]
from workalendar.europe import Sweden  # type: ignore[import-untyped]

from portal.organisation.calendar import Closed, closed

YEARS = range(2020, 2036)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


def saturday_from(first: date) -> date:
    return first + timedelta(days=(5 - first.weekday()) % 7)


def holidays_by_law(year: int) -> dict[date, str]:
    """Lag (1989:253) om allmänna helgdagar 1–2 §§, and the three eves that count as Sundays."""
    sunday = easter(year)
    midsummer = saturday_from(date(year, 6, 20))
    return {
        date(year, 1, 1): "Nyårsdagen",
        date(year, 1, 6): "Trettondedag jul",
        sunday - timedelta(days=2): "Långfredagen",
        sunday: "Påskdagen",
        sunday + timedelta(days=1): "Annandag påsk",
        date(year, 5, 1): "Första maj",
        sunday + timedelta(days=39): "Kristi himmelsfärdsdag",
        sunday + timedelta(days=49): "Pingstdagen",
        date(year, 6, 6): "Nationaldagen",
        midsummer - timedelta(days=1): "Midsommarafton",
        midsummer: "Midsommardagen",
        saturday_from(date(year, 10, 31)): "Alla helgons dag",
        date(year, 12, 24): "Julafton",
        date(year, 12, 25): "Juldagen",
        date(year, 12, 26): "Annandag jul",
        date(year, 12, 31): "Nyårsafton",
    }


@pytest.mark.parametrize("year", YEARS)
def test_the_holidays_are_those_of_the_law_and_the_three_eves(year: int) -> None:
    found = {day: why.name for day in days_of(year) if (why := closed(day)) and why.reason == "holiday"}
    assert found == holidays_by_law(year)


@pytest.mark.parametrize("year", YEARS)
def test_a_second_library_has_the_same_open_days(year: int) -> None:
    oracle = Sweden()
    assert [day for day in days_of(year) if closed(day) is None] == [
        day for day in days_of(year) if oracle.is_working_day(day)
    ]


def test_a_plain_weekend_has_no_name() -> None:
    assert closed(date(2026, 5, 9)) == Closed("saturday", date(2026, 5, 9), "")
    assert closed(date(2026, 5, 10)) == Closed("sunday", date(2026, 5, 10), "")


def test_a_plain_weekday_is_open() -> None:
    assert closed(date(2026, 5, 11)) is None


@pytest.mark.parametrize(
    ("day", "name"), [(date(2026, 5, 24), "Pingstdagen"), (date(2026, 6, 20), "Midsommardagen")]
)
def test_a_holiday_on_a_weekend_is_reported_as_the_holiday(day: date, name: str) -> None:
    assert closed(day) == Closed("holiday", day, name)


@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 4, 2), date(2026, 4, 30), date(2026, 10, 30)])
def test_other_eves_are_open(day: date) -> None:
    assert closed(day) is None


@pytest.mark.parametrize(
    ("day", "name"), [(date(2008, 5, 1), "Första maj"), (date(2049, 6, 6), "Nationaldagen")]
)
def test_two_holidays_on_one_day_give_one_name(day: date, name: str) -> None:
    assert closed(day) == Closed("holiday", day, name)


def test_an_own_closed_day_is_closed_in_the_municipalitys_own_words() -> None:
    day = date(2026, 5, 15)
    assert closed(day, {day: "klämdagen"}) == Closed("own", day, "klämdagen")
    assert closed(day + timedelta(days=3), {day: "klämdagen"}) is None


def test_a_holiday_keeps_its_name_though_the_municipality_also_closes_itself() -> None:
    day = date(2026, 5, 14)
    assert closed(day, {day: "stängt"}) == Closed("holiday", day, "Kristi himmelsfärdsdag")
