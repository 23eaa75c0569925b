"""Access rules: the table of docs/architecture.md. `Scope` is the rule; queries.py has it as SQL."""

from dataclasses import dataclass
from enum import StrEnum

from portal.identity.actors import Actor, Citizen, CodeHolder, Role, Staff, System


class Capacity(StrEnum):
    """The capacity in which an actor acts on a case; the key of the transition table."""

    SENDER = "sender"
    HANDLER = "handler"
    READER = "reader"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Scope:
    """Which cases an actor may see. The default is none."""

    everything: bool = False
    secret: bool = False
    unit: int | None = None
    board: int | None = None
    administration: int | None = None
    case: int | None = None
    sender: int | None = None
    not_sender: int | None = None


@dataclass(frozen=True)
class CaseScope:
    """The attributes of a case that access depends on: units and their owners, sender, secrecy.

    A contested reader (cases/actions/readers.py) shuts every sender out.
    """

    case: int
    units: frozenset[int]
    boards: frozenset[int]
    administrations: frozenset[int]
    sender: int | None
    secret: bool
    contested: bool = False


HANDLERS = frozenset({Role.OFFICER, Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION, Role.REGISTRAR})
READERS = HANDLERS | {Role.RECORDS_OFFICER}


def scope(actor: Actor) -> Scope:
    """The scope of an actor."""
    match actor:
        case System():
            return Scope(everything=True, secret=True)
        case CodeHolder(case=case):
            return Scope(case=case)
        case Citizen(person=person):
            return Scope(sender=person)
        case Staff():
            return _staff(actor)


def _staff(staff: Staff) -> Scope:
    # A person who is both staff and sender never handles their own case (docs/decisions/0008).
    match staff.role:
        case Role.RECORDS_OFFICER:
            return Scope(everything=True, secret=True, not_sender=staff.person)
        case Role.REGISTRAR:
            return Scope(everything=True, not_sender=staff.person)
        case Role.OFFICER | Role.HEAD_OF_UNIT:
            everywhere = staff.unit is None and staff.board is None
            return Scope(everything=everywhere, unit=staff.unit, board=staff.board, not_sender=staff.person)
        case Role.HEAD_OF_ADMINISTRATION:
            return Scope(administration=staff.administration, not_sender=staff.person)
        case _:
            return Scope()


def may_read(to: Scope, facts: CaseScope) -> bool:
    """Whether a case is visible within a scope."""
    if facts.sender is not None and facts.sender == to.not_sender:
        return False
    return _own(to, facts) or to.unit in facts.units or ((not facts.secret or to.secret) and _wide(to, facts))


def _own(to: Scope, facts: CaseScope) -> bool:
    if facts.contested:
        return False
    return to.case == facts.case or (to.sender is not None and to.sender == facts.sender)


def _wide(to: Scope, facts: CaseScope) -> bool:
    return to.everything or to.board in facts.boards or to.administration in facts.administrations


def capacity(actor: Actor) -> Capacity:
    """The capacity of an actor on a case that they may read."""
    match actor:
        case System():
            return Capacity.SYSTEM
        case CodeHolder() | Citizen():
            return Capacity.SENDER
        case Staff(role=role):
            return Capacity.HANDLER if role in HANDLERS else Capacity.READER if role else Capacity.NOBODY
