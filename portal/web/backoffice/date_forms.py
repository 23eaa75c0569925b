"""The forms of the actions that set a day."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, Self

from wtforms import StringField
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput

from portal import clock
from portal.cases.actions import extensions
from portal.cases.deadlines import day_problem
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.action_forms import ActionForm, line_field
from portal.web.forms import body_field, one_line
from portal.words.labels import DATE_PROBLEM


class IsoDate:
    """Refuse anything but a date such as 2026-05-18, which is what a date input sends."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Any) -> None:
        """Raises StopValidation."""
        try:
            date.fromisoformat(field.data or "")
        except ValueError:
            raise StopValidation(_("Skriv dagen som 2026-05-18")) from None


def day_field(label: Any, hint: Any = "") -> StringField:
    """A day, picked in the browser's date input. It stays text, so that an invalid day can be shown again."""
    return StringField(label, filters=[one_line], description=hint, widget=DateInput())


class AskForm(ActionForm):
    """A question to the sender, with an optional last day for the reply."""

    body = body_field(
        _l("Skriv frågan först"),
        _l("Din fråga"),
        _l("Avsändaren får frågan. Svarstiden står still tills svaret kommer."),
    )
    until = day_field(_l("Svara senast, om det finns en sista dag"))

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
        _l("Skälet"), _l("Skriv skälet"), _l("Avsändaren får veta den nya dagen och läser skälet i ärendet.")
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
    """A later day for the answers of many cases: what no case allows is said at the field."""

    @classmethod
    def for_cases(cls, _actor: Staff, _cases: Sequence[Case], /) -> Self:
        """With the same reason."""
        return cls(reason=extensions.summer_reason())

    def validate_until(self, field: StringField) -> None:
        super().validate_until(field)
        problem = day_problem(date.fromisoformat(str(field.data)), clock.today(), organisation.closed_days())
        if problem:
            raise StopValidation(str(DATE_PROBLEM[problem]))
