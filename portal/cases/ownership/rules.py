"""Which cases have no handler, and who may place them. Pure; queries.py has the same as SQL."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from portal.cases.access import CaseScope, may_read, scope
from portal.identity.actors import Role, Staff

OFFICERS = frozenset({Role.OFFICER, Role.HEAD_OF_UNIT})
PLACERS = frozenset({Role.HEAD_OF_ADMINISTRATION, Role.REGISTRAR, Role.RECORDS_OFFICER})


@dataclass(frozen=True)
class OwnerFacts:
    """The attributes of a case that ownership depends on: those of access, its status and handling unit."""

    access: CaseScope
    closed: bool = False
    unit_closed: bool = False
    first_line: bool = False


def can_handle(member: Staff, case: OwnerFacts) -> bool:
    """Whether a member of staff is a handler of the case: a registrar is one only in the first line."""
    handlers = OFFICERS | {Role.REGISTRAR} if case.first_line else OFFICERS
    return member.role in handlers and may_read(scope(member), case.access)


def is_without_handler(case: OwnerFacts, members: Collection[Staff]) -> bool:
    """Whether no running membership handles an open case. A closed unit has no handler."""
    if case.closed:
        return False
    return case.unit_closed or not any(can_handle(member, case) for member in members)


def may_place(actor: Staff, case: OwnerFacts, members: Collection[Staff]) -> bool:
    """Whether the actor may place a case without a handler, without reading it.

    The head of its administration; the registrars, if there is no such head; the records officer, always.
    """
    if not is_without_handler(case, members) or _is_own(actor, case.access):
        return False
    match actor.role:
        case Role.HEAD_OF_ADMINISTRATION:
            return _heads(actor, case.access)
        case Role.REGISTRAR:
            return not any(_heads(member, case.access) for member in members)
        case Role.RECORDS_OFFICER:
            everything = actor.common_registry and actor.board is None
            return everything or actor.board == case.access.responsible_board
        case _:
            return False


def is_left_with(members: Collection[Staff], case: OwnerFacts) -> bool:
    """Whether any of these handles the case, or could find it a handler if it were open."""
    case = replace(case, closed=False)
    return any(can_handle(member, case) or may_place(member, case, members) for member in members)


def _heads(member: Staff, case: CaseScope) -> bool:
    is_head = member.role is Role.HEAD_OF_ADMINISTRATION and member.administration in case.administrations
    return is_head and not _is_own(member, case)


def _is_own(member: Staff, case: CaseScope) -> bool:
    return member.person == case.sender or member.person in case.barred
