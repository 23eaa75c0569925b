"""The form that hands a case over, and what it says of a case that would go to another authority."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from markupsafe import Markup
from wtforms import Field, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.cases.authority import handovers, rules
from portal.cases.authority.rules import Bounds, Ground, GroundProblem
from portal.cases.enums import Direction, HandoverGround
from portal.cases.models import Case
from portal.cases.queries import MessageRow
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import ActionForm, no_options, option_slot
from portal.web.forms import TEXT_CHECKS, KnownChoice, Required, many_lines
from portal.web.support import case_presenter
from portal.words.labels import GROUND_PROBLEM, HANDOVER_GROUND

MAX_EXCERPT = 160
WHERE = _l("Välj ämne eller enhet")


class Outgoing(NamedTuple):
    """A message of a case that would go to another authority, and whether it goes along."""

    author: str
    when: str
    excerpt: str
    verdict: str


class HandOverForm(ActionForm):
    """Another topic or unit, and a note for those who receive the case.

    `asks` draws the grounds and what goes along too: the case would go to another authority.
    """

    to = SelectField(
        _l("Ämne eller enhet"), validate_choice=False, validators=[Required(WHERE), KnownChoice(WHERE)]
    )
    ground = RadioField(_l("Grund för att lämna ärendet"), validate_choice=False, choices=[])
    note = TextAreaField(
        _l("Till den som tar emot, om du vill"),
        filters=[many_lines],
        description=_l("Avsändaren ser inte texten. Den följer med ärendet."),
        validators=TEXT_CHECKS,
        render_kw={"rows": "3"},
    )

    def __init__(self, destinations: list[Category | Unit], bounds: Bounds, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.destinations: dict[str, Category | Unit] = {}
        for destination in destinations:
            # A topic and a unit may have the same key.
            self.destinations[f"{type(destination).__name__.lower()}-{destination.key}"] = destination
        self.review: list[Outgoing] = []
        self.asks = bool(self.ground.data)
        self._offer(bounds)
        self.to.choices = _choices(
            (key, row.name, type(row) is Unit) for key, row in self.destinations.items()
        )

    @classmethod
    def for_case(cls, _actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """With all topics and units, and all grounds: the command and explain() ask the case."""
        return cls(organisation.destinations(), Bounds(), **kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """Nothing but its slots: the ground is asked for when the form has been sent."""
        return ()

    @classmethod
    def blank(cls, _actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """Without the topics and units."""
        form = cls([], Bounds(), **kwargs)
        form.to.choices = no_options()
        return form

    @classmethod
    def slots(cls, _actor: Staff, _case: Case, /) -> Mapping[str, Markup]:
        """All topics and units."""
        topics = ((f"category-{topic.key}", topic.name, False) for topic in organisation.open_topics())
        units = ((f"unit-{unit.key}", unit.name, True) for unit in organisation.open_units())
        return option_slot(_choices([*topics, *units]))

    @classmethod
    def for_cases(cls, _actor: Staff, cases: Sequence[Case], /) -> Self:
        """With all topics and units, and the grounds at once: some of the cases may need one."""
        all_bounds = [handovers.bounds_of(case, ()) for case in cases]
        form = cls(
            organisation.destinations(),
            Bounds(
                secret=bool(all_bounds) and all(bounds.secret for bounds in all_bounds),
                social_services=any(not bounds.general_clause for bounds in all_bounds),
            ),
        )
        form.ground.description = _("Behövs för de ärenden som går till en annan nämnd.")
        form.asks = True
        return form

    def _offer(self, bounds: Bounds) -> None:
        self.grounds = {_value(ground): ground for ground in rules.offered(bounds, handovers.clauses())}
        self.ground.choices = [(value, _ground_label(ground)) for value, ground in self.grounds.items()]

    def explain(self, case: Case, messages: Sequence[MessageRow]) -> None:
        """With the grounds that the case allows, and each message that would go along or stay."""
        if self.asks:
            self._offer(handovers.bounds_of(case, messages))
            self.review = [_outgoing(case, message) for message in messages]

    def validate_ground(self, field: RadioField) -> None:
        if field.data and field.data not in self.grounds:
            field.process_data(None)
            field.errors = [*field.errors, str(GROUND_PROBLEM[GroundProblem.UNKNOWN])]

    def visible(self) -> list[Field]:
        """The fields to fill in: the ground only if it is asked for."""
        return [self.to, *([self.ground] if self.asks else []), self.note]

    def refuse(self, problem: GroundProblem) -> None:
        """Ask for another ground."""
        self.asks = True
        self.ground.errors = [str(GROUND_PROBLEM[problem])]

    def arguments(self) -> dict[str, Any]:
        """With the chosen topic or unit as `to`, and the ground with its provision."""
        ground = self.grounds.get(str(self.ground.data))
        return {
            "to": self.destinations[str(self.to.data)],
            "ground": ground.kind if ground else None,
            "provision": ground.provision if ground else None,
            "note": self.note.data or "",
            "version": self.seen(),
        }


def _choices(destinations: Iterable[tuple[str, str, bool]]) -> list[SelectChoice]:
    """The choices of (value, name, whether it is a unit)."""
    topics, units = _("Ämnen"), _("Enheter")
    choices = [SelectChoice("", _l("Välj"), optgroup="")]
    for value, name, is_unit in destinations:
        choices.append(SelectChoice(value, name, optgroup=units if is_unit else topics))
    return choices


def _value(ground: Ground) -> str:
    return f"{ground.kind.value}-{ground.provision}" if ground.provision else ground.kind.value


def _ground_label(ground: Ground) -> str:
    if ground.provision is None:
        return str(HANDOVER_GROUND[ground.kind])
    provision = handovers.disclosure_provision(ground.provision)
    return f"{provision.provision}: {provision.text}"


def _outgoing(case: Case, message: MessageRow) -> Outgoing:
    shown = case_presenter.thread_message(message, case_presenter.sender_name(case))
    text = " ".join(message.body.split())
    excerpt = text if len(text) <= MAX_EXCERPT else f"{text[:MAX_EXCERPT].rstrip()} …"
    return Outgoing(shown.author, shown.when, excerpt, _verdict(case, message))


def _verdict(case: Case, message: MessageRow) -> str:
    internal = message.direction is Direction.INTERNAL
    marked = case.secrecy is not None or message.secrecy_provision is not None
    if rules.goes_along(HandoverGround.NO_SECRECY, internal, marked):
        return _("Följer med")
    if rules.goes_along(HandoverGround.CONSENT, internal, marked) and case.secrecy:
        return _("Följer med om avsändaren samtycker eller en bestämmelse bryter sekretessen.")
    if rules.goes_along(HandoverGround.CONSENT, internal, marked):
        return _(
            "Följer med om avsändaren samtycker eller en bestämmelse bryter sekretessen. Stannar annars kvar."
        )
    return _("Stannar kvar. Bara er nämnd läser anteckningar.")
