"""Where a case belongs: which unit, who its sender may turn to, and which other cases."""

from portal.cases import clocks
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.queries import handlers
from portal.cases.transitions import move, require_allowed, require_assignable
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.organisation.models import Category, Unit


class NeedsConfirmation(Exception):
    """The case would leave its board (nämnd), or the secrecy of its topic: somebody must mean it."""


def hand_over(
    actor: Staff,
    case: Case,
    to: Category | Unit,
    confirmed: bool = False,
    version: int | None = None,
) -> None:
    """Give a case to another unit, or to the units of another topic. Raises NeedsConfirmation."""
    category, responsible, unit = _destination(case, to)
    if (category, unit) == (case.category, case.handling_unit):
        return
    require_allowed(actor, case, Action.HAND_OVER, version)
    if unit.closed_at:
        raise NotAllowed(Action.HAND_OVER, case.status, allowed_actions(actor, case))
    if not confirmed and _leaves_board_or_secrecy(case, category, responsible, unit):
        raise NeedsConfirmation
    before = case.handling_unit_id
    case.category, case.responsible_unit, case.handling_unit = category, responsible, unit
    _release_assignees(case)
    move(actor, case, Action.HAND_OVER, unit=unit.id, before=before)


def _destination(case: Case, to: Category | Unit) -> tuple[Category | None, Unit, Unit]:
    """The topic, and the units that answer for it and do the work, as they are now."""
    if isinstance(to, Category):
        topic = session().get_one(Category, to.id)
        return topic, topic.responsible_unit, topic.handling_unit
    return case.category, case.responsible_unit, session().get_one(Unit, to.id)


def _leaves_board_or_secrecy(case: Case, category: Category | None, responsible: Unit, unit: Unit) -> bool:
    secret = bool(case.category and case.category.secrecy_default)
    stays_secret = bool(category and category.secrecy_default)
    boards = case.responsible_unit.board_id, case.handling_unit.board_id
    return boards != (responsible.board_id, unit.board_id) or (secret and not stays_secret)


def _release_assignees(case: Case) -> None:
    """Whoever no longer reaches a case has it no longer."""
    session().flush()
    may_have = {each.id for each in handlers(case)}
    case.officer_id = case.officer_id if case.officer_id in may_have else None
    case.contact_id = case.contact_id if case.contact_id in may_have else None


def name_contact(actor: Staff, case: Case, officer: Membership, version: int | None = None) -> None:
    """Name whom the sender may turn to: somebody who may have the case."""
    if case.contact_id == officer.id:
        return
    require_allowed(actor, case, Action.NAME_CONTACT, version)
    require_assignable(actor, case, Action.NAME_CONTACT, officer)
    case.contact_id = officer.id
    move(actor, case, Action.NAME_CONTACT, officer=officer.id)


def flag_record(actor: Staff, case: Case, record: bool, version: int | None = None) -> None:
    """Mark that the case asks for a public record, which is given promptly: never ten days (TF 2:15)."""
    if case.record_request == record:
        return
    require_allowed(actor, case, Action.FLAG_RECORD, version)
    case.record_request = record
    clocks.count(case)
    move(actor, case, Action.FLAG_RECORD, record=record)
