"""What staff are notified of, and who of those who may read the case. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from portal.cases import events
from portal.cases.events import handovers, messages, ownership
from portal.events import Event, by_kind
from portal.identity.actors import Role
from portal.identity.queries import Member


class NoticeKind(StrEnum):
    """What a notice tells."""

    ASSIGNED = "assigned"
    REPLY = "reply"
    NOT_SATISFIED = "not_satisfied"
    PLACED = "placed"
    UNDELIVERED = "undelivered"
    LATE_SOON = "late_soon"
    IMPROVEMENT_OVERDUE = "improvement_overdue"


class MailChoice(StrEnum):
    """How a member of staff wants their notices by e-mail."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    NONE = "none"


BY_CLASS: dict[type[Event], NoticeKind] = {
    events.CaseAssigned: NoticeKind.ASSIGNED,
    events.ReplyReceived: NoticeKind.REPLY,
    events.SupplementReceived: NoticeKind.REPLY,
    events.CaseReopened: NoticeKind.REPLY,
    messages.ReplyReceivedByEmail: NoticeKind.REPLY,
    messages.RecordedEvent: NoticeKind.REPLY,
    events.SenderNotSatisfied: NoticeKind.NOT_SATISFIED,
    events.CaseHandedOver: NoticeKind.PLACED,
    handovers.CaseHandedToAuthority: NoticeKind.PLACED,
    ownership.CasePlaced: NoticeKind.PLACED,
}
KINDS = by_kind(BY_CLASS)


def kind_of(event: events.CaseEvent) -> NoticeKind:
    """What a notice of the event tells."""
    # A case may be placed with a handler of the unit at once.
    if isinstance(event, ownership.CasePlaced) and event.officer:
        return NoticeKind.ASSIGNED
    return KINDS[type(event)]


def recipients(
    readers: Sequence[Member], officer: int | None, units: Sequence[int], first_line: bool
) -> list[Member]:
    """Who is notified of a case, among those who may read it: its officer, else the nearest handlers.

    `units` are the handling and the responsible unit. Each person is notified once.
    """
    handling, responsible = units
    nearest = (
        [member for member in readers if member.id == officer],
        [member for member in readers if member.unit_id == handling],
        [member for member in readers if first_line and member.role is Role.REGISTRAR],
        [member for member in readers if member.unit_id == responsible],
        [member for member in readers if member.role is Role.HEAD_OF_ADMINISTRATION],
    )
    chosen: list[Member] = next(filter(None, nearest), [])
    return list({member.person_id: member for member in reversed(chosen)}.values())
