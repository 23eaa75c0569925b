"""The level of the page: officers of a unit, units of an administration or of all, or figures alone."""

from collections.abc import Mapping
from enum import StrEnum

from portal.identity.actors import Role, Staff


class Level(StrEnum):
    """What the rows of the page are. Figures have no links: their reader sees no case."""

    OFFICERS = "officers"
    UNITS = "units"
    FIGURES = "figures"


LEVELS: Mapping[Role | None, Level] = {
    Role.HEAD_OF_UNIT: Level.OFFICERS,
    Role.HEAD_OF_ADMINISTRATION: Level.UNITS,
    Role.PROCESS_OWNER: Level.FIGURES,
    Role.ANALYST: Level.FIGURES,
}


def level_of(actor: Staff) -> Level | None:
    """The level of an actor; None for a role that has no such page."""
    level = LEVELS.get(actor.role)
    # A head of several units, or of all.
    return Level.UNITS if level is Level.OFFICERS and actor.unit is None else level
