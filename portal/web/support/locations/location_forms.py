"""The fields of a place: what is written, and the spot that a device shares."""

import math
from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import StopValidation

from portal.cases.locations.rules import MAX_ACCURACY, Location
from portal.formats.places import coordinates
from portal.formats.places.coordinates import OutsideSweden, Spot
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.web.forms import Form, MaxLength, PrintableText, one_line
from portal.web.number_checks import NoIdentityNumber

MAX_PLACE = 200
# Written by static/place.js, and empty where no script runs.
DEVICE = ("latitude", "longitude", "accuracy")
FIELDS = ("place", *DEVICE)


def place_field() -> StringField:
    """An address, a description or coordinates; never required."""
    checks = [PrintableText(), MaxLength(MAX_PLACE), NoIdentityNumber(), _InSweden()]
    return StringField(filters=[one_line], validators=checks)


def device_field() -> HiddenField:
    """A number that the device of the sender gave."""
    return HiddenField(filters=[one_line])


class _InSweden:
    """Refuse coordinates that are of no place in Sweden, typed or shared."""

    field_flags: dict[str, Any] = {}

    def __call__(self, form: Form, field: StringField) -> None:
        """Raises StopValidation. What the device gave is cleared, since no field shows it."""
        try:
            typed = coordinates.read(field.data or "")
        except OutsideSweden:
            raise StopValidation(
                _("Koordinaterna ligger utanför Sverige. Rätta dem, eller skriv platsen med ord.")
            ) from None
        if typed and is_outside(typed):
            raise StopValidation(
                _("Koordinaterna ligger utanför kommunen. Rätta dem, eller skriv platsen med ord.")
            )
        self._check_device(form)

    def _check_device(self, form: Form) -> None:
        try:
            shared = _shared(form)
        except ValueError:
            forget_shared(form)
            raise StopValidation(
                _(
                    "Det gick inte att använda platsen från din telefon eller dator. "
                    "Skriv var det är i stället."
                )
            ) from None
        if shared and is_outside(shared[0]):
            forget_shared(form)
            raise StopValidation(_("Din plats ligger utanför kommunen. Skriv var felet är i stället."))


def is_outside(spot: Spot) -> bool:
    """Whether a spot is outside the municipality, as far as its profile tells."""
    area = organisation.profile().area
    return area is not None and not area.has(spot.latitude, spot.longitude)


def forget_shared(form: Form) -> None:
    """Clear what the device gave."""
    for name in DEVICE:
        if name in form:
            form[name].data = ""


def shared_accuracy(form: Form) -> int | None:
    """How many metres the spot that the device gave may be off; None without one."""
    try:
        shared = _shared(form)
    except ValueError:
        return None
    return shared[1] if shared else None


def location(form: Form) -> Location | None:
    """The place of a valid form; None if there is none. Coordinates that are typed outweigh the device."""
    text = form["place"].data or ""
    typed = coordinates.read(text)
    shared = _shared(form)
    if typed:
        return Location(text, typed)
    if shared:
        return Location(text, *shared)
    return Location(text) if text else None


def _shared(form: Form) -> tuple[Spot, int] | None:
    """The spot that the device gave, and how exact it is. Raises ValueError."""
    if not all(name in form for name in DEVICE) or not any(form[name].data for name in DEVICE):
        return None
    latitude, longitude, accuracy = [float(form[name].data or "nan") for name in DEVICE]
    if not 0 <= accuracy <= MAX_ACCURACY:
        raise ValueError
    return coordinates.spot(latitude, longitude), max(1, math.ceil(accuracy))
