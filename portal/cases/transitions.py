"""The one mover: what changes a case goes through here, and one event tells of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import clock, crypto
from portal.cases import clocks
from portal.cases.access import capacity
from portal.cases.enums import Direction, Purpose
from portal.cases.lifecycle import Action, CloseReason, NotAllowed, arrow
from portal.cases.models import Case, Message
from portal.cases.permissions import allowed_actions
from portal.cases.queries import handlers
from portal.cases.search.index import reindex
from portal.db import advisory_lock, session
from portal.events import publish
from portal.identity.actors import Actor, Staff
from portal.identity.models import Membership


class Conflict(Exception):
    """Somebody else changed the case since the page was read."""


def move(actor: Actor, case: Case, action: Action, **details: Any) -> None:
    """The one line that moves a case, and the one event that tells of it. Raises NotAllowed."""
    row = arrow(action, case.status, capacity(actor))
    case.status, case.updated_at = row.target, clock.now()
    session().flush()
    publish(row.event(case=case.id, at=case.updated_at, actor=actor, **details))


def require_allowed(actor: Actor, case: Case, action: Action, version: int | None = None) -> None:
    """Go on only if the case is as it was read and it is possible now. Raises Conflict, NotAllowed."""
    if version is not None and version != case.version:
        raise Conflict
    now = allowed_actions(actor, case)
    if action not in now:
        raise NotAllowed(action, case.status, now)


def require_assignable(actor: Actor, case: Case, action: Action, officer: Membership) -> None:
    """Go on only if the case may be somebody's: they run, handle cases and see it. Raises NotAllowed."""
    if officer.id not in {each.id for each in handlers(case)}:
        raise NotAllowed(action, case.status, allowed_actions(actor, case))


def lock_case_pairs() -> None:
    """Before two cases are locked: two people with the same two, the other way round, would wait for ever."""
    advisory_lock(crypto.fingerprint("two cases", ""))


def add_message(
    actor: Actor, case: Case, direction: Direction, body: str, purpose: Purpose | None = None
) -> Message:
    """Write a message, which never changes again."""
    message = Message(case_id=case.id, direction=direction, author_id=_author(actor), language=case.language)
    message.body, message.arrived_at, message.purpose = body, clock.now(), purpose
    session().add(message)
    reindex(case)
    return message


def is_duplicate_message(actor: Actor, case: Case, direction: Direction, body: str) -> bool:
    """Whether this very thing was said last: a second click."""
    query = select(Message).where(Message.case_id == case.id).order_by(Message.id.desc()).limit(1)
    last = session().scalar(query)
    return last is not None and (last.direction, last.author_id, last.body) == (
        direction,
        _author(actor),
        body,
    )


def _author(actor: Actor) -> int | None:
    return actor.membership if isinstance(actor, Staff) else None


def mark_contacted(case: Case, moment: datetime) -> None:
    """A human being has been in touch: nothing automatic ever stops this clock."""
    case.contacted_at = case.contacted_at or moment


def set_closed(case: Case, why: CloseReason, /, **details: Any) -> None:
    """What closing sets, the status aside."""
    case.closed_at, case.close_reason, case.close_details = clock.now(), why, details or None


def is_closed_as(case: Case, why: CloseReason, /, **details: Any) -> bool:
    """Whether a case is closed in this very way: a second click."""
    return (case.close_reason, case.close_details or {}) == (why, details)


def start_new_round(case: Case, moment: datetime, unsatisfied: bool = False) -> None:
    """The round that is over is put by, and the promise is given anew, from now."""
    clocks.archive_clock(case)
    case.answered_at = case.contacted_at = None
    case.unsatisfied = unsatisfied
    clear_closed(case)
    clocks.start(case, moment)


def clear_closed(case: Case) -> None:
    """Take back what closing has set."""
    case.closed_at = case.close_reason = case.close_details = case.merged_into_id = None
