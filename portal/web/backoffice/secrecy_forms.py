"""The forms that mark a case or a message as secret, lift a mark, and correct the subjects of a case."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Self

from markupsafe import Markup, escape
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import (
    FIRST_TEXT,
    MAX_LINE,
    SECOND_TEXT,
    ActionForm,
    line_field,
)
from portal.web.forms import (
    KnownChoice,
    MaxLength,
    PrintableText,
    Required,
    body_field,
    one_line,
    whole_number,
)
from portal.web.number_checks import NoIdentityNumber

MISSING = _l("Välj en bestämmelse i listan")


class ProvisionForm(ActionForm):
    """A provision of the profile's list; `asks` for confirmation if the actor would lose what is marked."""

    provision = SelectField(
        _l("Bestämmelse"), validate_choice=False, validators=[Required(MISSING), KnownChoice(MISSING)]
    )
    confirmed = BooleanField(_l("Ja, sekretessmarkera"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asks = bool(self.confirmed.data)
        self.provision.choices = [SelectChoice("", _l("Välj"))]
        for provision in organisation.profile().secrecy_provisions:
            label = f"{provision.provision}: {provision.text}"
            self.provision.choices.append(SelectChoice(provision.key, label))

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """The provisions."""
        return organisation.profile().secrecy_provisions

    def arguments(self) -> dict[str, Any]:
        """With whether the loss is `confirmed`."""
        return super().arguments() | {"confirmed": bool(self.confirmed.data)}


class MarkSecrecyForm(ProvisionForm):
    """A mark of the case, and a subject for the register while that is still the sender's own words."""

    question = _l("Du kan inte se ärendet när det är sekretessmarkerat. Bekräfta att du vill markera det.")
    public_subject = StringField(
        _l("Ny rubrik, om den behövs"),
        filters=[one_line],
        description=_l("Rubriken syns i registret. Skriv den utan uppgifter om personer."),
        validators=[MaxLength(MAX_LINE), PrintableText(), NoIdentityNumber()],
    )

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """Without the subject once it has been written for the register."""
        form = cls(**kwargs)
        if case.public_subject != case.internal_subject:
            del form.public_subject
        return form

    @classmethod
    def drawn_from(cls, actor: Staff, case: Case, /) -> Hashable:
        """The provisions, and whether it asks for a subject."""
        return super().drawn_from(actor, case), case.public_subject != case.internal_subject

    @classmethod
    def for_cases(cls, _actor: Staff, _cases: Sequence[Case], /) -> Self:
        """Without the subject, which is another one in each case."""
        form = cls()
        del form.public_subject
        return form


class MessageForm(ActionForm):
    """A form that is drawn beside one message."""

    message = HiddenField()

    @property
    def row(self) -> str:
        """The id of the message."""
        return str(self.message.data or "")

    def arguments(self) -> dict[str, Any]:
        """With the id as `message`; None if the field is not a number."""
        return super().arguments() | {"message": whole_number(self.message.data)}


class MarkMessageForm(MessageForm, ProvisionForm):
    """A mark of one message."""

    question = _l(
        "Du kan inte läsa meddelandet när det är sekretessmarkerat. Bekräfta att du vill markera det."
    )


class LiftForm(ActionForm):
    """Why the secrecy of a case is lifted."""

    body = body_field(
        _l("Skriv varför först"),
        _l("Varför sekretessen inte behövs"),
        _l("Texten blir en anteckning i ärendet. Skriv inga uppgifter om personer i den."),
    )


class LiftMessageForm(MessageForm, LiftForm):
    """Why the mark of one message is lifted."""


class SubjectForm(ActionForm):
    """The public and the internal subject of a case."""

    public_subject = line_field(
        _l("Rubrik i registret"),
        _l("Skriv en rubrik för registret"),
        _l("Avsändaren ser den, och den är offentlig. Skriv den utan uppgifter om personer."),
    )
    internal_subject = line_field(
        _l("Rubrik för personal"), _l("Skriv en rubrik för personal"), _l("Bara personal ser den.")
    )

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the current subjects."""
        current = {"public_subject": case.public_subject, "internal_subject": case.internal_subject}
        return cls(**current | kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """Nothing but its slots."""
        return ()

    @classmethod
    def blank(cls, _actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """With placeholders for the subjects."""
        return cls(**kwargs, public_subject=FIRST_TEXT, internal_subject=SECOND_TEXT)

    @classmethod
    def slots(cls, _actor: Staff, case: Case, /) -> Mapping[str, Markup]:
        """The current subjects."""
        return {
            FIRST_TEXT: escape(one_line(case.public_subject)),
            SECOND_TEXT: escape(one_line(case.internal_subject)),
        }
