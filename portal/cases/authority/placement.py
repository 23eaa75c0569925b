"""Placement: the one place that sets units, boards and administrations of a case, and what a topic gives."""

from portal import clock
from portal.cases.enums import Secrecy
from portal.cases.models import Case
from portal.organisation.models import Category, Unit


def place(case: Case, category: Category | None, responsible: Unit, handling: Unit) -> None:
    """Place a case with its topic and units, and with what access asks of them.

    A topic with a secrecy default gives its secrecy to a case that is new to the topic or to the authority:
    what was lifted by decision stays lifted within that. None lifts what the case has: that is a decision of
    its own, with a reason.
    """
    is_new = category is not case.category or is_other_authority(case, responsible)
    if category and case.level == (case.category.rosa_level if case.category else None):
        # Not judged by staff yet, so that the topic proposes it.
        case.level = category.rosa_level
    case.category = category
    set_units(case, responsible, handling)
    if is_new and category and category.secrecy_default and case.secrecy is None:
        _mark_by_topic(case, category)


def is_other_authority(case: Case, responsible: Unit) -> bool:
    """Whether another authority than now would answer for the case with this responsible unit."""
    return (responsible.board_id, responsible.branch) != (case.responsible_board_id, case.responsible_branch)


def set_units(case: Case, responsible: Unit, handling: Unit) -> None:
    """Set the units of a case, and the boards and administrations that they belong to now."""
    if is_other_authority(case, responsible):
        # Two people of one authority lift its secrecy; a request of the former one is over.
        case.secrecy_lift_by_id = None
    if not case.handling_unit_id and handling.first_line:
        case.first_line_unit_id = handling.id
    if case.handling_unit_id not in (None, handling.id):
        # Another unit has it now: it will not be solved at first contact.
        case.first_contact = False
    case.responsible_unit = responsible
    case.handling_unit = handling
    case.responsible_board_id = responsible.board_id
    case.responsible_branch = responsible.branch
    case.handling_board_id = handling.board_id
    case.responsible_administration_id = responsible.administration_id
    case.handling_administration_id = handling.administration_id


def _mark_by_topic(case: Case, category: Category) -> None:
    case.secrecy = Secrecy.TOPIC
    case.secrecy_provision = category.secrecy_provision
    case.secrecy_marked_on = clock.today()
    case.secrecy_board_id = case.responsible_board_id
