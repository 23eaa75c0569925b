"""Where something stands in a profile's text."""

import pytest

from portal.organisation.lines import line_of

TEXT = """\
# [units] is no table here
short = "Prov"
kinds = [
  "fraga",
]

[summer] # a comment
start = "06-22"

[[units]]
name = "Park"
key = "park"

[[units]]
key = "park-och-gata"
board = "ks"

[[units]]
key = "park"

[[closed_days]]
date = 2026-05-15

[[routines]]
title = "Ett"

[[routines]]
title = "Två"

[translations.en]
"Ring. Skriv" = "Call. Write"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("short", '"Prov"'),
        ("kinds.#1", "kinds = ["),
        ("summer.start", '"06-22"'),
        ("summer.end", "[summer]"),
        ("units.park-och-gata.board", '"ks"'),
        ("routines.#2.title", '"Två"'),
        ("closed_days.2026-05-15", "[[closed_days]]"),
        ("translations.en.Ring. Skriv", '"Ring. Skriv"'),
        ("translations.en", "[translations.en]"),
    ],
)
def test_a_place_is_found_at_its_line(place: str, line: str) -> None:
    assert line in TEXT.splitlines()[line_of(TEXT, place) - 1]


def test_what_stands_twice_is_found_where_it_stands_again() -> None:
    assert line_of(TEXT, "units.park") == line_of(TEXT, "units.#3") == 18


def test_a_whole_table_is_found_where_it_begins() -> None:
    assert line_of(TEXT, "units") == 10


@pytest.mark.parametrize("place", ["full", "contact.phone", ""])
def test_what_is_missing_altogether_is_the_first_line(place: str) -> None:
    assert line_of(TEXT, place) == 1
