"""The one mover: what changes a case goes through here, and one event tells of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import clock, crypto
from portal.cases import clocks
from portal.cases.access import hat
from portal.cases.enums import Direction, Purpose
from portal.cases.lifecycle import Action, CloseReason, NotAllowed, arrow
from portal.cases.models import Case, Message
from portal.cases.permissions import possible
from portal.cases.queries import handlers
from portal.cases.search.index import reindex
from portal.db import serialise, session
from portal.events import publish
from portal.identity.actors import Actor, Staff
from portal.identity.models import Membership


class Conflict(Exception):
    """Somebody else changed the case since the page was read."""


def move(actor: Actor, case: Case, action: Action, **details: Any) -> None:
    """The one line that moves a case, and the one event that tells of it. Raises NotAllowed."""
    row = arrow(action, case.status, hat(actor))
    case.status, case.updated_at = row.target, clock.now()
    session().flush()
    publish(row.event(case=case.id, at=case.updated_at, actor=actor, **details))


def may(actor: Actor, case: Case, action: Action, version: int | None = None) -> None:
    """Go on only if the case is as it was read and it is possible now. Raises Conflict, NotAllowed."""
    if version is not None and version != case.version:
        raise Conflict
    now = possible(actor, case)
    if action not in now:
        raise NotAllowed(action, case.status, now)


def may_have(actor: Actor, case: Case, action: Action, officer: Membership) -> None:
    """Go on only if the case may be somebody's: they run, handle cases and see it. Raises NotAllowed."""
    if officer.id not in {each.id for each in handlers(case)}:
        raise NotAllowed(action, case.status, possible(actor, case))


def one_pair_at_a_time() -> None:
    """Before two cases are locked: two people with the same two, the other way round, would wait for ever."""
    serialise(crypto.fingerprint("two cases", ""))


def say(actor: Actor, case: Case, direction: Direction, body: str, purpose: Purpose | None = None) -> Message:
    """Write a message, which never changes again."""
    message = Message(case_id=case.id, direction=direction, author_id=_author(actor), language=case.language)
    message.body, message.arrived_at, message.purpose = body, clock.now(), purpose
    session().add(message)
    reindex(case)
    return message


def said_last(actor: Actor, case: Case, direction: Direction, body: str) -> bool:
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


def contacted(case: Case, moment: datetime) -> None:
    """A human being has been in touch: nothing automatic ever stops this clock."""
    case.contacted_at = case.contacted_at or moment


def shut(case: Case, why: CloseReason, /, **details: Any) -> None:
    """What closing sets, the status aside."""
    case.closed_at, case.close_reason, case.close_details = clock.now(), why, details or None


def shut_so(case: Case, why: CloseReason, /, **details: Any) -> bool:
    """Whether a case is closed in this very way: a second click."""
    return (case.close_reason, case.close_details or {}) == (why, details)


def reopen(case: Case, moment: datetime, unsatisfied: bool = False) -> None:
    """The round that is over is put by, and the promise is given anew, from now."""
    clocks.put_by(case)
    case.answered_at = case.contacted_at = None
    case.unsatisfied = unsatisfied
    unshut(case)
    clocks.start(case, moment)


def unshut(case: Case) -> None:
    """Take back what closing has set."""
    case.closed_at = case.close_reason = case.close_details = case.merged_into_id = None
