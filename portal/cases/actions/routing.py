"""Where a case belongs: which unit, who its sender may turn to, and which other cases."""

from typing import TypeVar

from sqlalchemy import select

from portal import clock
from portal.cases import clocks, reference_numbers
from portal.cases.actions.closing import WrongCase
from portal.cases.enums import Direction
from portal.cases.events import CasesRelated, RelationEnded
from portal.cases.intake.submission import received
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.models import Case, CaseRelation, Message, Party, Representation
from portal.cases.permissions import possible
from portal.cases.queries import handlers
from portal.cases.search.index import reindex
from portal.cases.transitions import may, may_have, move
from portal.db import session
from portal.events import publish
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.organisation.models import Category, Unit

Apart = TypeVar("Apart", Party, Representation)
# What a part has in common with the case that it was split from.
SAME = (
    *("kind", "channel", "reply_by", "language", "hide_sender", "profile_version_id", "promise"),
    *("category_id", "responsible_unit_id", "handling_unit_id", "clock_started_on", "received_at"),
    *("pauses", "extended_on", "extended_to", "extension_reason", "extended_for_summer", "paused_on"),
)


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
    category, responsible, unit = _goal(case, to)
    if (category, unit) == (case.category, case.handling_unit):
        return
    may(actor, case, Action.HAND_OVER, version)
    if unit.closed_at:
        raise NotAllowed(Action.HAND_OVER, case.status, possible(actor, case))
    if not confirmed and _leaves(case, category, responsible, unit):
        raise NeedsConfirmation
    before = case.handling_unit_id
    case.category, case.responsible_unit, case.handling_unit = category, responsible, unit
    _let_go(case)
    move(actor, case, Action.HAND_OVER, unit=unit.id, before=before)


def _goal(case: Case, to: Category | Unit) -> tuple[Category | None, Unit, Unit]:
    """The topic, and the units that answer for it and do the work, as they are now."""
    if isinstance(to, Category):
        topic = session().get_one(Category, to.id)
        return topic, topic.responsible_unit, topic.handling_unit
    return case.category, case.responsible_unit, session().get_one(Unit, to.id)


def _leaves(case: Case, category: Category | None, responsible: Unit, unit: Unit) -> bool:
    secret = bool(case.category and case.category.secrecy_default)
    stays_secret = bool(category and category.secrecy_default)
    boards = case.responsible_unit.board_id, case.handling_unit.board_id
    return boards != (responsible.board_id, unit.board_id) or (secret and not stays_secret)


def _let_go(case: Case) -> None:
    """Whoever no longer reaches a case has it no longer."""
    session().flush()
    may_have = {each.id for each in handlers(case)}
    case.officer_id = case.officer_id if case.officer_id in may_have else None
    case.contact_id = case.contact_id if case.contact_id in may_have else None


def name_contact(actor: Staff, case: Case, officer: Membership, version: int | None = None) -> None:
    """Name whom the sender may turn to: somebody who may have the case."""
    if case.contact_id == officer.id:
        return
    may(actor, case, Action.NAME_CONTACT, version)
    may_have(actor, case, Action.NAME_CONTACT, officer)
    case.contact_id = officer.id
    move(actor, case, Action.NAME_CONTACT, officer=officer.id)


def flag_record(actor: Staff, case: Case, record: bool, version: int | None = None) -> None:
    """Mark that the case asks for a public record, which is given promptly: never ten days (TF 2:15)."""
    if case.record_request == record:
        return
    may(actor, case, Action.FLAG_RECORD, version)
    case.record_request = record
    clocks.count(case)
    move(actor, case, Action.FLAG_RECORD, record=record)


def relate(actor: Staff, case: Case, other: Case) -> None:
    """Say that two cases belong together. Both must be seen by the actor. Raises WrongCase."""
    if case.id == other.id:
        raise WrongCase
    if _relation(case, other):
        return
    may(actor, case, Action.RELATE)
    first, second = sorted((case.id, other.id))
    session().add(CaseRelation(case_id=first, other_id=second))
    move(actor, case, Action.RELATE, other=other.id)
    publish(CasesRelated(case=other.id, at=clock.now(), actor=actor, other=case.id))


def unrelate(actor: Staff, case: Case, other: Case) -> None:
    """Two cases do not belong together after all."""
    found = _relation(case, other)
    if found:
        may(actor, case, Action.UNRELATE)
        session().delete(found)
        move(actor, case, Action.UNRELATE, other=other.id)
        publish(RelationEnded(case=other.id, at=clock.now(), actor=actor, other=case.id))


def _relation(case: Case, other: Case) -> CaseRelation | None:
    first, second = sorted((case.id, other.id))
    return session().scalar(select(CaseRelation).filter_by(case_id=first, other_id=second))


def split(actor: Staff, case: Case, subject: str, version: int | None = None) -> Case:
    """Make a case of its own of a part. The sender's words, dates and code are those of the first.

    The same subject twice is a second click.
    """
    found = session().scalar(select(Case).filter_by(split_from_id=_root(case), internal_subject=subject))
    if found:
        return found
    may(actor, case, Action.SPLIT, version)
    part = _part(case, subject)
    move(actor, case, Action.SPLIT, into=part.id)
    publish(received(part, actor))
    return part


def _root(case: Case) -> int:
    return case.split_from_id or case.id


def _part(case: Case, subject: str) -> Case:
    now = clock.now()
    part = Case(**{name: getattr(case, name) for name in SAME}, updated_at=now)
    part.public_subject = part.internal_subject = subject
    part.status, part.split_from_id, part.party = Status.RECEIVED, _root(case), _copy(case.party)
    part.representation = _copy(case.representation)
    clocks.count(part)
    # Nobody waits for the sender about the part.
    clocks.resume(part, now)
    part.year = clock.stockholm(now).year
    part.number = reference_numbers.allot(part.year)
    session().add(part)
    session().flush()
    session().add(_first_message(case, part))
    reindex(part)
    return part


def _copy(row: Apart | None) -> Apart | None:
    """A row of its own, so that each can be disposed of alone."""
    if row is None:
        return None
    columns = [column.key for column in row.__table__.columns if column.key not in ("id", "case_id")]
    return type(row)(**{name: getattr(row, name) for name in columns})


def _first_message(case: Case, part: Case) -> Message:
    query = select(Message).where(Message.case_id == case.id, Message.direction == Direction.IN)
    first = session().scalars(query.order_by(Message.id).limit(1)).one()
    copy = Message(case_id=part.id, direction=Direction.IN, language=first.language, body=first.body)
    copy.arrived_at = first.arrived_at
    return copy
