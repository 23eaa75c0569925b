"""What staff do with a case, each a form of its own. `version` is the case as the page showed it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import StopValidation

from portal.identity.models import Membership
from portal.web.forms import Form
from portal.web.public.forms import body_field


class ActionForm(Form):
    """A button that acts on the case as it was read."""

    version = HiddenField()

    def seen(self) -> int | None:
        """The version that was read, if the page said one."""
        written = self.version.data or ""
        return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


class AnswerForm(ActionForm):
    """The answer."""

    body = body_field(_l("Skriv svaret först"))


class NoteForm(ActionForm):
    """An internal note."""

    body = body_field(_l("Skriv anteckningen först"))


class Colleagues(SelectField):
    """A list of handlers that says what is wrong in our words."""

    def pre_validate(self, form: Any) -> None:
        """Nobody chosen, or somebody who cannot have the case."""
        if str(self.data or "") not in {value for value, *_rest in self.iter_choices() if value}:
            raise StopValidation(_("Välj en handläggare i listan"))


class AssignForm(ActionForm):
    """Who is to handle the case."""

    officer = Colleagues()

    def __init__(self, handlers: list[Membership], me: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.handlers = {str(each.id): each for each in handlers}
        named = [(key, self._named(each, me)) for key, each in self.handlers.items()]
        self.officer.choices = [("", _l("Ingen")), *named]

    def _named(self, each: Membership, me: int | None) -> str:
        return _("%(name)s (du)", name=each.person.name) if each.id == me else each.person.name

    def chosen(self) -> Membership:
        """The handler who was chosen."""
        return self.handlers[str(self.officer.data)]
