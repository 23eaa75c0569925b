"""The forms of an improvement, and of the link of a case to one."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal import clock
from portal.cases.improvements import queries
from portal.cases.improvements.commands import Plan
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementProblem, ImprovementState, UnitPlace, day_problem
from portal.cases.models import Case
from portal.formats.days import iso_day
from portal.identity.actors import Staff
from portal.identity.queries import Member
from portal.organisation import queries as organisation
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import MAX_LINE, ActionForm, line_field
from portal.web.backoffice.date_forms import IsoDate, day_field
from portal.web.backoffice.improvements.labels import PROBLEMS, STATES
from portal.web.forms import (
    Form,
    KnownChoice,
    MaxLength,
    PrintableText,
    Required,
    many_lines,
    one_line,
    whole_number,
)
from portal.web.number_checks import NoIdentityNumber

MAX_PLAN = 5_000
NEW = "new-"
DAY_FIELDS = frozenset({ImprovementProblem.PAST_DAY, ImprovementProblem.FAR_DAY})
HINT = _l("Skriv inget om enskilda personer.")
UNIT_MISSING = _l("Välj en enhet i listan")
MISSING = _l("Välj en förbättring i listan")


def require_day_ahead(form: Any, field: Any) -> None:
    """Refuse a day that has passed or is more than five years ahead. Raises StopValidation."""
    IsoDate()(form, field)
    problem = day_problem(date.fromisoformat(str(field.data)), clock.today())
    if problem:
        raise StopValidation(str(PROBLEMS[problem]))


class ImprovementForm(Form):
    """What is to be done, by whom and until when. A subclass has the fields of a new one or of a change."""

    title = line_field(_l("Vad ni ska göra"), _l("Skriv kort vad ni ska göra"), HINT)
    plan = TextAreaField(
        _l("Hur det ska gå till"),
        filters=[many_lines],
        description=_l("Skriv inget om enskilda personer. All personal på nämndens enheter läser texten."),
        validators=[PrintableText(), MaxLength(MAX_PLAN), NoIdentityNumber()],
        render_kw={"rows": "5"},
    )
    due_on: StringField = day_field(_l("Klart senast"))
    responsible = SelectField(
        _l("Ansvarig"), validate_choice=False, validators=[KnownChoice(_l("Välj ansvarig i listan"))]
    )

    def set_members(self, members: Sequence[Member]) -> None:
        """Set the choices of who is responsible: the unit itself first."""
        self.responsible.choices = [SelectChoice("", _l("Enheten"))]
        for member in members:
            self.responsible.choices.append(SelectChoice(str(member.id), member.name))

    def wanted(self) -> Plan:
        """What was filled in."""
        day = date.fromisoformat(str(self.due_on.data))
        title, text = self.title.data or "", self.plan.data or ""
        return Plan(title, text, day, whole_number(self.responsible.data))

    def refuse(self, problem: ImprovementProblem) -> None:
        """Say at its field why it cannot be saved."""
        field: Field = self.field_of(problem)
        field.errors = [str(PROBLEMS[problem])]

    def field_of(self, problem: ImprovementProblem) -> Field:
        """The field that a problem is about."""
        if problem is ImprovementProblem.RESPONSIBLE:
            return self.responsible
        return self.due_on if problem in DAY_FIELDS else self.title


class NewImprovementForm(ImprovementForm):
    """A new improvement of one of the units whose improvements the actor makes."""

    unit = SelectField(
        _l("Enhet"), validate_choice=False, validators=[Required(UNIT_MISSING), KnownChoice(UNIT_MISSING)]
    )

    def __init__(self, actor: Staff, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        units = queries.editable_units(actor)
        self.unit.choices = [SelectChoice(unit.key, unit.name) for unit in units]
        if len(units) > 1:
            self.unit.choices.insert(0, SelectChoice("", _l("Välj enhet")))
        self.units = {unit.key: unit.id for unit in units}
        places = [UnitPlace(unit.id, unit.board_id, unit.administration_id) for unit in units]
        self.set_members(queries.candidates(places))

    def validate_due_on(self, field: StringField) -> None:
        require_day_ahead(self, field)

    def unit_id(self) -> int:
        """The id of the chosen unit."""
        return self.units[str(self.unit.data)]


class ChangeForm(ImprovementForm):
    """A change of an improvement, and of its state."""

    state = SelectField(_l("Läge"), validate_choice=False, validators=[KnownChoice(_l("Välj läge i listan"))])
    version = HiddenField()

    def __init__(self, row: Improvement, **kwargs: Any) -> None:
        known = {
            "title": row.title,
            "plan": row.plan,
            "due_on": row.due_on.isoformat(),
            "responsible": str(row.responsible_id or ""),
            "state": row.state.value,
            "version": str(row.version),
        }
        super().__init__(data=known, **kwargs)
        self.state.choices = [SelectChoice(state.value, STATES[state].text) for state in ImprovementState]
        self.set_members(queries.candidates([queries.place_of(row)]))
        known_members = [choice.value for choice in self.responsible.choices]
        if row.responsible and str(row.responsible_id) not in known_members:
            # One who has left since stays responsible until another one is chosen.
            name = row.responsible.person.name
            self.responsible.choices.append(SelectChoice(str(row.responsible_id), name))

    def validate_due_on(self, field: StringField) -> None:
        # A last day that has passed may stay; the command asks about another one.
        IsoDate()(self, field)

    def field_of(self, problem: ImprovementProblem) -> Field:
        """The field that a problem is about."""
        about_state = ImprovementProblem.STATE, ImprovementProblem.PUBLISHED
        return self.state if problem in about_state else super().field_of(problem)

    def seen(self) -> int:
        """The version that the page showed; 0 if it is not a number."""
        return whole_number(self.version.data) or 0


class ExistingForm(Form):
    """The improvement on its way that a proposal belongs to."""

    existing = SelectField(
        _l("Förbättring"), validate_choice=False, validators=[Required(MISSING), KnownChoice(MISSING)]
    )

    def __init__(self, actor: Staff, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.existing.choices = [SelectChoice("", _l("Välj")), *_under_way(actor)]

    def improvement(self) -> int | None:
        """The id of the chosen one."""
        return whole_number(self.existing.data)

    def refuse(self, problem: ImprovementProblem) -> None:
        """Say why the proposal cannot be linked."""
        self.existing.errors = [str(PROBLEMS[problem])]


def _under_way(actor: Staff) -> list[SelectChoice]:
    """The improvements that the actor may link a case to."""
    choices = []
    for row in queries.open_improvements(actor):
        text = f"{row.title} ({row.unit.name})"
        choices.append(SelectChoice(str(row.id), text, optgroup=str(_l("På gång nu"))))
    return choices


class LinkForm(ActionForm):
    """A choice of improvement, or a new one of a unit with what is to be done and until when."""

    versioned = False
    improvement = SelectField(
        _l("Förbättring"), validate_choice=False, validators=[Required(MISSING), KnownChoice(MISSING)]
    )
    title = StringField(
        _l("Vad ni ska göra, om förbättringen är ny"),
        filters=[one_line],
        description=HINT,
        validators=[MaxLength(MAX_LINE), PrintableText(), NoIdentityNumber()],
    )
    due_on: StringField = day_field(_l("Klart senast, om förbättringen är ny"))

    def __init__(self, actor: Staff, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.improvement.choices = [SelectChoice("", _l("Välj")), *_under_way(actor)]
        for unit in queries.editable_units(actor):
            choice = SelectChoice(f"{NEW}{unit.key}", unit.name, optgroup=str(_l("En ny förbättring hos")))
            self.improvement.choices.append(choice)

    @classmethod
    def for_case(cls, actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """With the improvements that the actor may link a case to."""
        return cls(actor, **kwargs)

    @classmethod
    def for_cases(cls, actor: Staff, _cases: Sequence[Case], /) -> Self:
        """The same for many cases."""
        return cls(actor)

    def _is_new(self) -> bool:
        return str(self.improvement.data or "").startswith(NEW)

    def validate_title(self, field: Field) -> None:
        if self._is_new():
            Required(_l("Skriv kort vad ni ska göra"))(self, field)

    def validate_due_on(self, field: Field) -> None:
        if self._is_new():
            require_day_ahead(self, field)

    def refuse(self, problem: ImprovementProblem) -> None:
        """Say why the case cannot be linked."""
        self.improvement.errors = [str(PROBLEMS[problem])]

    def arguments(self) -> dict[str, Any]:
        """With the id of an improvement, or a unit and a plan as `new`."""
        if not self._is_new():
            return {"improvement": whole_number(self.improvement.data)}
        unit = organisation.unit(str(self.improvement.data).removeprefix(NEW))
        day = iso_day(self.due_on.data or "") or clock.today()
        return {"new": (unit.id if unit else 0, Plan(self.title.data or "", "", day))}


class UnlinkForm(ActionForm):
    """The button beside an improvement that removes the link of the case."""

    versioned = False
    improvement = HiddenField(validators=[Required(MISSING)])

    def refuse(self, problem: ImprovementProblem) -> None:
        """Say why the link stays."""
        self.improvement.errors = [str(PROBLEMS[problem])]

    def arguments(self) -> dict[str, Any]:
        """With the id as `improvement`; None if the field is not a number."""
        return {"improvement": whole_number(self.improvement.data)}
