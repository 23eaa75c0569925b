"""Commands on the public text of an improvement ("ni sa – vi gjorde"), and whom it is to inform.

The senders themselves are informed by a job of the worker (senders.py), each in a transaction of its own.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update

from portal import clock
from portal.cases.improvements import queries
from portal.cases.improvements.commands import (
    UnknownImprovement,
    WrongImprovement,
    add_entry,
)
from portal.cases.improvements.models import Improvement, ImprovementCase, Publication
from portal.cases.improvements.rules import EntryKind, ImprovementProblem, ImprovementState, may_publish
from portal.cases.lifecycle import CloseReason
from portal.cases.models import Case
from portal.cases.visibility import visible_to
from portal.db import StaleVersion, changed_rows, session
from portal.identity.actors import Staff
from portal.identity.snapshots import snapshot_of


def publish(actor: Staff, improvement_id: int, version: int, you_said: str, we_did: str) -> None:
    """Publish the text of an improvement that is done, or correct the one that is public.

    The same text again is a second click. Raises UnknownImprovement, WrongImprovement, and StaleVersion if
    another has changed the improvement or its text since the page was read.
    """
    row = _for_publication(actor, improvement_id)
    current = queries.publication(row.id)
    if current and (current.you_said, current.we_did) == (you_said, we_did):
        return
    if version != row.version:
        raise StaleVersion
    if row.state is not ImprovementState.DONE:
        raise WrongImprovement(ImprovementProblem.NOT_DONE)
    if current:
        _end(actor, current)
    text = _add(actor, row, (you_said, we_did), current.first_published_at if current else clock.now())
    row.version += 1
    add_entry(actor, row, EntryKind.CORRECTED if current else EntryKind.PUBLISHED, {"publication": text.id})
    _move_waiting(row, text.id)
    mark_for_information(actor, row, text)


def unpublish(actor: Staff, improvement_id: int, version: int) -> None:
    """Take the public text away. It is kept, and those who have not been informed by it will not be.

    Raises UnknownImprovement, and StaleVersion.
    """
    row = _for_publication(actor, improvement_id)
    current = queries.publication(row.id)
    if current is None:
        return
    if version != row.version:
        raise StaleVersion
    _end(actor, current)
    row.version += 1
    add_entry(actor, row, EntryKind.UNPUBLISHED, {"publication": current.id})
    _move_waiting(row, None)


def inform_more(actor: Staff, improvement_id: int) -> int:
    """Inform the senders that the person who published could not see, and the actor can.

    Returns how many. Raises UnknownImprovement, and WrongImprovement where nothing is public.
    """
    row = _for_publication(actor, improvement_id)
    current = queries.publication(row.id)
    if current is None:
        raise WrongImprovement(ImprovementProblem.NOT_DONE)
    return mark_for_information(actor, row, current)


def _for_publication(actor: Staff, improvement_id: int) -> Improvement:
    row = queries.locked(actor, improvement_id)
    if row is None or actor.membership is None or not may_publish(actor, queries.place_of(row)):
        raise UnknownImprovement
    return row


def _add(actor: Staff, row: Improvement, texts: tuple[str, str], first: datetime) -> Publication:
    assert actor.membership is not None
    text = Publication(
        improvement_id=row.id,
        board_id=row.board_id,
        you_said=texts[0],
        we_did=texts[1],
        first_published_at=first,
        published_at=clock.now(),
        author_snapshot_id=snapshot_of(actor.membership).id,
    )
    session().add(text)
    session().flush()
    return text


def _end(actor: Staff, current: Publication) -> None:
    assert actor.membership is not None
    current.ended_at = clock.now()
    current.ended_by_snapshot_id = snapshot_of(actor.membership).id
    # Before the next one is added: one of an improvement is current.
    session().flush()


def _move_waiting(row: Improvement, publication_id: int | None) -> None:
    """Let those who wait to be informed get another text, or none."""
    waiting = ImprovementCase.publication_id.is_not(None), ImprovementCase.informed_at.is_(None)
    query = update(ImprovementCase).where(ImprovementCase.improvement_id == row.id, *waiting)
    session().execute(query.values(publication_id=publication_id))


def mark_for_information(actor: Staff, row: Improvement, text: Publication) -> int:
    """Mark the linked cases that the actor may see, each once; returns how many are new.

    A sender who withdrew the case is left alone. A case that the actor may not see stays unmarked: to inform
    its sender in their name would tell the actor that it exists.
    """
    query = update(ImprovementCase).where(ImprovementCase.id.in_(uninformed(actor, row)))
    return changed_rows(query.values(publication_id=text.id))


def uninformed(actor: Staff, row: Improvement) -> Sequence[int]:
    """Ids of the links whose case the actor may see, and whose sender is neither informed nor about to be."""
    query = select(ImprovementCase.id).join(ImprovementCase.case)
    query = query.where(ImprovementCase.improvement_id == row.id, ImprovementCase.publication_id.is_(None))
    wanted = or_(Case.close_reason.is_(None), Case.close_reason != CloseReason.WITHDRAWN)
    return session().scalars(query.where(visible_to(actor), wanted)).all()
