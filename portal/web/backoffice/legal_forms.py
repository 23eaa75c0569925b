"""The forms of matters that must be received: to mark one, and to pass it on to its authority."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self

from markupsafe import Markup
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from portal import clock
from portal.cases.clocks import arrival_day
from portal.cases.enums import LegalMatter
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions, held_back
from portal.identity.actors import Staff
from portal.identity.queries import Member
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import ActionForm, line_field, option_slot
from portal.web.backoffice.colleague_forms import ColleagueForm, labelled, not_barred
from portal.web.backoffice.date_forms import IsoDate, day_field
from portal.web.forms import MAX_BODY, KnownChoice, MaxLength, PrintableText, many_lines
from portal.web.number_checks import NoIdentityNumber
from portal.words.contact import passed_on
from portal.words.labels import LEGAL_MATTER

# In the list of colleagues: the report concerns none of them.
NO_COLLEAGUE = "0"
MISSING = _l("Välj en kollega i listan, eller Ingen kollega")


class LegalMatterForm(ColleagueForm):
    """What the matter is; of a whistleblower's report also which colleague it concerns."""

    versioned = True
    matter = SelectField(
        _l("Vad det är"),
        validate_choice=False,
        description=_l("Det här tas emot även om det skickas fel. Lämna det sedan till den som ska ha det."),
        validators=[KnownChoice(_l("Välj i listan"))],
    )
    officer = SelectField(
        _l("Om en visselblåsare har skrivit: vem rapporten gäller"),
        validate_choice=False,
        description=_l("Kollegan kan sedan inte hitta eller läsa ärendet. Rapporten får sekretess."),
    )

    def __init__(self, known: Sequence[Member], shown: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(known, shown, **kwargs)
        self.matter.choices = [SelectChoice("", _l("Inget av det här"))]
        for matter, label in LEGAL_MATTER.items():
            self.matter.choices.append(SelectChoice(matter.value, label))
        self.officer.choices = _officer_choices(self.listed)

    @classmethod
    def for_case(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the mark that the case has."""
        return super().for_case(actor, case, **{"matter": case.legal_matter or ""} | kwargs)

    @classmethod
    def drawn_from(cls, actor: Staff, case: Case, /) -> tuple[object, ...]:
        """The mark, and whether there are many to choose from."""
        return super().drawn_from(actor, case), case.legal_matter

    @classmethod
    def slots(cls, actor: Staff, case: Case, /) -> Mapping[str, Markup]:
        """The colleagues; where they are many, those whose name was searched for."""
        many, _matter = cls.drawn_from(actor, case)
        listed = [] if many else labelled(not_barred(actor, case))
        return option_slot(_officer_choices(listed))

    def visible(self) -> list[Field]:
        """The matter first, and a search by name only where there are many."""
        return [self.matter, *([self.name] if self.many else []), self.officer]

    def validate_name(self, field: StringField) -> None:
        # The list below reports what is missing: it is drawn however many there are.
        return

    def validate_officer(self, field: SelectField) -> None:
        if self.matter.data != LegalMatter.WHISTLEBLOWING or field.data == NO_COLLEAGUE:
            return
        if field.data not in self.colleagues:
            field.process_data(None)
            raise ValidationError(str(MISSING))

    def arguments(self) -> dict[str, Any]:
        """With the `matter`, and of a report the colleague and a neutral subject for the register."""
        matter = LegalMatter(self.matter.data) if self.matter.data else None
        values: dict[str, Any] = {"matter": matter, "version": self.seen()}
        if matter is LegalMatter.WHISTLEBLOWING:
            values["officer"] = self.colleagues.get(str(self.officer.data))
            values["subject"] = _("Rapport")
        return values


def _officer_choices(listed: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    first = [SelectChoice("", _l("Välj")), SelectChoice(NO_COLLEAGUE, _l("Ingen kollega"))]
    return [*first, *(SelectChoice(value, label) for label, value in listed)]


class ForwardForm(ActionForm):
    """To whom the matter was passed on, when, and a further text to the sender."""

    recipient = line_field(
        _l("Nämnd eller myndighet"),
        _l("Skriv vem som har fått det"),
        _l("Till exempel Socialnämnden eller Förvaltningsrätten. Avsändaren läser det."),
    )
    day = day_field(_l("Dagen då du lämnade det"))
    more = TextAreaField(
        _l("Mer till avsändaren, om det behövs"),
        filters=[many_lines],
        description=_l("Avsändaren får alltid veta vem som har det, och vilken dag det kom in till oss."),
        validators=[PrintableText(), MaxLength(MAX_BODY // 2), NoIdentityNumber()],
        render_kw={"rows": "3"},
    )

    def __init__(self, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With today as the day."""
        return cls(case, **{"day": clock.today().isoformat()} | kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> date:
        """That day."""
        return clock.today()

    def validate_day(self, field: StringField) -> None:
        IsoDate()(self, field)
        if self.case and not arrival_day(self.case) <= date.fromisoformat(field.data) <= clock.today():
            raise StopValidation(_("Välj en dag från den då ärendet kom in till och med i dag"))

    def arguments(self) -> dict[str, Any]:
        """With the `day`, and the text to the sender as `body`."""
        values = super().arguments()
        more = (values.pop("more") or "").strip()
        values["day"] = date.fromisoformat(str(self.day.data))
        assert self.case is not None
        arrived, language = arrival_day(self.case), self.case.language
        opening = passed_on(str(self.recipient.data), values["day"], arrived, language)
        return values | {"body": f"{opening}\n\n{more}".strip()}


def why_held(actor: Staff, case: Case) -> str:
    """Why a case cannot be closed before it has been passed on, and what to do; empty if it can."""
    if not held_back(case):
        return ""
    if case.legal_matter is None:
        return _(
            "Ärendet är en begäran om allmän handling. Det går inte att avsluta som att det inte hör hit. "
            "Lämna ut handlingen, eller lämna begäran till den som har den."
        )
    text = _(
        "%(matter)s: det här ska tas emot även om det kom fel. Ärendet går att avsluta först när det är "
        "lämnat till rätt nämnd eller myndighet.",
        matter=LEGAL_MATTER[case.legal_matter],
    )
    ways = {
        Action.HAND_OVER: _("Välj Lämna över om en annan nämnd i kommunen ska ha det."),
        Action.FORWARD: _("Annars lämnar du det själv och väljer Avsluta: lämnat till rätt myndighet."),
    }
    return " ".join([text, *(way for action, way in ways.items() if action in allowed_actions(actor, case))])
