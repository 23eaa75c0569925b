"""Coordinates: WGS 84 and SWEREF 99 TM, as people write them and as a register keeps them.

WGS 84 and SWEREF 99 differ by less than a metre in Sweden and are treated alike.
"""

import re
from dataclasses import dataclass
from math import asin, atan, atanh, cos, cosh, degrees, floor, radians, sin, sinh, sqrt, tan

# Southernmost and northernmost, westernmost and easternmost degree of Sweden with its sea.
LATITUDES = (55.0, 69.2)
LONGITUDES = (10.5, 24.3)
DECIMALS = 5
# Digits of a coordinate of SWEREF 99 TM in metres: easting and northing.
GRID_DIGITS = (6, 7)
# A northing outside these is of no place in Sweden, and far outside no point has it.
NORTHINGS = (6_000_000, 7_800_000)
# GRS 80, and the projection of SWEREF 99 TM (Lantmäteriet, Gauss conformal projection).
AXIS = 6_378_137.0
FLATTENING = 1 / 298.257222101
SCALE = 0.9996
CENTRAL_MERIDIAN = radians(15)
FALSE_EASTING = 500_000.0
_E2 = FLATTENING * (2 - FLATTENING)
_N = FLATTENING / (2 - FLATTENING)
_RADIUS = SCALE * AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_FORWARD = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_BACK = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,12})?")
_SYSTEM = re.compile(r"^\s*(?:sweref\s?99(?:\s?tm)?|wgs\s?84)[\s:,]", re.IGNORECASE)
# What may be around the numbers: directions, signs of degrees, and separators.
_AROUND = re.compile(r"(?:lat(?:itud)?|long?(?:itud)?|[NESWÖVO°º'′’\"″”.,;:/()\s+-])*", re.IGNORECASE)
_SOUTH_OR_WEST = re.compile(r"[SWV]|-\d", re.IGNORECASE)
_MARKED = re.compile(r"[NESWÖVO°º]", re.IGNORECASE)


class OutsideSweden(ValueError):
    """The coordinates can be read, and are of no place in Sweden."""


@dataclass(frozen=True)
class Spot:
    """A point in degrees of WGS 84, to about a metre."""

    latitude: float
    longitude: float

    @property
    def grid(self) -> tuple[float, float]:
        """Northing and easting in SWEREF 99 TM, in metres."""
        return _project(radians(self.latitude), radians(self.longitude))

    def __str__(self) -> str:
        return f"{self.latitude:.{DECIMALS}f}, {self.longitude:.{DECIMALS}f}"


def spot(latitude: float, longitude: float) -> Spot:
    """A point in Sweden. Raises OutsideSweden, also for what is no number."""
    in_bounds = LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
    if not in_bounds:
        raise OutsideSweden
    return Spot(round(latitude, DECIMALS), round(longitude, DECIMALS))


def read(text: str) -> Spot | None:
    """The point that a text consists of; None for any other text. Raises OutsideSweden.

    Decimal degrees, degrees and minutes, or SWEREF 99 TM. Latitude and longitude may change places, since no
    number is both in Sweden.
    """
    body = _SYSTEM.sub("", text)
    if not _AROUND.fullmatch(_NUMBER.sub("", body)):
        return None
    written = _NUMBER.findall(body)
    pair = _grid_pair(written) or _degree_pair(written, bool(_MARKED.search(body)))
    if pair is None:
        return None
    if _SOUTH_OR_WEST.search(body):
        raise OutsideSweden
    return spot(max(pair), min(pair))


def _grid_pair(written: list[str]) -> tuple[float, float] | None:
    """The degrees of two coordinates in metres. Raises OutsideSweden."""
    whole = [re.split("[.,]", number)[0] for number in written]
    if sorted(map(len, whole)) != list(GRID_DIGITS):
        return None
    east, north = sorted(_value(number) for number in written)
    if not NORTHINGS[0] <= north <= NORTHINGS[1]:
        raise OutsideSweden
    return _unproject(north, east)


def _degree_pair(written: list[str], marked: bool) -> tuple[float, float] | None:
    if len(written) == 2:
        # Two whole numbers are more likely anything else, such as a road and a house.
        has_decimals = any(not number.isdigit() for number in written)
        return (_value(written[0]), _value(written[1])) if has_decimals else None
    if len(written) not in (4, 6) or not marked:
        return None
    half = len(written) // 2
    return _sexagesimal(written[:half]), _sexagesimal(written[half:])


def _sexagesimal(parts: list[str]) -> float:
    """Degrees of degrees, minutes and perhaps seconds."""
    total = 0.0
    for part in reversed(parts):
        total = total / 60 + _value(part)
    return total


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def distance(one: Spot, other: Spot) -> float:
    """The distance in metres, along a sphere."""
    first, second = radians(one.latitude), radians(other.latitude)
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    across = sin((second - first) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(across + cos(first) * cos(second) * along))


def square_of(point: Spot, side: int) -> tuple[int, int]:
    """The square of the grid of SWEREF 99 TM that a point is in, counted in squares of `side` metres."""
    north, east = point.grid
    return floor(north / side), floor(east / side)


def _project(latitude: float, longitude: float) -> tuple[float, float]:
    conformal = atan(sinh(atanh(sin(latitude)) - sqrt(_E2) * atanh(sqrt(_E2) * sin(latitude))))
    along = longitude - CENTRAL_MERIDIAN
    xi = atan(tan(conformal) / cos(along))
    eta = atanh(cos(conformal) * sin(along))
    north, east = xi, eta
    for order, factor in enumerate(_FORWARD, start=1):
        north += factor * sin(2 * order * xi) * cosh(2 * order * eta)
        east += factor * cos(2 * order * xi) * sinh(2 * order * eta)
    return _RADIUS * north, _RADIUS * east + FALSE_EASTING


def _unproject(north: float, east: float) -> tuple[float, float]:
    """Degrees of a northing and an easting."""
    xi = start_xi = north / _RADIUS
    eta = start_eta = (east - FALSE_EASTING) / _RADIUS
    for order, factor in enumerate(_BACK, start=1):
        xi -= factor * sin(2 * order * start_xi) * cosh(2 * order * start_eta)
        eta -= factor * cos(2 * order * start_xi) * sinh(2 * order * start_eta)
    conformal = asin(sin(xi) / cosh(eta))
    longitude = CENTRAL_MERIDIAN + atan(sinh(eta) / cos(xi))
    latitude = conformal
    # Converges by a factor of 150 in each round.
    for _round in range(6):
        isometric = atanh(sin(conformal)) + sqrt(_E2) * atanh(sqrt(_E2) * sin(latitude))
        latitude = atan(sinh(isometric))
    return degrees(latitude), degrees(longitude)
