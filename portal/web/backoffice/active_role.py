"""Somebody who is staff in several ways works as one of them at a time."""

from flask_babel import gettext as _

from portal import clock
from portal.identity import emergency_access
from portal.identity.models import Membership
from portal.web import current
from portal.words import dates
from portal.words.labels import ROLE


def choice() -> list[tuple[int, str, bool]]:
    """(membership, its name, whether it is worn) of the person who asks; empty where there is no choice."""
    mine, who = current.memberships(), current.staff()
    if len(mine) < 2 or who is None:
        return []
    return [(each.id, _named(each), each.id == who.membership) for each in mine]


def _named(each: Membership) -> str:
    place = each.unit or each.board or each.administration
    name = f"{ROLE[each.role]}, {place.name}" if place else str(ROLE[each.role])
    if emergency_access.is_emergency(each.id):
        return _("%(role)s (nödåtkomst)", role=name)
    return _("%(role)s (vikarie)", role=name) if each.substitute_for_id else name


def emergency() -> str:
    """That an emergency access is open, to everybody on staff; empty where none is."""
    running = emergency_access.active_memberships()
    if not running:
        return ""
    today = clock.today()
    since = dates.short_moment(running[0].started_at, today)
    until = dates.short_moment(max(each.ended_at or each.started_at for each in running), today)
    return _("Nödåtkomst är öppen sedan %(since)s. Den stängs %(until)s.", since=since, until=until)
