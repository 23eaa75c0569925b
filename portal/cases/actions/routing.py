"""Commands on where a case belongs: its unit, its contact person, and other cases."""

from portal.cases import clocks
from portal.cases.authority.assignees import release_assignees
from portal.cases.authority.placement import place
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.transitions import NeedsConfirmation, require_assignable, transition
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.organisation.models import Category, Unit


def hand_over(
    actor: Staff,
    case: Case,
    to: Category | Unit,
    confirmed: bool = False,
    version: int | None = None,
) -> None:
    """Hand a case over to another unit, or to the units of another topic. Raises NeedsConfirmation."""
    category, responsible, unit = _destination(case, to)
    if (category, unit) == (case.category, case.handling_unit):
        return
    with transition(actor, case, Action.HAND_OVER, version) as step:
        if unit.closed_at:
            raise NotAllowed(Action.HAND_OVER, case.status, allowed_actions(actor, case))
        if not confirmed and _leaves_board(case, responsible, unit):
            raise NeedsConfirmation
        step.details(unit=unit.id, before=case.handling_unit_id)
        place(case, category, responsible, unit)
        release_assignees(case)


def _destination(case: Case, to: Category | Unit) -> tuple[Category | None, Unit, Unit]:
    """The topic, its responsible unit and the unit that handles it, as they are now."""
    if isinstance(to, Category):
        topic = session().get_one(Category, to.id)
        return topic, topic.responsible_unit, topic.handling_unit
    return case.category, case.responsible_unit, session().get_one(Unit, to.id)


def _leaves_board(case: Case, responsible: Unit, unit: Unit) -> bool:
    boards = case.responsible_board_id, case.handling_board_id
    return boards != (responsible.board_id, unit.board_id)


def name_contact(actor: Staff, case: Case, officer: Membership, version: int | None = None) -> None:
    """Name the sender's contact person, who must be able to have the case."""
    if case.contact_id == officer.id:
        return
    with transition(actor, case, Action.NAME_CONTACT, version) as step:
        require_assignable(actor, case, Action.NAME_CONTACT, officer)
        case.contact_id = officer.id
        step.details(officer=officer.id)


def flag_record(actor: Staff, case: Case, record: bool, version: int | None = None) -> None:
    """Set whether the case requests a public record, which is given promptly: never ten days (TF 2:15)."""
    if case.record_request == record:
        return
    with transition(actor, case, Action.FLAG_RECORD, version) as step:
        case.record_request = record
        clocks.count(case)
        step.details(record=record)
