"""The form of an absence: who, the days, and who substitutes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal import clock
from portal.formats.days import iso_day
from portal.identity.absences.commands import AbsenceRefused
from portal.identity.absences.queries import managed_by, substitutes_for
from portal.identity.actors import Staff
from portal.identity.queries import Member
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.date_forms import day_field
from portal.web.backoffice.unit.labels import FIELDS, PROBLEMS, SUBSTITUTE
from portal.web.forms import Form, KnownChoice, Required
from portal.words import dates
from portal.words.labels import ROLE

MISSING = _l("Välj vem som är borta")
UNKNOWN = _l("Välj någon i listan")


class AbsenceForm(Form):
    """An absence of the actor, or of one of those whom they head."""

    member = SelectField(
        _l("Vem är borta"), validate_choice=False, validators=[Required(MISSING), KnownChoice(MISSING)]
    )
    first = day_field(_l("Första dagen"))
    last = day_field(_l("Sista dagen"))
    substitute = SelectField(
        _l("Vem ersätter"),
        validate_choice=False,
        description=_l("Ersättaren får veta när något händer i ärendena. Ärendena flyttas inte."),
        validators=[KnownChoice(UNKNOWN)],
    )

    def __init__(self, actor: Staff, **kwargs: Any) -> None:
        managed = managed_by(actor)
        blank = {"member": str(actor.membership), "first": clock.today().isoformat()}
        super().__init__(**{"data": blank} | kwargs)
        self.names = {member.id: member.name for member in managed}
        several = len({member.unit_id for member in managed}) > 1
        self.member.choices = _choices(managed, several)
        others = {row.id: row for member in managed for row in substitutes_for(member)}
        self.names |= {row.id: row.name for row in others.values()}
        listed = sorted(others.values(), key=lambda row: (row.name.casefold(), row.id))
        nobody = SelectChoice("", _l("Ingen: enheten tar hand om det"))
        self.substitute.choices = [nobody, *_choices(listed, several)]

    def validate_first(self, field: Any) -> None:
        _require_day(field)

    def validate_last(self, field: Any) -> None:
        _require_day(field)

    def values(self) -> dict[str, Any]:
        """The arguments of the command."""
        return {
            "membership": int(self.member.data),
            "first": iso_day(self.first.data or ""),
            "last": iso_day(self.last.data or ""),
            "substitute": int(self.substitute.data) if self.substitute.data else None,
        }

    def refuse(self, refusal: AbsenceRefused) -> None:
        """Show why the command refused the absence, at its field."""
        refused = refusal.refused
        text = str(PROBLEMS[refused.problem])
        if other := refused.other:
            days = span(other.first, other.last)
            text %= {"name": self.names.get(other.membership) or _("Någon"), "days": days}
        field = self[FIELDS.get(refused.problem, SUBSTITUTE)]
        field.errors = [*field.errors, text]


def _require_day(field: Any) -> None:
    if iso_day(field.data or "") is None:
        raise StopValidation(_("Skriv dagen som 2026-05-18"))


def _choices(members: Sequence[Member], several: bool) -> list[SelectChoice]:
    return [SelectChoice(str(member.id), _label(member, several)) for member in members]


def _label(member: Member, several: bool) -> str:
    place = organisation.unit_names().get(member.unit_id or 0) if several else None
    return f"{member.name}, {place or str(ROLE[member.role]).lower()}"


def span(first: date, last: date) -> str:
    """The days of an absence: "2–6 mars", "30 mars–2 april", or the one day."""
    today = clock.today()
    end = dates.day_and_month(last, today)
    if first == last:
        return end
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"{first.day}–{end}" if same_month else f"{dates.day_and_month(first, today)}–{end}"
