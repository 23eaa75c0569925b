"""Words of absences: until when a member of staff is away, and who answers for them."""

from collections.abc import Mapping

from portal import clock
from portal.cases import queries
from portal.cases.models import Case
from portal.identity import queries as people
from portal.identity.absences.rules import answers_for
from portal.identity.queries import Member
from portal.translation import gettext as _
from portal.words import dates


def away_text(member: Member, names: Mapping[int, str]) -> str:
    """After a name: "borta till 5 december, Bo Ek ersätter"; empty for who is there.

    `names` are of those who may read the case: for any other substitute the unit answers.
    """
    if member.away_until is None:
        return ""
    day = dates.day_and_month(member.away_until, clock.today())
    if name := names.get(_answering(member) or 0):
        return _("borta till och med %(day)s, %(name)s ersätter", day=day, name=name)
    return _("borta till och med %(day)s, enheten svarar", day=day)


def _answering(member: Member) -> int | None:
    """Who answers for a member who is away: a substitute who is there, maybe that of the substitute."""
    away = {row.id: row.substitute_id for row in people.member_rows() if row.away_until}
    return answers_for(member.id, away)


def handler_text(case: Case) -> str:
    """The name of the officer of a case, and whether they are away; empty without one."""
    officer = queries.officer_of(case)
    if officer is None:
        return ""
    member = _away(officer.id)
    return f"{member.name}, {away_text(member, _readers(case))}" if member else officer.person.name


def away_note(case: Case) -> str:
    """That the officer of a case is away, and who is notified in their place; empty for one who is there."""
    officer = queries.officer_of(case)
    member = _away(officer.id) if officer else None
    if member is None or member.away_until is None:
        return ""
    day = dates.day_and_month(member.away_until, clock.today())
    away = _("%(name)s är borta till och med %(day)s.", name=member.name, day=day)
    name = _readers(case).get(_answering(member) or 0) or _("Enheten")
    return f"{away} {_('%(name)s får veta vad som händer så länge.', name=name)}"


def _away(membership: int) -> Member | None:
    for member in people.member_rows():
        if member.id == membership and member.away_until:
            return member
    return None


def _readers(case: Case) -> Mapping[int, str]:
    readers = queries.readers(case)
    return {row.id: row.name for row in people.member_rows() if row.id in readers}
