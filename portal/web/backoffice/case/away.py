"""Words of absences: until when a member of staff is away, and who answers for them."""

from collections.abc import Mapping

from portal import clock
from portal.identity import queries as people
from portal.identity.models import Membership
from portal.identity.queries import Member
from portal.translation import gettext as _
from portal.words import dates


def away_text(member: Member, names: Mapping[int, str]) -> str:
    """After a name: "borta till 5 december, Bo Ek ersätter"; empty for who is there."""
    if member.away_until is None:
        return ""
    day = dates.day_and_month(member.away_until, clock.today())
    substitute = names.get(member.substitute_id or 0)
    if substitute is None:
        return _("borta till och med %(day)s", day=day)
    return _("borta till och med %(day)s, %(name)s ersätter", day=day, name=substitute)


def handler_text(officer: Membership | None) -> str:
    """The name of the officer of a case, and whether they are away; empty without one."""
    if officer is None:
        return ""
    members = people.member_rows()
    names = {member.id: member.name for member in members}
    for member in members:
        if member.id == officer.id and (away := away_text(member, names)):
            return f"{member.name}, {away}"
    return officer.person.name


def away_note(officer: Membership) -> str:
    """That an officer is away, and who is notified in their place; empty for one who is there."""
    members = {member.id: member for member in people.member_rows()}
    member = members.get(officer.id)
    if member is None or member.away_until is None:
        return ""
    day = dates.day_and_month(member.away_until, clock.today())
    away = _("%(name)s är borta till och med %(day)s.", name=member.name, day=day)
    substitute = members.get(member.substitute_id or 0)
    if substitute is None:
        return away
    return f"{away} {_('%(name)s får veta vad som händer så länge.', name=substitute.name)}"
