"""The forms of the actions that set a day."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any, Self

from markupsafe import Markup, escape
from wtforms import BooleanField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput

from portal import clock
from portal.cases import clocks, parties
from portal.cases.actions import extensions
from portal.cases.actions.handling import NextStep
from portal.cases.deadlines import day_problem
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.formats.days import iso_day
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import FIRST_TEXT, ActionForm, line_field
from portal.web.forms import body_field, one_line
from portal.words.labels import DATE_PROBLEM


class IsoDate:
    """Refuse anything but a date such as 2026-05-18, which is what a date input sends."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Any) -> None:
        """Raises StopValidation."""
        if iso_day(field.data or "") is None:
            raise StopValidation(_("Skriv dagen som 2026-05-18"))


def require_open_day(form: Any, field: Any) -> None:
    """Refuse a day that cannot be set in any case. Raises StopValidation."""
    IsoDate()(form, field)
    problem = day_problem(date.fromisoformat(str(field.data)), clock.today(), organisation.closed_days())
    if problem:
        raise StopValidation(str(DATE_PROBLEM[problem]))


def day_field(label: Any, hint: Any = "") -> StringField:
    """A day, picked in the browser's date input. It stays text, so that an invalid day can be shown again."""
    return StringField(label, filters=[one_line], description=hint, widget=DateInput())


def next_step_field() -> StringField:
    """The day of the next step, a required field."""
    return day_field(
        _l("Nästa steg senast"),
        _l("Då påminner kön om ärendet. Avsändaren ser dagen bara om du berättar."),
    )


def share_field() -> BooleanField:
    """Whether the sender gets to know the day of the next step. It is drawn after the other fields."""
    return BooleanField(_l("Berätta för avsändaren att ni hör av er igen senast den dagen"))


class NextStepForm(ActionForm):
    """Base of the forms that set the day of the next step, with a day proposed.

    The fields are there only if no promise of an answer presses the case. A subclass has them as `next_step`
    and `share`, after its own.
    """

    next_step: StringField
    share: BooleanField

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With the proposed day, or without the fields of the next step."""
        proposed = {"next_step": cls.proposed_day(case).isoformat(), "share": cls.is_shared(case)}
        form = cls(**proposed | kwargs)
        if not cls.is_needed(case):
            del form.next_step
            del form.share
        return form

    @classmethod
    def drawn_from(cls, _actor: Staff, case: Case, /) -> Hashable:
        """Whether there are the fields, and whether the sender knows a day; the day itself is a slot."""
        return cls.is_needed(case), cls.is_shared(case)

    @classmethod
    def blank(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """Without the day."""
        return cls.for_case(actor, case, **kwargs, next_step=FIRST_TEXT)

    @classmethod
    def slots(cls, _actor: Staff, case: Case, /) -> Mapping[str, Markup]:
        """The proposed day."""
        return {FIRST_TEXT: escape(cls.proposed_day(case).isoformat())}

    @classmethod
    def is_needed(cls, case: Case) -> bool:
        """Whether no promise presses the case once its sender has been contacted."""
        return case.status in OPEN and case.due_answer is None

    @classmethod
    def proposed_day(cls, case: Case) -> date:
        """The day that is filled in."""
        return clocks.next_step_proposal(case)

    @classmethod
    def is_shared(cls, _case: Case) -> bool:
        """Whether the box is ticked."""
        return False

    def validate_next_step(self, field: StringField) -> None:
        require_open_day(self, field)

    def given_next_step(self) -> NextStep | None:
        """What was chosen; None without the fields."""
        if "next_step" not in self:
            return None
        return NextStep(date.fromisoformat(str(self.next_step.data)), bool(self.share.data))

    def arguments(self) -> dict[str, Any]:
        """With the day and whether it is shared, as `next_step`."""
        return super().arguments() | {"next_step": self.given_next_step()}


def contact_form(missing: Any, label: Any, hint: Any = "", versioned: bool = True) -> type[ActionForm]:
    """A form of one text, `body`, that is a contact with the sender, and of the next step."""

    class ContactForm(NextStepForm):
        body = body_field(missing, label, hint)
        next_step = next_step_field()
        share = share_field()

    ContactForm.versioned = versioned
    return ContactForm


class SetNextStepForm(NextStepForm):
    """The day of the next step alone."""

    next_step = next_step_field()
    share = share_field()

    @classmethod
    def is_needed(cls, _case: Case) -> bool:
        """Whether the fields are there: the action itself is refused where a promise presses."""
        return True

    @classmethod
    def proposed_day(cls, case: Case) -> date:
        """The day that it has, if that is ahead."""
        day = case.next_step_on
        return day if day and day > clock.today() else clocks.next_step_proposal(case)

    @classmethod
    def is_shared(cls, case: Case) -> bool:
        """A sender who knows a day gets the new one."""
        return case.next_step_shared

    def arguments(self) -> dict[str, Any]:
        """With the day as `next_step`, and `share`."""
        chosen = self.given_next_step()
        assert chosen
        return super().arguments() | {"next_step": chosen.day, "share": chosen.share}


ASKED = _l("Avsändaren får frågan. Svarstiden står still tills svaret kommer.")
ASKED_UNNOTIFIED = _l(
    "Avsändaren får inget meddelande om frågan, utan läser den i ärendet. Svarstiden går därför vidare."
)


class AskForm(NextStepForm):
    """A question to the sender, with an optional last day for the reply."""

    body = body_field(
        _l("Skriv frågan först"),
        _l("Din fråga"),
        ASKED,
    )
    until = day_field(_l("Svara senast, om det finns en sista dag"))
    next_step = next_step_field()
    share = share_field()

    @classmethod
    def for_case(cls, actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """With what the question does to the clock."""
        form = super().for_case(actor, case, **kwargs)
        if not parties.is_notified(case):
            form.body.description = str(ASKED_UNNOTIFIED)
        return form

    @classmethod
    def drawn_from(cls, actor: Staff, case: Case, /) -> Hashable:
        """Whether the sender is notified, too."""
        return super().drawn_from(actor, case), parties.is_notified(case)

    def validate_until(self, field: StringField) -> None:
        if field.data:
            IsoDate()(self, field)

    def arguments(self) -> dict[str, Any]:
        """With the day as `until`; None if it was left empty."""
        until = date.fromisoformat(self.until.data) if self.until.data else None
        return super().arguments() | {"until": until}


class ExtendForm(ActionForm):
    """A later day for the answer, and the reason."""

    until = day_field(_l("Ny sista dag för svaret"))
    reason = line_field(
        _l("Skälet"),
        _l("Skriv skälet"),
        _l("Fortsätt meningen: Ny dag, eftersom … Avsändaren läser skälet i ärendet och i meddelandet."),
    )

    @classmethod
    def for_case(cls, _actor: Staff, _case: Case, /, **kwargs: Any) -> Self:
        """With the reason that the profile provides for the summer, on the days when it applies."""
        return cls(**{"reason": extensions.summer_reason()} | kwargs)

    @classmethod
    def drawn_from(cls, _actor: Staff, _case: Case, /) -> Hashable:
        """That reason."""
        return (extensions.summer_reason(),)

    def validate_until(self, field: StringField) -> None:
        IsoDate()(self, field)

    def arguments(self) -> dict[str, Any]:
        """With the new day as `until`."""
        return super().arguments() | {"until": date.fromisoformat(str(self.until.data))}


class ExtendManyForm(ExtendForm):
    """A later day for the answers of many cases: what no case allows is an error of the field."""

    @classmethod
    def for_cases(cls, _actor: Staff, _cases: Sequence[Case], /) -> Self:
        """With the same reason."""
        return cls(reason=extensions.summer_reason())

    def validate_until(self, field: StringField) -> None:
        require_open_day(self, field)
