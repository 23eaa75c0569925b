"""Rules of locations: what a location is compared by, and when two of them are near. Pure."""

from dataclasses import dataclass
from functools import cached_property

from portal.formats.places import coordinates, streets
from portal.formats.places.coordinates import Spot
from portal.formats.places.streets import Street

# Metres: reports of one spot are near each other up to this distance.
NEAR = 50
# The side of a square. Others are compared with the square of a spot and never with the spot itself, so that
# no series of questions finds it.
SIDE = 50
# What a device says of a spot is no help if it may be further off than this.
MAX_ACCURACY = 500
MAX_NEARBY = 5
# Reports that wait for the answer of one: all are answered in the transaction of that answer.
MAX_WAITING = 100

Square = tuple[int, int]


@dataclass(frozen=True)
class Location:
    """Where a fault is: a text, a spot, or both. `accuracy` is that of the device, in metres."""

    text: str = ""
    spot: Spot | None = None
    accuracy: int | None = None

    @cached_property
    def street(self) -> Street | None:
        """The street that the text names."""
        return streets.find(self.text)

    @cached_property
    def square(self) -> Square | None:
        """The square that the spot is in."""
        return coordinates.square_of(self.spot, SIDE) if self.spot else None


def squares_around(square: Square) -> tuple[range, range]:
    """The squares, north and east, that a spot within NEAR of one in this square can be in."""
    reach = -(-NEAR // SIDE)
    north, east = square
    return range(north - reach, north + reach + 1), range(east - reach, east + reach + 1)


def is_near(spot: Spot, square: Square) -> bool:
    """Whether a spot is within NEAR metres of a square.

    It is wherever it is near a spot in the square, and it says nothing of where in the square that is.
    """
    gaps = []
    for at, index in zip(spot.grid, square, strict=True):
        gaps.append(max(index * SIDE - at, 0, at - (index + 1) * SIDE))
    return gaps[0] ** 2 + gaps[1] ** 2 <= NEAR**2


def blocks_around(block: int) -> range:
    """The blocks of house numbers that are near one."""
    return range(block - 1, block + 2)
