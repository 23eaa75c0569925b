"""The choice between several staff memberships, of which one is active at a time."""

from collections.abc import Collection, Sequence
from typing import TypedDict

from portal import clock
from portal.identity import emergency_access
from portal.identity.models import Membership
from portal.translation import gettext as _
from portal.web import current
from portal.web.support.acting_membership import role_name
from portal.words import dates


class ActiveRole(TypedDict):
    """The roles that every staff page shows.

    `roles` are (membership id, name, whether active); `emergency` is the notice of open emergency access.
    """

    roles: list[tuple[int, str, bool]]
    emergency: str


def active_role() -> ActiveRole:
    """The roles of the signed-in person, and whether emergency access is open."""
    open_now = emergency_access.active_memberships() if current.user().emergency_open else []
    emergency_ids = {membership.id for membership in open_now}
    return {"roles": _role_options(emergency_ids), "emergency": _notice(open_now)}


def _role_options(emergency_ids: Collection[int]) -> list[tuple[int, str, bool]]:
    """The memberships of the signed-in person; empty if there is only one."""
    memberships = current.memberships()
    staff = current.staff()
    if len(memberships) < 2 or staff is None:
        return []
    options = []
    for membership in memberships:
        name = role_name(membership, membership.id in emergency_ids)
        options.append((membership.id, name, membership.id == staff.membership))
    return options


def _notice(open_now: Sequence[Membership]) -> str:
    """The notice of open emergency access; empty if there is none."""
    # Shown to all staff: no identity provider vouches for who uses it, so colleagues have to see it.
    if not open_now:
        return ""
    today = clock.today()
    since = dates.short_moment(open_now[0].started_at, today)
    until = dates.short_moment(max(row.ended_at or row.started_at for row in open_now), today)
    return _("Nödåtkomst är öppen sedan %(since)s. Den stängs %(until)s.", since=since, until=until)
