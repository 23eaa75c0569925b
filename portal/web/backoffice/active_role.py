"""Somebody who is staff in several ways works as one of them at a time."""

from collections.abc import Collection, Sequence
from typing import TypedDict

from flask_babel import gettext as _

from portal import clock
from portal.identity import emergency_access
from portal.identity.models import Membership
from portal.web import current
from portal.words import dates
from portal.words.labels import ROLE


class ActiveRole(TypedDict):
    """What every staff page says of roles: the choice (id, name, whether active), the emergency notice."""

    roles: list[tuple[int, str, bool]]
    emergency: str


def active_role() -> ActiveRole:
    """Both, of one look at which emergency accesses are open."""
    open_now = emergency_access.active_memberships()
    return {"roles": _choice({row.id for row in open_now}), "emergency": _notice(open_now)}


def _choice(emergencies: Collection[int]) -> list[tuple[int, str, bool]]:
    """The memberships of the person who asks; empty where there is no choice."""
    mine, who = current.memberships(), current.staff()
    if len(mine) < 2 or who is None:
        return []
    return [(row.id, _named(row, row.id in emergencies), row.id == who.membership) for row in mine]


def _named(membership: Membership, emergency: bool) -> str:
    unit = membership.unit or membership.board or membership.administration
    name = f"{ROLE[membership.role]}, {unit.name}" if unit else str(ROLE[membership.role])
    if emergency:
        return _("%(role)s (nödåtkomst)", role=name)
    return _("%(role)s (vikarie)", role=name) if membership.substitute_for_id else name


def _notice(open_now: Sequence[Membership]) -> str:
    """That an emergency access is open, to everybody on staff; empty where none is."""
    if not open_now:
        return ""
    today = clock.today()
    since = dates.short_moment(open_now[0].started_at, today)
    until = dates.short_moment(max(row.ended_at or row.started_at for row in open_now), today)
    return _("Nödåtkomst är öppen sedan %(since)s. Den stängs %(until)s.", since=since, until=until)
