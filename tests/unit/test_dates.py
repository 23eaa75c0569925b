"""Dates and times in words, in Swedish and by Babel's patterns in other languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask_babel import Babel

from portal.words import dates

TODAY = date(2026, 5, 12)
MORNING = datetime(2026, 5, 11, 8, 15, tzinfo=UTC)


def together(*parts: str) -> str:
    """Parts that are not broken over two lines, and may stand on one each."""
    return " ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)


@contextmanager
def language(code: str) -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale=code)
    with app.app_context():
        yield


@pytest.fixture(autouse=True)
def swedish() -> Iterator[None]:
    with language("sv"):
        yield


def test_a_date_has_its_weekday_and_no_year_within_the_year() -> None:
    assert dates.weekday_date(date(2026, 5, 18), TODAY) == together("måndag 18 maj")


def test_a_date_in_another_year_says_so() -> None:
    assert dates.weekday_date(date(2027, 1, 14), TODAY) == together("torsdag 14 januari 2027")
    assert dates.short_weekday_date(date(2025, 12, 30), TODAY) == together("tis 30 dec 2025")


def test_this_year_is_the_one_on_the_wall_in_sweden() -> None:
    with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), tick=False):
        assert dates.weekday_date(date(2027, 1, 14)) == together("torsdag 14 januari")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 5, 18), together("mån 18 maj")),
        (date(2026, 5, 21), together("tors 21 maj")),
        (date(2026, 9, 4), together("fre 4 sep")),
    ],
)
def test_a_short_date_has_no_full_stops(day: date, expected: str) -> None:
    assert dates.short_weekday_date(day, TODAY) == expected


def test_a_due_date_of_today_says_today() -> None:
    assert dates.short_due(TODAY, TODAY) == "i dag"
    assert dates.short_due(date(2026, 5, 13), TODAY) == together("ons 13 maj")


def test_the_clock_is_the_one_on_the_wall_in_sweden() -> None:
    assert dates.clock_time(MORNING) == together("kl. 10.15")
    assert dates.clock_time(datetime(2026, 1, 11, 7, 5, tzinfo=UTC)) == together("kl. 08.05")


def test_a_moment_is_a_date_and_a_time() -> None:
    assert dates.moment(MORNING, TODAY) == together("måndag 11 maj", "kl. 10.15")


def test_a_moment_late_in_the_evening_is_the_next_day_in_sweden() -> None:
    late = datetime(2026, 5, 11, 22, 30, tzinfo=UTC)
    assert dates.moment(late, TODAY) == together("tisdag 12 maj", "kl. 00.30")


def test_a_short_moment_says_today_or_the_date() -> None:
    assert dates.short_moment(MORNING, TODAY) == together("11 maj", "kl. 10.15")
    today = datetime(2026, 5, 12, 8, 2, tzinfo=UTC)
    assert dates.short_moment(today, TODAY) == together("i dag kl. 10.02")
    assert dates.short_moment(today.replace(year=2025), TODAY) == together("12 maj 2025", "kl. 10.02")


@pytest.mark.parametrize(
    ("left", "text", "state"),
    [
        (-2, "2 arbetsdagar sen", "late"),
        (-1, "1 arbetsdag sen", "late"),
        (0, "sista dagen", "soon"),
        (1, "1 arbetsdag kvar", "soon"),
        (2, "2 arbetsdagar kvar", "soon"),
        (3, "3 arbetsdagar kvar", "soon"),
        (4, "4 arbetsdagar kvar", ""),
    ],
)
def test_days_left_are_said_and_marked(left: int, text: str, state: str) -> None:
    assert dates.days_left(left) == text
    assert dates.due_state(left) == state


def test_numbers_up_to_twelve_are_words() -> None:
    assert [dates.number_word(number) for number in (0, 1, 2, 10, 12, 13, 100)] == [
        "noll",
        "en",
        "två",
        "tio",
        "tolv",
        "13",
        "100",
    ]


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest() -> None:
    assert dates.capital("måndag till Kristi himmelsfärdsdag") == "Måndag till Kristi himmelsfärdsdag"
    assert dates.capital("") == ""


def test_a_message_has_no_space_that_costs_more() -> None:
    assert dates.breakable(dates.moment(MORNING, TODAY)) == "måndag 11 maj kl. 10.15"
    assert dates.full_moment(MORNING) == together("11 maj 2026", "kl. 10.15")


def test_english_comes_out_as_english() -> None:
    with language("en"):
        assert dates.weekday_date(date(2026, 5, 18), TODAY) == together("Monday 18 May")
        assert dates.short_weekday_date(date(2027, 5, 18), TODAY) == together("Tue 18 May 2027")
        assert dates.moment(MORNING, TODAY) == together("Monday 11 May", "at 10:15")


def test_a_language_without_patterns_of_its_own_still_gets_its_own_words() -> None:
    with language("fi"):
        assert dates.weekday_date(date(2026, 5, 18), TODAY) == together("maanantaina 18 toukokuuta")


def test_swedish_is_spoken_where_there_is_no_app() -> None:
    outside = Context()
    assert outside.run(dates.moment, MORNING, TODAY) == together("måndag 11 maj", "kl. 10.15")
    assert outside.run(dates.days_left, 2) == "2 arbetsdagar kvar"


def test_a_day_of_the_profile_is_in_words_if_it_is_a_whole_date() -> None:
    with language("sv"):
        assert dates.breakable(dates.known_day("2020-02-25")) == "25 februari 2020"
        assert dates.known_day("2013") == "2013"
