"""What informs the senders of linked cases of what was done: each case once, whatever its status."""

from collections.abc import Sequence

from sqlalchemy import select

from portal import clock
from portal.cases import queries
from portal.cases.events.feedback import ImprovementShared
from portal.cases.improvements.models import ImprovementCase
from portal.cases.lifecycle import Action, CloseReason
from portal.cases.transitions import require_allowed
from portal.db import session
from portal.events import publish
from portal.identity.actors import System

BATCH = 500


def waiting(_actor: System) -> Sequence[int]:
    """Ids of the links whose sender is to be informed, the oldest first."""
    query = select(ImprovementCase.id).where(ImprovementCase.publication_id.is_not(None))
    query = query.where(ImprovementCase.informed_at.is_(None)).order_by(ImprovementCase.id)
    return session().scalars(query.limit(BATCH)).all()


def inform(actor: System, link_id: int) -> bool:
    """Inform the sender of one link; returns whether there was anything to do. Inside transaction()."""
    case_id = session().scalar(select(ImprovementCase.case_id).filter_by(id=link_id))
    # The case first, in the order in which all commands lock.
    case = queries.case_by_id(actor, case_id) if case_id else None
    query = select(ImprovementCase).filter_by(id=link_id).with_for_update()
    link = session().scalar(query.execution_options(populate_existing=True))
    if case is None or link is None or link.publication_id is None or link.informed_at:
        return False
    if case.close_reason is CloseReason.WITHDRAWN:
        # Withdrawn after it was marked: its sender is left alone, as one who withdrew before is.
        link.publication_id = None
        return False
    require_allowed(actor, case, Action.SHARE_IMPROVEMENT)
    link.informed_at = now = clock.now()
    session().flush()
    # No transition: nothing that staff follow has happened to the case. It keeps its version, so that who has
    # it open can go on, and its place in the queue.
    shared = {"improvement": link.improvement_id, "publication": link.publication_id}
    publish(ImprovementShared(case=case.id, at=now, actor=actor, **shared))
    return True
