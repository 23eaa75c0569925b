"""Coordinates: read as people write them, and the same as those of the national grid."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.formats.places import coordinates
from portal.formats.places.coordinates import OutsideSweden, Spot

# Calculated by PROJ 9 (EPSG:3006).
GRID = [
    (Spot(55.63791, 13.09423), (6167428.277, 380040.435)),
    (Spot(66.0, 24.0), (7349217.668, 907351.981)),
    (Spot(67.85572, 20.22513), (7536060.473, 719576.747)),
    (Spot(59.30313, 17.99382), (6577637.049, 670450.520)),
]
SPOTS = st.builds(coordinates.spot, st.floats(55.1, 69.1), st.floats(10.6, 20.0))


@pytest.mark.parametrize(("point", "grid"), GRID)
def test_the_grid_is_that_of_sweref(point: Spot, grid: tuple[float, float]) -> None:
    assert point.grid == pytest.approx(grid, abs=0.002)


@given(SPOTS)
def test_a_spot_that_is_written_in_the_grid_is_read_as_the_same_spot(point: Spot) -> None:
    north, east = point.grid
    read = coordinates.read(f"{north:.2f} {east:.2f}")
    assert read is not None
    assert coordinates.distance(point, read) < 2


@pytest.mark.parametrize(
    "text",
    [
        "55.63791, 13.09423",
        "55.63791,13.09423",
        "55,63791 13,09423",
        "55,63791, 13,09423",
        "13.09423 55.63791",
        "N 55.63791 E 13.09423",
        "55.63791° N, 13.09423° Ö",
        "lat 55.63791 lon 13.09423",
        "WGS84: 55.63791; 13.09423",
        "N 55° 38.2746' E 13° 5.6538'",
        "55°38'16.476\"N 13°5'39.228\"E",
        "6167428.28, 380040.44",
        "380040 6167428",
        "SWEREF 99 TM: 6167428 380040",
        "  (55.63791, 13.09423)  ",
    ],
)
def test_coordinates_are_read_as_people_write_them(text: str) -> None:
    read = coordinates.read(text)
    assert read is not None
    assert coordinates.distance(read, Spot(55.63791, 13.09423)) < 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Storgatan 5",
        "E22 13",
        "E 22",
        "56,77",
        "070-123 45 67",
        "0701234567",
        "046-12 34 56, 12",
        "lyktstolpe 123456",
        "vid 55.63791, 13.09423",
        "12-14",
    ],
)
def test_other_texts_are_no_coordinates(text: str) -> None:
    assert coordinates.read(text) is None


@pytest.mark.parametrize(
    "text", ["0.0, 0.0", "48.85, 2.35", "-55.63791, 13.09423", "55.63791 S, 13.09423 E", "9999999 100000"]
)
def test_coordinates_of_no_place_in_sweden_are_refused(text: str) -> None:
    with pytest.raises(OutsideSweden):
        coordinates.read(text)


@given(st.integers(0, 9_999_999), st.integers(0, 999_999))
@example(9_997_965, 500_000)
def test_any_pair_of_the_grid_is_a_spot_in_sweden_or_refused(north: int, east: int) -> None:
    try:
        read = coordinates.read(f"{north:07d} {east:06d}")
    except OutsideSweden:
        return
    assert read is not None


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1e308])
def test_what_is_no_number_is_no_spot(wrong: float) -> None:
    with pytest.raises(OutsideSweden):
        coordinates.spot(wrong, 13.0)


@given(st.text(alphabet="0123456789.,°'\"NSEWÖ -+/lato\u2032", max_size=200))
@example("1" * 200)
@example("55.5 " * 40)
def test_any_text_is_a_spot_in_sweden_or_none(text: str) -> None:
    try:
        read = coordinates.read(text)
    except OutsideSweden:
        return
    assert read is None or coordinates.LATITUDES[0] <= read.latitude <= coordinates.LATITUDES[1]
