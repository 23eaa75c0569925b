"""How the place of a case is shown: to its sender in one line, to staff with its coordinates."""

from portal.cases.locations.records import location_of
from portal.cases.locations.rules import Location
from portal.cases.models import Case
from portal.translation import gettext as _

# A term and its description, as in a description list.
Fact = tuple[str, str]


def place_line(case: Case) -> str:
    """The place in one line; empty without one."""
    return ", ".join(text for _term, text in facts(case))


def facts(case: Case) -> list[Fact]:
    """The place as it was written, and its coordinates, to copy."""
    return location_facts(location_of(case.location)) if case.location else []


def location_facts(location: Location) -> list[Fact]:
    """Those of a location that no case has now."""
    spot = str(location.spot) if location.spot else ""
    if spot and location.accuracy:
        spot = _("%(spot)s (på ungefär %(metres)s meter när)", spot=spot, metres=location.accuracy)
    rows = [(_("Plats"), location.text), (_("Koordinater"), spot)]
    return [(term, text) for term, text in rows if text]
