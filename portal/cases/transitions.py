"""`transition()`, through which every change of an existing case goes, and what commands share."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import clock, crypto
from portal.cases import clocks
from portal.cases.access import Capacity, capacity
from portal.cases.authority import groups, reorganisation
from portal.cases.enums import Direction, Purpose
from portal.cases.events import CaseEvent
from portal.cases.lifecycle import Action, CloseReason, NotAllowed, Status, allowed, arrow
from portal.cases.locations.records import marks, refresh_marks
from portal.cases.models import Case, Message
from portal.cases.permissions import allowed_actions
from portal.cases.queries import handlers
from portal.cases.search import index as search_index
from portal.cases.search.index import mark_changed
from portal.db import advisory_lock, session
from portal.events import publish
from portal.identity.actors import Actor, Staff
from portal.identity.models import Membership
from portal.identity.queries import Member
from portal.identity.snapshots import snapshot_id


class Conflict(Exception):
    """The case has changed since the page was read."""


class NeedsConfirmation(Exception):
    """The action has a consequence that the actor has not confirmed."""


class Step:
    """A transition in progress: collects the fields of its event other than case, moment and actor."""

    def __init__(self) -> None:
        self.values: dict[str, int | str | None] = {}
        self.kind: type[CaseEvent] | None = None

    def publishes(self, kind: type[CaseEvent]) -> None:
        """Publish a more specific event than that of the transition table."""
        self.kind = kind

    def details(self, **values: int | str | None) -> None:
        """Set fields of the event: ids, flags, and the token of a link, which no trail stores."""
        self.values |= values


@contextmanager
def transition(
    actor: Actor, case: Case, action: Action, version: int | None = None, by: Capacity | None = None
) -> Iterator[Step]:
    """Do an action with a case: permission before the block, new status and event after it.

    The only place where the status of an existing case changes. A block that raises changes no status and
    publishes nothing. `by` is a capacity that the command itself has found. Raises Conflict and NotAllowed,
    before the block.
    """
    require_allowed(actor, case, action, version, by)
    before, kept = case.status, case.merged_into_id
    facets = set(search_index.facets(case))
    marks_before = marks(case)
    row = arrow(action, before, by or capacity(actor))
    step = Step()
    yield step
    case.status = row.target
    case.updated_at = clock.now()
    clocks.settle_next_step(case)
    # The rows must be in the database before listeners read them.
    session().flush()
    groups.refresh_due(kept, case.merged_into_id, case.id if case.group_due else None)
    publish((step.kind or row.event)(case=case.id, at=case.updated_at, actor=actor, **step.values))
    if before is Status.CLOSED and case.status is not Status.CLOSED:
        # Its unit may have moved to another board while it was closed.
        reorganisation.follow_unit(case)
    if facets != set(search_index.facets(case)):
        mark_changed(case)
    if marks_before != marks(case):
        refresh_marks(case)


def require_allowed(
    actor: Actor, case: Case, action: Action, version: int | None = None, by: Capacity | None = None
) -> None:
    """Refuse a case that was changed since it was read, and an action that is not possible now.

    Raises Conflict, NotAllowed.
    """
    if version is not None and version != case.version:
        raise Conflict
    now = allowed(case.status, by) if by else allowed_actions(actor, case)
    if action not in now:
        raise NotAllowed(action, case.status, now)


def require_assignable(actor: Actor, case: Case, action: Action, officer: Membership | Member) -> None:
    """Refuse a membership that cannot have the case. Raises NotAllowed."""
    if officer.id not in {handler.id for handler in handlers(case)}:
        raise NotAllowed(action, case.status, allowed_actions(actor, case))


def lock_case_pairs() -> None:
    """Serialise actions on two cases: two people with the same pair in opposite order would deadlock."""
    advisory_lock(crypto.fingerprint("two cases", ""))


def add_message(
    actor: Actor, case: Case, direction: Direction, body: str, purpose: Purpose | None = None
) -> Message:
    """Add a message, which never changes again, and mark the case for the index."""
    message = Message(
        case_id=case.id,
        board_id=case.responsible_board_id,
        author_id=_author(actor),
        author_snapshot_id=snapshot_id(actor),
        direction=direction,
        purpose=purpose,
        language=case.language,
        body=body,
        arrived_at=clock.now(),
    )
    session().add(message)
    mark_changed(case)
    return message


def is_duplicate_message(actor: Actor, case: Case, direction: Direction, body: str) -> bool:
    """Whether the latest message is this one: a second click."""
    last = latest_message(case)
    if last is None:
        return False
    return (last.direction, last.author_id, last.body) == (direction, _author(actor), body)


def latest_message(case: Case) -> Message | None:
    """The message of a case that was added last."""
    return session().scalar(
        select(Message).where(Message.case_id == case.id).order_by(Message.id.desc()).limit(1)
    )


def _author(actor: Actor) -> int | None:
    return actor.membership if isinstance(actor, Staff) else None


def mark_contacted(case: Case, moment: datetime) -> None:
    """Stop the contact clock. Only what a person does stops it, nothing automatic."""
    if case.contacted_at is None:
        case.contacted_at = moment
        case.contact_named = (case.contact_id or case.officer_id) is not None


def known_to_sender(case: Case) -> int | None:
    """The membership that the sender knows has the case: the contact person, else its officer."""
    is_handled = case.status in (Status.IN_PROGRESS, Status.AWAITING_CITIZEN)
    return case.contact_id or (case.officer_id if is_handled else None)


def set_closed(case: Case, why: CloseReason, /, **details: Any) -> None:
    """Set what closing sets, except the status."""
    case.closed_at = clock.now()
    case.close_reason = why
    case.close_details = details or None


def is_closed_as(case: Case, why: CloseReason, /, **details: Any) -> bool:
    """Whether the case is closed for this reason with these details: a second click."""
    return (case.close_reason, case.close_details or {}) == (why, details)


def start_new_round(case: Case, moment: datetime, unsatisfied: bool = False) -> None:
    """Archive the round that is over and start the promise again from `moment`."""
    clocks.archive_clock(case)
    case.answered_at = None
    case.contacted_at = None
    case.contact_named = None
    case.answer_thanks = None
    case.answer_regrets = None
    case.answer_lix = None
    case.unsatisfied = unsatisfied
    case.first_contact = False
    clear_closed(case)
    if case.answer_wanted:
        clocks.start(case, moment)
    else:
        clocks.want_answer(case, moment)


def clear_closed(case: Case) -> None:
    """Clear what closing has set."""
    case.closed_at = None
    case.close_reason = None
    case.close_details = None
    case.merged_into_id = None
