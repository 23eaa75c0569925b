"""Who answered during the year: an acting head of each unit, whose membership ends with it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from portal import clock
from portal.cli import demo
from portal.identity import commands as identity
from portal.identity.actors import Role
from portal.identity.models import Membership
from portal.organisation import queries as organisation

ACTING = "per"
EMPLOYED = timedelta(days=800)


def heads() -> demo.Crew:
    """The acting head of each unit, by the key of the unit."""
    person = demo.person(ACTING)
    members = {}
    with clock.at(clock.now() - EMPLOYED):
        for unit in organisation.units():
            scope = identity.MembershipScope(unit=unit.id)
            members[unit.key] = identity.add_member(
                person["name"], person["number"], Role.HEAD_OF_UNIT, scope
            )
    return members


def headed(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The improvements whose topic the profile has, each of the unit that is responsible for it."""
    topics = {topic.key: topic for topic in organisation.categories()}
    known = [entry for entry in entries if entry["topic"] in topics]
    units = [topics[entry["topic"]].responsible_unit.key for entry in known]
    # The units are responsible: the acting heads leave.
    return [
        entry | {"unit": unit, "who": unit, "responsible": False}
        for entry, unit in zip(known, units, strict=True)
    ]


def end(acting: Mapping[str, Membership], staff: Mapping[str, Membership]) -> None:
    """End the memberships of acting heads, but not those of the demo itself."""
    kept = {membership.id for membership in staff.values()}
    for membership in acting.values():
        if membership.id not in kept:
            identity.end_membership(membership.id)
