"""Somebody who is staff in several ways works as one of them at a time."""

from flask_babel import gettext as _

from portal.identity import queries as people
from portal.identity.models import Membership
from portal.web import current
from portal.words.labels import ROLE


def choice() -> list[tuple[int, str, bool]]:
    """(membership, its name, whether it is worn) of the person who asks; empty where there is no choice."""
    who = current.user()
    mine = people.memberships_of(who.person) if who else []
    if len(mine) < 2:
        return []
    worn = people.staff(who.person, who.membership).membership
    return [(each.id, _named(each), each.id == worn) for each in mine]


def _named(each: Membership) -> str:
    place = each.unit or each.board or each.administration
    name = f"{ROLE[each.role]}, {place.name}" if place else str(ROLE[each.role])
    return _("%(role)s (vikarie)", role=name) if each.substitute_for_id else name
