"""The form that corrects where a fault is."""

from collections.abc import Hashable, Mapping
from typing import Any, Self

from markupsafe import Markup, escape
from wtforms import StringField
from wtforms.validators import StopValidation

from portal.cases.locations.records import location_of
from portal.cases.locations.rules import Location
from portal.cases.models import Case
from portal.formats.places import coordinates
from portal.formats.places.coordinates import OutsideSweden
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import FIRST_TEXT, SECOND_TEXT, ActionForm
from portal.web.forms import MaxLength, PrintableText, one_line
from portal.web.number_checks import NoIdentityNumber
from portal.web.support.locations.lines import place_line
from portal.web.support.locations.location_forms import MAX_PLACE, is_outside

_CHECKS = (PrintableText(), MaxLength(MAX_PLACE), NoIdentityNumber())


class CorrectPlaceForm(ActionForm):
    """The text and the coordinates of a place; what was sent goes into a note."""

    place = StringField(
        _l("Adress eller plats"),
        filters=[one_line],
        validators=_CHECKS,
        description=_l("Avsändaren ser platsen. Det som stod förut blir en anteckning."),
    )
    spot = StringField(
        _l("Koordinater"),
        filters=[one_line],
        validators=_CHECKS,
        description=_l("I grader eller i Sweref 99 TM. Lämna tomt om det inte finns några."),
    )

    def __init__(self, case: Case, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the place as it is now."""
        text, spot = _texts(case)
        return cls(case, **{"place": text, "spot": spot} | kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """Nothing but its slots."""
        return ()

    @classmethod
    def blank(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With placeholders for the place."""
        return cls(case, **kwargs, place=FIRST_TEXT, spot=SECOND_TEXT)

    @classmethod
    def slots(cls, _actor: Staff, case: Case, /) -> Mapping[str, Markup]:
        """The place as it is now."""
        text, spot = _texts(case)
        return {FIRST_TEXT: escape(text), SECOND_TEXT: escape(spot)}

    def validate_spot(self, field: StringField) -> None:
        try:
            spot = coordinates.read(field.data or "")
        except OutsideSweden:
            raise StopValidation(_("Koordinaterna ligger utanför Sverige. Rätta dem.")) from None
        if spot and is_outside(spot):
            raise StopValidation(_("Koordinaterna ligger utanför kommunen. Rätta dem."))
        if field.data and spot is None:
            raise StopValidation(_("Skriv koordinater som 55.63791, 13.09423 eller 6167428, 380040"))

    def arguments(self) -> dict[str, Any]:
        """The place as `location`, and the note with the one before as `body`."""
        before = place_line(self.case) or _("ingen plats")
        body = _("Platsen är rättad. Förut stod: %(before)s.", before=before)
        return {"location": self._location(), "body": body, "version": self.seen()}

    def _location(self) -> Location | None:
        text, spot = self.place.data or "", coordinates.read(self.spot.data or "")
        now = location_of(self.case.location) if self.case.location else Location()
        # How exact a device was says nothing of coordinates that were corrected.
        accuracy = now.accuracy if spot == now.spot else None
        return Location(text, spot, accuracy) if text or spot or self.case.location else None


def _texts(case: Case) -> tuple[str, str]:
    if case.location is None:
        return "", ""
    location = location_of(case.location)
    return location.text, str(location.spot) if location.spot else ""
