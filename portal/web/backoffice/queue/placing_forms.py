"""The form that places a case without a handler."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.cases.ownership.units import Destination
from portal.identity.models import Membership
from portal.organisation.models import Unit
from portal.translation import lazy_gettext as _l
from portal.web.forms import Form, KnownChoice, Required, whole_number

MISSING = _l("Välj en enhet eller en handläggare i listan")


class PlaceForm(Form):
    """A choice of unit, or of one of its handlers; `version` is that of the case when the page showed it."""

    version = HiddenField()
    to = SelectField(
        _l("Enhet eller handläggare"),
        validate_choice=False,
        validators=[Required(MISSING), KnownChoice(MISSING)],
    )

    def __init__(self, destinations: Sequence[Destination], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.chosen: dict[str, tuple[Unit, Membership | None]] = {}
        self.to.choices = [SelectChoice("", _l("Välj"), optgroup="")]
        for destination in destinations:
            self._offer(destination.unit, None, destination.unit.name)
            for member in destination.handlers:
                self._offer(destination.unit, member, member.person.name)

    def _offer(self, unit: Unit, member: Membership | None, label: str) -> None:
        key = f"{unit.key}-{member.id}" if member else unit.key
        self.chosen[key] = unit, member
        self.to.choices.append(SelectChoice(key, label, optgroup=unit.name))

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments for the command."""
        unit, officer = self.chosen[str(self.to.data)]
        return {"unit": unit, "officer": officer, "version": whole_number(self.version.data)}
