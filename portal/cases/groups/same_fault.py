"""A report of a fault that its sender knows to be reported already: a case of its own, answered with that."""

import hmac
from collections.abc import Sequence
from typing import NamedTuple

from portal import crypto
from portal.cases.access import Capacity
from portal.cases.enums import ReplyBy
from portal.cases.intake.submission import (
    NewCase,
    Receipt,
    WithFirst,
    add_case,
    is_same_submission,
    receipt,
    received,
    submit,
    submitted,
)
from portal.cases.lifecycle import Action
from portal.cases.locations.queries import Nearby, lock_nearby, nearby
from portal.cases.models import Case
from portal.cases.transitions import transition
from portal.events import publish
from portal.identity.actors import Citizen, CodeHolder, System
from portal.organisation import queries as organisation

CHOICE = "same fault"


class Sent(NamedTuple):
    """A report that was sent: its receipt, and whether it is answered with the one that was chosen."""

    receipt: Receipt
    joined: bool


def candidates(new: NewCase) -> Sequence[Nearby]:
    """The open reports that a new one may be the same as; none for a topic that gives secrecy."""
    if new.location is None or _gives_secrecy(new.category):
        return []
    return nearby(System(), new.location, new.category)


def _gives_secrecy(topic: str | None) -> bool:
    category = organisation.category(topic) if topic else None
    return category is not None and category.secrecy_default


def choice(new: NewCase, candidate: int) -> str:
    """What the form names a candidate by: of this form alone, so that it is of no use in another."""
    return crypto.blind_index(CHOICE, f"{new.submission} {candidate}").hex()


def submit_same(
    new: NewCase, chosen: str, sender: Citizen | None = None, with_first: WithFirst | None = None
) -> Sent:
    """Create a case that is answered with the report that was chosen; `with_first` as for submit().

    It is an ordinary case if that report is no candidate any more: answered, handed over, given secrecy, or
    as many wait for its answer as may.
    """
    existing = submitted(new.submission)
    if existing:
        same = is_same_submission(existing, new)
        return Sent(receipt(existing, new, same), existing.merged_into_id is not None)
    # Before the number is allocated: who has that case locked may wait for a number.
    other = _lock_chosen(new, chosen)
    if other is None:
        return Sent(submit(new, sender, with_first), joined=False)
    sender = sender if new.reply_by is not ReplyBy.CODE else None
    case = add_case(new, sender, with_first=with_first, beside=other)
    actor = sender or CodeHolder(case.id)
    publish(received(case, actor))
    with transition(actor, case, Action.JOIN_GROUP, by=Capacity.SYSTEM) as step:
        case.merged_into_id = other.id
        step.details(into=other.id)
    return Sent(receipt(case, new, same=True), joined=True)


def _lock_chosen(new: NewCase, chosen: str) -> Case | None:
    """The case that was chosen, locked; None if it is not among the candidates."""
    for candidate in candidates(new):
        if hmac.compare_digest(choice(new, candidate.id).encode(), chosen.encode()):
            return lock_nearby(System(), candidate.id)
    return None
