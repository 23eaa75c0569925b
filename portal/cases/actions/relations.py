"""Relate cases to each other, and split a part of a case into a case of its own."""

from typing import TypeVar

from sqlalchemy import select

from portal import clock
from portal.cases import clocks, reference_numbers
from portal.cases.actions.merging import WrongCase
from portal.cases.enums import Direction
from portal.cases.events import CasesRelated, RelationEnded
from portal.cases.intake.submission import received
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case, CaseRelation, Message, Party, Representation
from portal.cases.search.index import reindex
from portal.cases.transitions import move, require_allowed
from portal.db import session
from portal.events import publish
from portal.identity.actors import Staff

CopiedRow = TypeVar("CopiedRow", Party, Representation)


# What a part has in common with the case that it was split from.
COPIED_COLUMNS = (
    *("kind", "channel", "reply_by", "language", "hide_sender", "profile_version_id", "promise"),
    *("category_id", "responsible_unit_id", "handling_unit_id", "clock_started_on", "received_at"),
    *("pauses", "extended_on", "extended_to", "extension_reason", "extended_for_summer", "paused_on"),
)


def relate(actor: Staff, case: Case, other: Case) -> None:
    """Say that two cases belong together. Both must be seen by the actor. Raises WrongCase."""
    if case.id == other.id:
        raise WrongCase
    if _relation(case, other):
        return
    require_allowed(actor, case, Action.RELATE)
    first, second = sorted((case.id, other.id))
    session().add(CaseRelation(case_id=first, other_id=second))
    move(actor, case, Action.RELATE, other=other.id)
    publish(CasesRelated(case=other.id, at=clock.now(), actor=actor, other=case.id))


def unrelate(actor: Staff, case: Case, other: Case) -> None:
    """Two cases do not belong together after all."""
    found = _relation(case, other)
    if found:
        require_allowed(actor, case, Action.UNRELATE)
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
    require_allowed(actor, case, Action.SPLIT, version)
    part = _part(case, subject)
    move(actor, case, Action.SPLIT, into=part.id)
    publish(received(part, actor))
    return part


def _root(case: Case) -> int:
    return case.split_from_id or case.id


def _part(case: Case, subject: str) -> Case:
    now = clock.now()
    part = Case(**{name: getattr(case, name) for name in COPIED_COLUMNS}, updated_at=now)
    part.public_subject = part.internal_subject = subject
    part.status, part.split_from_id, part.party = Status.RECEIVED, _root(case), _copy(case.party)
    part.representation = _copy(case.representation)
    clocks.count(part)
    # Nobody waits for the sender about the part.
    clocks.resume(part, now)
    part.year = clock.stockholm(now).year
    part.number = reference_numbers.allocate(part.year)
    session().add(part)
    session().flush()
    session().add(_first_message(case, part))
    reindex(part)
    return part


def _copy(row: CopiedRow | None) -> CopiedRow | None:
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
