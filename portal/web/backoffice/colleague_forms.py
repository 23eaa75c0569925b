"""The forms of jäv: who may not handle a case, and why."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.cases import queries
from portal.cases.access import Bar
from portal.cases.authority.bars import colleagues
from portal.cases.models import Case
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from portal.web.backoffice.action_forms import MAX_LINE, ActionForm
from portal.web.forms import (
    MAX_BODY,
    MaxLength,
    PrintableText,
    body_field,
    many_lines,
    one_line,
    whole_number,
)
from portal.words.labels import BAR, ROLE

MISSING = _l("Välj en kollega i listan")
# A longer list is searched by name first.
MAX_LISTED = 30


class RecuseForm(ActionForm):
    """A member of staff reports a conflict of interest, with a reason if they like."""

    versioned = False
    body = TextAreaField(
        _l("Varför, om du vill berätta"),
        filters=[many_lines],
        description=_l(
            "Ärendet försvinner ur dina listor, och du kan inte ångra det själv. Om ingen annan har det går "
            "det till närmaste chef. Det du skriver blir en anteckning, och ditt utkast tas bort."
        ),
        validators=[PrintableText(), MaxLength(MAX_BODY)],
        render_kw={"rows": "3"},
    )


class ColleagueForm(ActionForm):
    """A choice of colleague. Where there are many, a search by name comes first."""

    versioned = False
    name = StringField(
        _l("Sök på namn"),
        filters=[one_line],
        description=_l("Skriv hela namnet eller en del av det."),
        validators=[PrintableText(), MaxLength(MAX_LINE)],
    )
    officer = SelectField(
        _l("Kollega"),
        validate_choice=False,
        description=_l("Kollegan kan sedan inte hitta, läsa eller svara i ärendet."),
    )

    def __init__(self, known: Sequence[Membership], shown: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.colleagues = {str(member.id): member for member in known}
        self.many = len(shown) > MAX_LISTED
        units = organisation.unit_names()
        choices = sorted((_label(member, units), str(member.id)) for member in shown)
        self.listed = [choice for choice in choices if self._is_match(choice[0])]
        self.officer.choices = [SelectChoice("", _l("Välj"))]
        for label, value in self.listed:
            self.officer.choices.append(SelectChoice(value, label))

    @classmethod
    def for_case(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With those whom the case may concern; a second click may name one who is barred by now."""
        known = [member for member in colleagues(case) if member.person_id != actor.person]
        barred = {bar.person for bar in queries.bars(case)}
        return cls(known, [member for member in known if member.person_id not in barred], **kwargs)

    def _is_match(self, label: str) -> bool:
        wanted = (self.name.data or "").casefold()
        return not self.many or bool(wanted and wanted in label.casefold())

    def _lists(self) -> bool:
        return not self.many or 0 < len(self.listed) <= MAX_LISTED

    def visible(self) -> list[Field]:
        """The search where there are many to choose from, and the list where it is short."""
        drawn = {"name": self.many, "officer": self._lists()}
        return [field for field in super().visible() if drawn[field.name]]

    def validate_name(self, field: StringField) -> None:
        if self.officer.data in self.colleagues or self._lists():
            return
        if not field.data:
            raise ValidationError(_("Skriv en del av kollegans namn"))
        if self.listed:
            raise ValidationError(_("Många heter så. Skriv mer av namnet."))
        raise ValidationError(_("Ingen i ärendets enheter eller nämnd heter så"))

    def validate_officer(self, field: SelectField) -> None:
        if field.data not in self.colleagues:
            field.process_data(None)
            if self._lists():
                raise ValidationError(str(MISSING))

    def arguments(self) -> dict[str, Any]:
        """With the chosen membership as `officer`."""
        return {"officer": self.colleagues[str(self.officer.data)]}


def _label(member: Membership, units: dict[int, str]) -> str:
    return f"{member.person.name}, {units.get(member.unit_id or 0) or ROLE[member.role]}"


class LiftBarForm(ActionForm):
    """A choice among those who are barred, and why the bar was a mistake."""

    officer = SelectField(_l("Vems jäv"), validate_choice=False)
    body = body_field(
        _l("Skriv varför först"),
        _l("Varför det blev fel"),
        _l("Texten blir en anteckning i ärendet."),
    )

    def __init__(self, barred: Sequence[Bar], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.officer.choices = [SelectChoice("", _l("Välj"))]
        for bar in barred:
            self.officer.choices.append(SelectChoice(str(bar.membership), f"{bar.name}, {BAR[bar.kind]}"))

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With those who are barred from the case."""
        return cls(queries.bars(case), **kwargs)

    def validate_officer(self, field: SelectField) -> None:
        # Any membership: after a second click the bar is not in the list any more.
        if people.membership(whole_number(field.data)) is None:
            field.process_data(None)
            raise ValidationError(str(MISSING))

    def arguments(self) -> dict[str, Any]:
        """With the membership of the barred colleague as `officer`."""
        return super().arguments() | {"officer": people.membership(whole_number(self.officer.data))}
