"""What staff do with a case, each a form of its own. `version` is the case as the page showed it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.identity.models import Membership
from portal.web.forms import Form, Needed, OneOf, body_field

MISSING = _l("Välj en handläggare i listan")


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


class AskForm(ActionForm):
    """A question to the sender."""

    body = body_field(_l("Skriv frågan först"))


class NoteForm(ActionForm):
    """An internal note."""

    body = body_field(_l("Skriv anteckningen först"))


class AssignForm(ActionForm):
    """Who is to handle the case."""

    officer = SelectField(validate_choice=False, validators=[Needed(MISSING), OneOf(MISSING)])

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
