"""Access rules: the table of docs/architecture.md. `Scope` is the rule; visibility.py has it as SQL."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from portal.cases.enums import BarKind, Secrecy
from portal.identity.actors import Actor, Citizen, CodeHolder, Role, Staff, System


class Capacity(StrEnum):
    """The capacity in which an actor acts on a case; the key of the transition table."""

    SENDER = "sender"
    HANDLER = "handler"
    READER = "reader"
    # Places a case without a handler, which they need not be able to read (cases/ownership).
    PLACER = "placer"
    # Registers a case for its sender: all staff may, also without a membership (cases/registration).
    REGISTRANT = "registrant"
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
    # The board whose register the actor keeps.
    registry: int | None = None
    case: int | None = None
    sender: int | None = None
    # The person behind a member of staff, who handles neither what they sent nor what they are barred from.
    person: int | None = None


@dataclass(frozen=True)
class CaseScope:
    """The attributes of a case that access depends on: units and their owners, sender, secrecy, bars.

    `responsible_board` is the authority that answers for it. A contested reader (cases/actions/readers.py)
    shuts every sender out.
    """

    case: int
    units: frozenset[int]
    boards: frozenset[int]
    administrations: frozenset[int]
    responsible_board: int
    sender: int | None
    secret: bool
    contested: bool = False
    barred: frozenset[int] = frozenset()
    # Branches of one board are authorities to each other (OSL 8:2).
    responsible_branch: str = ""


class Bar(NamedTuple):
    """A person who is barred from a case (jäv), with their latest membership."""

    person: int
    membership: int | None
    name: str
    kind: BarKind


@dataclass(frozen=True)
class MessageScope:
    """The attributes of a message that access depends on, besides those of its case."""

    internal: bool = False
    secret: bool = False
    kept_by_board: int | None = None
    kept_by_branch: str = ""


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
    # What a member of staff has sent themselves, others handle (docs/decisions/0008).
    match staff.role:
        case Role.RECORDS_OFFICER:
            common = staff.common_registry and staff.board is None
            return Scope(everything=common, secret=common, registry=staff.board, person=staff.person)
        case Role.REGISTRAR:
            return Scope(everything=True, person=staff.person)
        case Role.OFFICER | Role.HEAD_OF_UNIT:
            everywhere = staff.unit is None and staff.board is None
            return Scope(everything=everywhere, unit=staff.unit, board=staff.board, person=staff.person)
        case Role.HEAD_OF_ADMINISTRATION:
            return Scope(administration=staff.administration, person=staff.person)
        case _:
            return Scope()


def may_read(to: Scope, facts: CaseScope) -> bool:
    """Whether a case is visible within a scope."""
    if to.person is not None and (to.person == facts.sender or to.person in facts.barred):
        return False
    return _own(to, facts) or _close(to, facts) or (not facts.secret and _wide(to, facts))


def may_read_message(to: Scope, facts: CaseScope, message: MessageScope) -> bool:
    """Whether a message of a case is visible within a scope."""
    if not may_read(to, facts):
        return False
    if _own(to, facts):
        return not message.internal
    if _is_kept(to, facts, message) and not is_system(to):
        return False
    return not message.secret or _close(to, facts)


def _is_kept(to: Scope, facts: CaseScope, message: MessageScope) -> bool:
    """Whether another authority than that of the case has kept the message."""
    if message.kept_by_board is None:
        return False
    if message.kept_by_board != facts.responsible_board:
        return True
    # The board has one register for all its branches.
    return message.kept_by_branch != facts.responsible_branch and to.registry != message.kept_by_board


def lift_takes_two(secrecy: Secrecy | None, topic_default: bool) -> bool:
    """Whether two people must lift the secrecy of a case: where its topic gave it, or would give it now."""
    return secrecy is Secrecy.TOPIC or (secrecy is not None and topic_default)


def is_system(to: Scope) -> bool:
    """Whether the scope is that of the system itself, which reads every message."""
    return to.everything and to.secret and to.person is None


def _close(to: Scope, facts: CaseScope) -> bool:
    """A unit of the case, or the registry of its authority: these reach what has secrecy."""
    if to.everything and to.secret:
        return True
    return to.unit in facts.units or (to.registry is not None and to.registry == facts.responsible_board)


def _own(to: Scope, facts: CaseScope) -> bool:
    if facts.contested:
        return False
    return to.case == facts.case or (to.sender is not None and to.sender == facts.sender)


def _wide(to: Scope, facts: CaseScope) -> bool:
    return to.everything or to.board in facts.boards or to.administration in facts.administrations


def may_lift(actor: Actor, responsible_unit: int, responsible_board: int) -> bool:
    """Whether an actor who reads a case may lift its secrecy, or a bar on it: in the name of its authority.

    A bar hides the case from its person, so no one who reads it has one.
    """
    match actor:
        case Staff(role=Role.RECORDS_OFFICER):
            return actor.board == responsible_board or (actor.board is None and actor.common_registry)
        case Staff(role=Role.HEAD_OF_UNIT, unit=None, board=board):
            return board in (None, responsible_board)
        case Staff(role=Role.HEAD_OF_UNIT, unit=unit):
            return unit == responsible_unit
        case _:
            return False


def capacity(actor: Actor) -> Capacity:
    """The capacity of an actor on a case that they may read."""
    match actor:
        case System():
            return Capacity.SYSTEM
        case CodeHolder() | Citizen():
            return Capacity.SENDER
        case Staff(role=role):
            return Capacity.HANDLER if role in HANDLERS else Capacity.READER if role else Capacity.NOBODY
