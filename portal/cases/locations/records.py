"""The rows of locations: how a location is stored, and whether its case is an open fault report."""

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
    row = CaseLocation(is_open=is_open_fault(case))
    describe(row, location)
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
    spot = None
    if row.latitude is not None and row.longitude is not None:
        spot = Spot(row.latitude / _UNITS, row.longitude / _UNITS)
    return Location(row.text, spot, row.accuracy)


def is_open_fault(case: Case) -> bool:
    """Whether a case is a fault report that is not answered yet."""
    return case.kind is Kind.FAULT_REPORT and case.status in OPEN


def refresh_open(case: Case) -> None:
    """Write whether a case is an open fault report, where it has a location."""
    own = CaseLocation.case_id == case.id
    session().execute(update(CaseLocation).where(own).values(is_open=is_open_fault(case)))
