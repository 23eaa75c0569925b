"""The rows of locations: how a location is stored, and what others may be asked about."""

from sqlalchemy import update

from portal.cases.enums import Kind
from portal.cases.lifecycle import OPEN
from portal.cases.locations.rules import Location
from portal.cases.models import Case, CaseLocation
from portal.db import session
from portal.formats.places.coordinates import DECIMALS, Spot

_UNITS = 10**DECIMALS


def new_row(location: Location, case: Case) -> CaseLocation:
    """The row of a location."""
    row = CaseLocation()
    describe(row, location)
    set_marks(row, case)
    return row


def describe(row: CaseLocation, location: Location) -> None:
    """Write a location, and what it is compared by, in its row."""
    spot, street, square = location.spot, location.street, location.square
    row.text = location.text
    row.latitude = round(spot.latitude * _UNITS) if spot else None
    row.longitude = round(spot.longitude * _UNITS) if spot else None
    row.accuracy = location.accuracy
    row.street = street.key if street else None
    row.street_name = street.name if street else None
    row.block = street.block if street else None
    row.north, row.east = square or (None, None)


def location_of(row: CaseLocation) -> Location:
    """The location of a row."""
    return Location(row.text, spot_of(row.latitude, row.longitude), row.accuracy)


def spot_of(latitude: int | None, longitude: int | None) -> Spot | None:
    """The spot of the numbers that are stored of it."""
    if latitude is None or longitude is None:
        return None
    return Spot(latitude / _UNITS, longitude / _UNITS)


def is_open_fault(case: Case) -> bool:
    """Whether a case is a fault report that is not answered yet."""
    return case.kind is Kind.FAULT_REPORT and case.status in OPEN


def is_askable(case: Case) -> bool:
    """Whether the sender of a new report may be asked about a case, as far as the case itself says.

    queries.open_to_others() has these conditions, and those of its topic and of its sender.
    """
    is_own_matter = case.record_request or case.legal_matter is not None
    is_closed_to_others = case.secrecy is not None or case.hide_sender or case.reader_contested_at is not None
    return (
        is_open_fault(case) and case.merged_into_id is None and not is_own_matter and not is_closed_to_others
    )


def marks(case: Case) -> dict[str, bool]:
    """What the row of a location says of its case, by which the indexes are limited."""
    return {"is_open": is_open_fault(case), "is_askable": is_askable(case)}


def set_marks(row: CaseLocation, case: Case) -> None:
    """Write the marks in a row that is not stored yet."""
    for name, value in marks(case).items():
        setattr(row, name, value)


def refresh_marks(case: Case) -> None:
    """Write the marks of a case that has changed, where it has a location."""
    own = CaseLocation.case_id == case.id
    session().execute(update(CaseLocation).where(own).values(marks(case)))
