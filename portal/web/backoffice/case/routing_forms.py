"""To whom a case goes: a colleague, another topic or another unit."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.identity.models import Membership
from portal.organisation.models import Category, Unit
from portal.web.backoffice.case.forms import ActionForm
from portal.web.forms import KnownChoice, Required

MISSING = _l("Välj en handläggare i listan")


class OfficerForm(ActionForm):
    """Somebody among those who handle the case."""

    officer = SelectField(
        _l("Handläggare"), validate_choice=False, validators=[Required(MISSING), KnownChoice(MISSING)]
    )

    def __init__(self, handlers: list[Membership], me: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.handlers = {str(each.id): each for each in handlers}
        named = [SelectChoice(key, self._named(each, me)) for key, each in self.handlers.items()]
        self.officer.choices = [SelectChoice("", _l("Ingen")), *named]

    def _named(self, each: Membership, me: int | None) -> str:
        return _("%(name)s (du)", name=each.person.name) if each.id == me else each.person.name

    def chosen(self) -> Membership:
        """The handler who was chosen."""
        return self.handlers[str(self.officer.data)]


class HandOverForm(ActionForm):
    """Another topic, or another unit; across boards only when somebody means it."""

    to = SelectField(
        _l("Ämne eller enhet"),
        validate_choice=False,
        validators=[Required(_l("Välj vart")), KnownChoice(_l("Välj vart"))],
    )
    confirmed = BooleanField(_l("Ja, lämna över det"))

    def __init__(self, places: list[Category | Unit], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places = {f"{type(each).__name__.lower()}-{each.key}": each for each in places}
        self.asks = bool(self.confirmed.data)
        groups = {Category: _("Ämnen"), Unit: _("Enheter")}
        named = [
            SelectChoice(key, each.name, optgroup=groups[type(each)]) for key, each in self.places.items()
        ]
        self.to.choices = [SelectChoice("", _l("Välj"), optgroup=""), *named]

    def chosen(self) -> Category | Unit:
        """The topic or the unit that was chosen."""
        return self.places[str(self.to.data)]
