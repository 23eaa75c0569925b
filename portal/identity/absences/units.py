"""The units of which a member of staff is the head."""

from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.queries import UnitRow

HEADS = frozenset({Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION})


def headed_units(actor: Staff) -> list[UnitRow]:
    """The units that an actor is the head of, open and closed, by name; none without such a role.

    Of one unit, of those of an administration or of a board, or of all.
    """
    units = organisation.every_unit() if actor.role in HEADS else []
    if actor.unit is not None:
        return [unit for unit in units if unit.id == actor.unit]
    if actor.administration is not None:
        return [unit for unit in units if unit.administration_id == actor.administration]
    if actor.board is not None:
        return [unit for unit in units if unit.board_id == actor.board]
    return units
