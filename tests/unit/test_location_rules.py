"""Locations are compared coarsely: nothing near is missed, and no series of questions finds a spot."""

from hypothesis import given
from hypothesis import strategies as st

from portal.cases.locations import rules
from portal.cases.locations.rules import Location
from portal.formats.places import coordinates
from portal.formats.places.coordinates import Spot

# A few hundred metres of Burlöv, to about a metre.
SPOTS = st.builds(
    coordinates.spot,
    st.integers(5563000, 5563400).map(lambda n: n / 1e5),
    st.integers(1309000, 1309600).map(lambda n: n / 1e5),
)
# The grid has 0.9996 metres to a metre, and a spot is rounded to one.
ROUNDING = 1


def square(spot: Spot) -> rules.Square:
    result = Location(spot=spot).square
    assert result is not None
    return result


@given(SPOTS, SPOTS)
def test_a_report_within_fifty_metres_is_near(asked: Spot, reported: Spot) -> None:
    if coordinates.distance(asked, reported) <= rules.NEAR - ROUNDING:
        assert rules.is_near(asked, square(reported))


@given(SPOTS, SPOTS)
def test_a_report_far_away_is_not_near(asked: Spot, reported: Spot) -> None:
    diagonal = rules.SIDE * 2**0.5
    if coordinates.distance(asked, reported) > rules.NEAR + diagonal + ROUNDING:
        assert not rules.is_near(asked, square(reported))


@given(SPOTS, SPOTS, SPOTS)
def test_reports_in_one_square_cannot_be_distinguished(asked: Spot, one: Spot, other: Spot) -> None:
    if square(one) == square(other):
        assert rules.is_near(asked, square(one)) is rules.is_near(asked, square(other))


@given(SPOTS, SPOTS)
def test_the_squares_that_are_asked_for_hold_every_near_report(asked: Spot, reported: Spot) -> None:
    north, east = rules.squares_around(square(asked))
    at = square(reported)
    if rules.is_near(asked, at):
        assert at[0] in north
        assert at[1] in east


@given(st.integers(0, 999), st.integers(0, 999))
def test_houses_within_ten_numbers_are_near(asked: int, reported: int) -> None:
    blocks = rules.blocks_around(asked // 10)
    if abs(asked - reported) <= 10:
        assert reported // 10 in blocks
    if abs(asked - reported) >= 20:
        assert reported // 10 not in blocks
