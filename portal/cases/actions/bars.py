"""Commands on bars (jäv, FL 16-18 §§): a member of staff who may neither find nor handle a case.

A bar holds for the person, in all their memberships, and for every part that was split from the case or the
case that it was split from: they have the same text and the same sender.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select

from portal import clock
from portal.cases.answers import drafts as answer_drafts
from portal.cases.authority.bars import colleagues
from portal.cases.authority.escalation import nearest_manager
from portal.cases.enums import BarKind, Direction
from portal.cases.events import CaseAssigned
from portal.cases.events.bars import BarsCopied
from portal.cases.intake import earlier_readers
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.models import Case, CaseBar
from portal.cases.ownership.queries import owner_facts
from portal.cases.ownership.rules import is_left_with
from portal.cases.permissions import allowed_actions
from portal.cases.queries import bars
from portal.cases.transitions import add_message, is_duplicate_message, transition
from portal.db import session
from portal.events import publish
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.identity.queries import Member

# What a case has of a member of staff, and loses when they are barred.
HELD = ("officer_id", "contact_id", "secrecy_lift_by_id")


class NobodyLeft(Exception):
    """The case would have no one who handles it, or finds it a handler."""


def recuse(actor: Staff, case: Case, body: str = "") -> None:
    """Report a conflict of interest: the actor is barred, and a case without a handler goes to a manager.

    The reason, if there is one, becomes a note. Raises NobodyLeft.
    """
    family = earlier_readers.family(case)
    with transition(actor, case, Action.RECUSE) as step:
        _require_others(family, actor.person)
        if body.strip():
            step.details(message=add_message(actor, case, Direction.INTERNAL, body).id)
        _bar(actor, case, actor.person, BarKind.OWN)
    if case.officer_id is None:
        _give_to_manager(actor, case)
    _bar_family(actor, case, family)


def mark_concerned(actor: Staff, case: Case, officer: Membership | Member) -> None:
    """Bar a colleague whom the case concerns; if it was theirs, it goes to a manager. Raises NobodyLeft."""
    if officer.person_id in {bar.person for bar in bars(case)}:
        return
    family = earlier_readers.family(case)
    with transition(actor, case, Action.MARK_CONCERNED) as step:
        if officer.person_id == actor.person or officer.person_id not in _persons(colleagues(case)):
            raise NotAllowed(Action.MARK_CONCERNED, case.status, allowed_actions(actor, case))
        _require_others(family, officer.person_id)
        was_theirs = _bar(actor, case, officer.person_id, BarKind.CONCERNED)
        step.details(officer=officer.id)
    if was_theirs:
        _give_to_manager(actor, case)
    _bar_family(actor, case, family)


def lift_bar(actor: Staff, case: Case, officer: Membership, body: str, version: int | None = None) -> None:
    """Lift the bar of a colleague, which was a mistake; the reason becomes a note.

    A second click changes nothing. Raises NotAllowed if they have none.
    """
    is_barred = officer.person_id in {bar.person for bar in bars(case)}
    if not is_barred and is_duplicate_message(actor, case, Direction.INTERNAL, body):
        return
    with transition(actor, case, Action.LIFT_BAR, version) as step:
        if not is_barred:
            raise NotAllowed(Action.LIFT_BAR, case.status, allowed_actions(actor, case))
        own = CaseBar.case_id == case.id, CaseBar.person_id == officer.person_id
        session().execute(delete(CaseBar).where(*own))
        message = add_message(actor, case, Direction.INTERNAL, body)
        step.details(officer=officer.id, message=message.id)


def copy_bars(actor: Staff, source: Case, target: Case) -> None:
    """Bar from the target all who are barred from the source, and record it in the trail of the target.

    Raises NobodyLeft.
    """
    present = {bar.person for bar in bars(target)}
    missing = [bar for bar in bars(source) if bar.person not in present]
    released = [_bar(actor, target, bar.person, bar.kind) for bar in missing]
    if missing:
        target.updated_at = clock.now()
        session().flush()
        publish(BarsCopied(case=target.id, at=target.updated_at, actor=actor, other=source.id))
        require_handler(target)
    if any(released):
        _give_to_manager(actor, target)


def _bar_family(actor: Staff, case: Case, family: Sequence[Case]) -> None:
    for relative in family:
        if relative.id != case.id:
            copy_bars(actor, case, relative)


def _persons(memberships: Sequence[Member]) -> set[int]:
    return {membership.person_id for membership in memberships}


def _require_others(cases: Sequence[Case], person: int) -> None:
    for case in cases:
        require_handler(case, but=person)


def require_handler(case: Case, but: int | None = None) -> None:
    """Raises NobodyLeft if no one, or no one but this person, handles the case or finds it a handler."""
    facts = owner_facts(case)
    barred = facts.access.barred | ({but} if but else set())
    if not barred:
        # Then members are missing, which is for operations (portal/operations/checks.py), not for the actor.
        return
    staff = [people.as_staff(member) for member in people.members()]
    if not is_left_with(staff, replace(facts, access=replace(facts.access, barred=barred))):
        raise NobodyLeft


def _bar(actor: Staff, case: Case, person: int, kind: BarKind) -> bool:
    """Bar a person: they lose the case and their drafts for it. Returns whether they were its handler."""
    now, by = clock.now(), actor.membership
    session().add(CaseBar(case_id=case.id, person_id=person, kind=kind, at=now, marked_by_id=by))
    session().flush()
    answer_drafts.delete_drafts_of(person, case)
    theirs = set(session().scalars(select(Membership.id).filter_by(person_id=person)))
    was_theirs = case.officer_id in theirs
    for column in HELD:
        if getattr(case, column) in theirs:
            setattr(case, column, None)
    return was_theirs


def _give_to_manager(actor: Staff, case: Case) -> None:
    manager = None if case.status is Status.CLOSED else nearest_manager(case)
    if manager is None:
        return
    case.officer_id = manager
    case.updated_at = clock.now()
    session().flush()
    publish(CaseAssigned(case=case.id, at=case.updated_at, actor=actor, officer=manager))
