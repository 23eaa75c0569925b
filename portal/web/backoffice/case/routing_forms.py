"""The forms that choose a handler, another case, or how the sender reads the case."""

import secrets
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Self

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal import db
from portal.cases import queries
from portal.cases.actions import readers
from portal.cases.enums import VerifiedReader
from portal.cases.groups.merging import WrongCase
from portal.cases.intake import codes
from portal.cases.models import Case
from portal.config import settings
from portal.identity.actors import Staff
from portal.identity.queries import Member
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web import current
from portal.web.backoffice.action_forms import ActionForm, line_field, no_options, option_slot
from portal.web.backoffice.case.away import away_text
from portal.web.forms import KnownChoice, Required, body_field
from portal.words.labels import VERIFIED_READER

MISSING = _l("Välj en handläggare i listan")


class OfficerForm(ActionForm):
    """A choice of officer, among the memberships that can handle the case."""

    officer = SelectField(
        _l("Handläggare"), validate_choice=False, validators=[Required(MISSING), KnownChoice(MISSING)]
    )

    # The first choice of the list, before a handler is chosen.
    nobody: LazyString = _l("Välj handläggare")

    def __init__(self, handlers: list[Member], me: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.handlers = {str(handler.id): handler for handler in handlers}
        self.officer.choices = _handler_choices(self.nobody, handlers, me)

    @classmethod
    def for_case(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the memberships that can handle the case."""
        return cls(_handlers(case), actor.membership, **kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """Nothing but its slots."""
        return ()

    @classmethod
    def blank(cls, actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """Without the memberships."""
        form = cls([], actor.membership, **kwargs)
        form.officer.choices = no_options()
        return form

    @classmethod
    def slots(cls, actor: Staff, case: Case, /) -> Mapping[str, Markup]:
        """The memberships, with the current one chosen."""
        return option_slot(
            _handler_choices(cls.nobody, _handlers(case), actor.membership),
            str(cls.current_of(case) or ""),
        )

    @classmethod
    def current_of(cls, case: Case) -> int | None:
        """The membership that the case has now."""
        return case.officer_id

    @classmethod
    def for_cases(cls, actor: Staff, cases: Sequence[Case], /) -> Self:
        """With the memberships that can handle all of the cases."""
        return cls(queries.handlers(*cases), actor.membership)

    def arguments(self) -> dict[str, Any]:
        """With the chosen membership as `officer`."""
        return super().arguments() | {"officer": self.handlers[str(self.officer.data)]}


@db.once_per_read
def _handlers(case: Case) -> list[Member]:
    return queries.handlers(case)


def _handler_choices(nobody: LazyString, handlers: Sequence[Member], me: int | None) -> list[SelectChoice]:
    """The memberships, that of the actor first, after a choice that is none."""
    names = {handler.id: handler.name for handler in handlers}
    choices = [SelectChoice("", nobody)]
    for handler in sorted(handlers, key=lambda handler: handler.id != me):
        name = handler.name if handler.id != me else _("%(name)s (du)", name=handler.name)
        away = away_text(handler, names)
        choices.append(SelectChoice(str(handler.id), f"{name}, {away}" if away else name))
    return choices


class AssignForm(OfficerForm):
    """A choice of officer for one case, another than the one that it has."""

    def __init__(self, *args: Any, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    @classmethod
    def for_case(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the memberships that can handle the case."""
        return super().for_case(actor, case, case=case, **kwargs)

    @classmethod
    def drawn_from(cls, actor: Staff, case: Case, /) -> Hashable:
        """As the form that it is of: the case is not drawn."""
        return super().drawn_from(actor, case)

    def validate_officer(self, field: SelectField) -> None:
        # A case that has changed since it was read was assigned by the first of two clicks.
        if self.case is None or self.seen() != self.case.version:
            return
        chosen = self.handlers.get(str(field.data))
        if chosen and chosen.id == self.current_of(self.case):
            text = _("%(name)s handlägger redan ärendet. Välj någon annan.", name=chosen.name)
            raise ValidationError(text)


class ContactPersonForm(OfficerForm):
    """A choice of contact person, among the same memberships."""

    nobody = _l("Välj kontaktperson")

    officer = SelectField(
        _l("Kontaktperson"), validate_choice=False, validators=[Required(MISSING), KnownChoice(MISSING)]
    )

    @classmethod
    def current_of(cls, case: Case) -> int | None:
        """The contact person that the case has now."""
        return case.contact_id


class OtherCaseForm(ActionForm):
    """Another case, by its number."""

    versioned = False
    number = line_field(_l("Det andra ärendets nummer"), _l("Skriv ett ärendenummer"))

    def __init__(self, actor: Staff, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.actor = actor

    @classmethod
    def for_case(cls, actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """With the actor, who has to be able to read the other case too."""
        return cls(actor, **kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """Nothing: the actor is not drawn."""
        return ()

    def arguments(self) -> dict[str, Any]:
        """With the other case, as `other`. Raises WrongCase if the actor cannot read it."""
        values = super().arguments()
        other = current.case_by_number(self.actor, values.pop("number") or "")
        if other is None:
            raise WrongCase
        return values | {"other": other}


class MergeForm(OtherCaseForm):
    """The case that this one duplicates, and a message to the sender."""

    versioned = True
    body = body_field(
        _l("Skriv till avsändaren först"),
        _l("Till avsändaren"),
        _l("Berätta att ni redan arbetar med saken. Avsändaren får svaret i sitt eget ärende, lika snart."),
    )

    def arguments(self) -> dict[str, Any]:
        """With the other case, as `into`. Raises WrongCase."""
        values = super().arguments()
        values["into"] = values.pop("other")
        return values


class RestoreForm(ActionForm):
    """How a verified sender reads the case from now on, and how they were verified.

    `submission` gives the new code, so that a repeated form gives the same one.
    """

    reader = SelectField(
        _l("Hur avsändaren läser ärendet"),
        validate_choice=False,
        validators=[Required(_l("Välj hur")), KnownChoice(_l("Välj hur"))],
    )
    body = body_field(
        _l("Skriv först hur du vet vem det är"),
        _l("Hur du vet vem det är"),
        _l("Texten blir en anteckning i ärendet. Skriv inte namn eller adress i den."),
    )
    submission = HiddenField()

    def __init__(self, choices: Sequence[VerifiedReader], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reader.choices = [SelectChoice("", _l("Välj"))]
        for choice in choices:
            self.reader.choices.append(SelectChoice(choice.value, VERIFIED_READER[choice]))
        self.submission.data = self.submission.data or secrets.token_urlsafe(16)

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the person as a choice where one is known."""
        without_person = [VerifiedReader.CODE]
        return cls([*VerifiedReader] if readers.known_person(case) else without_person, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """With the choice as `reader`, and `submission`."""
        reader = VerifiedReader(str(self.reader.data))
        return super().arguments() | {"reader": reader, "submission": str(self.submission.data)}


def new_code_page(number: str, form: ActionForm) -> ResponseReturnValue | None:
    """The page that shows the code of a RestoreForm once; None if no code was chosen."""
    values = form.arguments()
    if values["reader"] is not VerifiedReader.CODE:
        return None
    code = codes.groups(codes.code(settings().code_key, values["submission"]))
    return render_template("backoffice/new_code.html", number=number, code=code)
