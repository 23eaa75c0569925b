"""Units and their handlers: where a case may be placed, and which units have no handler."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.cases.access import CaseScope
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.cases.ownership.rules import OwnerFacts, can_handle, is_without_handler
from portal.cases.queries import answerers_of_earlier_rounds, case_scope
from portal.db import session
from portal.identity import queries as people
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from portal.organisation.models import Unit


@dataclass(frozen=True)
class Destination:
    """A unit that a case may be placed in, and its handlers who may have it."""

    unit: Unit
    handlers: Sequence[Membership]


def destinations(case: Case) -> list[Destination]:
    """The units that a case without a handler may be placed in: of its own authorities, with a handler."""
    barred = answerers_of_earlier_rounds(case) if case.unsatisfied else frozenset()
    facts = case_scope(case)
    possible = []
    for unit in _own_units(case):
        if handlers := _handlers_in(unit, facts):
            assignable = [member for member in handlers if member.person_id not in barred]
            possible.append(Destination(unit, assignable))
    return possible


def _own_units(case: Case) -> list[Unit]:
    """The open units of the authorities that the case has: another one takes it over from a reader only."""
    own = {(unit.board_id, unit.branch) for unit in (case.handling_unit, case.responsible_unit)}
    return [unit for unit in organisation.units() if (unit.board_id, unit.branch) in own]


def _handlers_in(unit: Unit, facts: CaseScope) -> list[Membership]:
    """The running memberships that would handle the case in a unit."""
    case = OwnerFacts(_moved(facts, unit), first_line=unit.first_line)
    return [member for member in people.members() if can_handle(people.as_staff(member), case)]


def _moved(facts: CaseScope, *units: Unit) -> CaseScope:
    """A case as access would see it in these units alone."""
    return replace(
        facts,
        units=frozenset(unit.id for unit in units),
        boards=frozenset(unit.board_id for unit in units),
        administrations=frozenset(unit.administration_id for unit in units),
    )


def without_handlers(leaving: int | None = None) -> list[str]:
    """Names of units that topics and open cases lead to and where no handler reaches them, by name.

    `leaving` is a membership that is counted as ended.
    """
    members = [people.as_staff(member) for member in people.members() if member.id != leaving]
    return sorted({name for name, facts in _places() if is_without_handler(facts, members)})


def left_by(membership: int) -> list[str]:
    """Names of the units that would lose their last handler with a membership."""
    already = set(without_handlers())
    return [name for name in without_handlers(membership) if name not in already]


def _places() -> Iterator[tuple[str, OwnerFacts]]:
    """Each pair of units that a topic or an open case has, with and without secrecy."""
    for category in organisation.categories():
        yield _place(category.handling_unit, category.responsible_unit, category.secrecy_default)
    secret = Case.secrecy.is_not(None)
    pairs = select(Case.handling_unit_id, Case.responsible_unit_id, secret).distinct()
    for handling, responsible, is_secret in session().execute(pairs.where(Case.status != Status.CLOSED)):
        yield _place(session().get_one(Unit, handling), session().get_one(Unit, responsible), is_secret)


def _place(handling: Unit, responsible: Unit, secret: bool) -> tuple[str, OwnerFacts]:
    none: frozenset[int] = frozenset()
    case = CaseScope(0, none, none, none, responsible.board_id, sender=None, secret=secret)
    closed = handling.closed_at is not None
    facts = OwnerFacts(_moved(case, handling, responsible), False, closed, handling.first_line)
    return handling.name, facts
