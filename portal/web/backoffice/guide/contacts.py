"""Who a new employee asks: the heads of their unit and administration, the process owner, the first line."""

from collections.abc import Sequence
from typing import NamedTuple

from babel.lists import format_list

from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.identity.queries import Member
from portal.organisation import queries as organisation
from portal.organisation.models import Unit
from portal.translation import gettext as _
from portal.translation import page_language
from portal.words.dates import unbroken


class ContactLine(NamedTuple):
    """What a person is asked about, and who it is."""

    what: str
    who: str


def contacts(actor: Staff) -> list[ContactLine]:
    """Whom the actor may ask, by name, without themselves; without a membership whom everybody asks."""
    unit = _unit_of(actor)
    lines = [
        ContactLine(_("Din chef"), _names(_heads_of_unit(actor, unit))),
        ContactLine(_("Din förvaltningschef"), _names(_heads_of_administration(actor, unit))),
        ContactLine(_("Processägare"), _process_owner(actor)),
        ContactLine(_("Om du inte vet vem"), _first_line()),
    ]
    return [line for line in lines if line.who]


def _unit_of(actor: Staff) -> Unit | None:
    if actor.role is Role.REGISTRAR:
        return organisation.first_line()
    return next((unit for unit in organisation.units() if unit.id == actor.unit), None)


def _members(actor: Staff, role: Role) -> list[Member]:
    return [row for row in people.member_rows() if row.role is role and row.person_id != actor.person]


def _heads_of_unit(actor: Staff, unit: Unit | None) -> list[Member]:
    heads = _members(actor, Role.HEAD_OF_UNIT)
    return [head for head in heads if unit and head.unit_id == unit.id]


def _heads_of_administration(actor: Staff, unit: Unit | None) -> list[Member]:
    own = unit.administration_id if unit else actor.administration
    heads = _members(actor, Role.HEAD_OF_ADMINISTRATION)
    return [head for head in heads if own and head.administration_id == own]


def _process_owner(actor: Staff) -> str:
    """The unit that owns the process by the profile, and who has the role."""
    names = _names(_members(actor, Role.PROCESS_OWNER))
    unit = next((unit.name for unit in organisation.profile().units if unit.process_owner), "")
    return ", ".join(filter(None, (names, unit)))


def _first_line() -> str:
    profile = organisation.profile()
    return ", ".join(filter(None, (profile.first_line.name, unbroken(profile.phone))))


def _names(members: Sequence[Member]) -> str:
    return format_list(sorted({member.name for member in members}), locale=page_language())
