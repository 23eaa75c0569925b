"""The forms of jäv: who may not handle a case, and why."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Self

from markupsafe import Markup
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal import db
from portal.cases import queries
from portal.cases.access import Bar
from portal.cases.authority.bars import colleagues
from portal.cases.models import Case
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.identity.queries import Member
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import MAX_LINE, ActionForm, no_options, option_slot
from portal.web.forms import (
    TEXT_CHECKS,
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
        validators=TEXT_CHECKS,
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

    def __init__(self, known: Sequence[Member], shown: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.colleagues = {str(member.id): member for member in known}
        self.many = len(shown) > MAX_LISTED
        self.listed = [choice for choice in labelled(shown) if self._is_match(choice[0])]
        self.officer.choices = _choices(self.listed)

    @classmethod
    def for_case(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With those whom the case may concern; a second click may name one who is barred by now."""
        return cls(_concerned(actor, case), not_barred(actor, case), **kwargs)

    @classmethod
    def drawn_from(cls, actor: Staff, case: Case, /) -> Hashable:
        """Whether there are many to choose from."""
        return len(not_barred(actor, case)) > MAX_LISTED

    @classmethod
    def blank(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """Without the colleagues."""
        form = cls.for_case(actor, case, **kwargs)
        form.officer.choices = no_options()
        return form

    @classmethod
    def slots(cls, actor: Staff, case: Case, /) -> Mapping[str, Markup]:
        """The colleagues, unless a search comes first."""
        if cls.drawn_from(actor, case):
            return {}
        return option_slot(_choices(labelled(not_barred(actor, case))))

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


@db.once_per_read
def _concerned(actor: Staff, case: Case) -> list[Member]:
    return [member for member in colleagues(case) if member.person_id != actor.person]


def not_barred(actor: Staff, case: Case) -> list[Member]:
    """Those whom a case may concern, apart from the actor and those who are barred from it."""
    barred = {bar.person for bar in queries.bars(case)}
    return [member for member in _concerned(actor, case) if member.person_id not in barred]


def labelled(members: Sequence[Member]) -> list[tuple[str, str]]:
    """The label and the id of each, by label."""
    units = organisation.unit_names()
    return sorted((_label(member, units), str(member.id)) for member in members)


def _choices(listed: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Välj")), *(SelectChoice(value, label) for label, value in listed)]


def _label(member: Member, units: dict[int, str]) -> str:
    return f"{member.name}, {units.get(member.unit_id or 0) or ROLE[member.role]}"


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
