"""Relate cases to each other, and split a part of a case into a case of its own."""

from typing import TypeVar

from sqlalchemy import select

from portal import clock
from portal.cases import clocks, reference_numbers
from portal.cases.actions.bars import copy_bars
from portal.cases.enums import Direction
from portal.cases.events import CasesRelated, RelationEnded
from portal.cases.events.legal import MatterFlagged
from portal.cases.groups.merging import WrongCase, require_readable
from portal.cases.intake.submission import received
from portal.cases.lifecycle import Action, Status
from portal.cases.locations.records import set_marks
from portal.cases.models import Case, CaseLocation, CaseRelation, Message, Party, Representation
from portal.cases.search.index import mark_changed
from portal.cases.transitions import require_allowed, transition
from portal.cases.visibility import visible_to
from portal.db import session
from portal.events import publish
from portal.identity.actors import Staff

CopiedRow = TypeVar("CopiedRow", Party, Representation, CaseLocation)


# What a part has in common with the case that it was split from. The sender has waited since that came in,
# so the dates of its promise are among them.
COPIED_COLUMNS = (
    *("kind", "channel", "reply_by", "notify_by", "language", "hide_sender", "profile_version_id", "promise"),
    *("answer_wanted", "level", "first_contact", "first_line_unit_id"),
    *("category_id", "responsible_unit_id", "handling_unit_id", "clock_started_on", "received_at"),
    *("responsible_board_id", "responsible_branch", "handling_board_id"),
    *("responsible_administration_id", "handling_administration_id", "sender_person_id"),
    *("secrecy", "secrecy_provision", "secrecy_marked_on", "secrecy_board_id"),
    *("reader_change", "reader_changed_at", "reader_contested_at"),
    # The part may hold the text of the appeal; a handler who finds otherwise removes the mark.
    *("legal_matter", "matter_passed_on"),
    *("pauses", "extended_on", "extended_to", "extension_reason", "extended_for_summer", "paused_on"),
)


def relate(actor: Staff, case: Case, other: Case) -> None:
    """Relate two cases that the actor can read. Raises WrongCase for a case and itself."""
    require_readable(actor, other)
    if case.id == other.id:
        raise WrongCase
    if _relation(case, other):
        return
    with transition(actor, case, Action.RELATE) as step:
        first, second = sorted((case.id, other.id))
        session().add(CaseRelation(case_id=first, other_id=second))
        step.details(other=other.id)
    publish(CasesRelated(case=other.id, at=clock.now(), actor=actor, other=case.id))


def unrelate(actor: Staff, case: Case, other: Case) -> None:
    """Remove the relation between two cases, if there is one. Raises WrongCase."""
    require_readable(actor, other)
    relation = _relation(case, other)
    if relation is None:
        return
    with transition(actor, case, Action.UNRELATE) as step:
        session().delete(relation)
        step.details(other=other.id)
    publish(RelationEnded(case=other.id, at=clock.now(), actor=actor, other=case.id))


def _relation(case: Case, other: Case) -> CaseRelation | None:
    first, second = sorted((case.id, other.id))
    return session().scalar(select(CaseRelation).filter_by(case_id=first, other_id=second))


def split(actor: Staff, case: Case, subject: str, version: int | None = None) -> Case:
    """Make a part a case of its own, with the first message, dates and code of the case it is split from.

    The same subject twice is a second click.
    """
    # Before the parts are looked at, and without the version, which the first click has made old.
    require_allowed(actor, case, Action.SPLIT)
    same = Case.split_from_id == _root(case), Case.internal_subject == subject
    earlier = session().scalar(select(Case).where(visible_to(actor), *same))
    if earlier:
        return earlier
    with transition(actor, case, Action.SPLIT, version) as step:
        part = _part(case, subject)
        step.details(into=part.id)
    publish(received(part, actor))
    if part.legal_matter:
        publish(MatterFlagged(case=part.id, at=part.updated_at, actor=actor, matter=part.legal_matter))
    copy_bars(actor, case, part)
    return part


def _root(case: Case) -> int:
    return case.split_from_id or case.id


def _part(case: Case, subject: str) -> Case:
    now = clock.now()
    part = Case(**{name: getattr(case, name) for name in COPIED_COLUMNS}, updated_at=now)
    part.public_subject = subject
    part.internal_subject = subject
    part.status = Status.RECEIVED
    part.split_from_id = _root(case)
    part.party = _copy(case.party)
    part.representation = _copy(case.representation)
    part.location = _copy(case.location)
    if part.location:
        set_marks(part.location, part)
    clocks.count(part)
    # The question that paused the original case is not about this part.
    clocks.resume(part, now)
    clocks.settle_next_step(part)
    part.year = clock.stockholm(now).year
    part.number = reference_numbers.allocate(part.year)
    session().add(part)
    session().flush()
    session().add(_first_message(case, part))
    mark_changed(part)
    return part


def _copy(row: CopiedRow | None) -> CopiedRow | None:
    """A copy of a row, so that each can be disposed of alone."""
    if row is None:
        return None
    columns = [column.key for column in row.__table__.columns if column.key not in ("id", "case_id")]
    return type(row)(**{name: getattr(row, name) for name in columns})


def _first_message(case: Case, part: Case) -> Message:
    query = select(Message).where(Message.case_id == case.id, Message.direction == Direction.IN)
    first = session().scalars(query.order_by(Message.id).limit(1)).one()
    return Message(
        case_id=part.id,
        # It came in to the authority of the part: the register of a former one gets no row of it.
        board_id=part.responsible_board_id,
        # What another authority has kept is kept in the part too.
        kept_by_board_id=first.kept_by_board_id,
        kept_by_branch=first.kept_by_branch,
        direction=Direction.IN,
        language=first.language,
        body=first.body,
        arrived_at=first.arrived_at,
        secrecy_provision=first.secrecy_provision,
        secrecy_marked_on=first.secrecy_marked_on,
        secrecy_board_id=first.secrecy_board_id,
        # A register that has been printed gets no row of an earlier day.
        registered_at=clock.now(),
    )
