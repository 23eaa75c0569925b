"""The command that places a case without a handler: unread, within the authorities that have it."""

from portal.cases.access import Capacity
from portal.cases.authority.placement import place
from portal.cases.lifecycle import Action, NotAllowed, allowed
from portal.cases.models import Case
from portal.cases.ownership.queries import may_be_placed_by
from portal.cases.ownership.units import destinations
from portal.cases.queries import handlers
from portal.cases.transitions import transition
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.organisation.models import Unit


def place_case(
    actor: Staff, case: Case, unit: Unit, officer: Membership | None = None, version: int | None = None
) -> None:
    """Give a case without a handler to a unit that has one, or to that handler. Raises NotAllowed."""
    with transition(actor, case, Action.PLACE, version, Capacity.PLACER) as step:
        if not may_be_placed_by(actor, case) or not _is_possible(case, unit, officer):
            raise NotAllowed(Action.PLACE, case.status, allowed(case.status, Capacity.PLACER))
        unit = session().get_one(Unit, unit.id)
        step.details(unit=unit.id, before=case.handling_unit_id, officer=officer.id if officer else None)
        place(case, case.category, _responsible(case, unit), unit)
        case.officer_id = officer.id if officer else None
        session().flush()
        if case.contact_id not in {handler.id for handler in handlers(case)}:
            case.contact_id = None


def _responsible(case: Case, unit: Unit) -> Unit:
    """The responsible unit of a case that is placed in a unit: that unit, if the old one has closed.

    A unit of another authority handles the case for the one that answers for it, closed unit or not.
    """
    same = (unit.board_id, unit.branch) == (case.responsible_board_id, case.responsible_branch)
    return unit if case.responsible_unit.closed_at and same else case.responsible_unit


def _is_possible(case: Case, unit: Unit, officer: Membership | None) -> bool:
    for destination in destinations(case):
        if destination.unit.id == unit.id:
            return officer is None or officer.id in {member.id for member in destination.handlers}
    return False
