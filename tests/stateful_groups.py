"""What holds of groups and parts in the stateful test, whatever people do."""

from sqlalchemy import select

from portal import db
from portal.cases.clocks import UNDATED
from portal.cases.enums import ANSWERS
from portal.cases.lifecycle import OPEN, CloseReason, Status
from portal.cases.models import Case

# The ends of a promise: an answer, a right way, or the sender's own withdrawal.
ENDS = {CloseReason.ANSWERED, CloseReason.TRANSFERRED, CloseReason.OUTSIDE, CloseReason.WITHDRAWN}


def promises_end_well(case: Case) -> None:
    """No promise ends without an answer, a right way or a withdrawal."""
    if case.status is Status.CLOSED:
        assert case.close_reason in ENDS or needed_no_answer(case)
    if case.status is Status.ANSWERED or case.close_reason is CloseReason.ANSWERED:
        assert case.answered_at is not None


def needed_no_answer(case: Case) -> bool:
    """Whether a case was closed because a text needs no answer: after an answer, or if none was wanted."""
    answered = any(message.purpose in ANSWERS for message in case.messages)
    return case.close_reason is CloseReason.NO_ANSWER and (answered or not case.answer_wanted)


def group_is_sound(case: Case) -> None:
    """A case that waits for another presses there, by its own date, and that one is to be answered."""
    members = db.session().scalars(select(Case).where(Case.merged_into_id == case.id)).all()
    waiting = [member for member in members if member.status in OPEN]
    assert (case.group_due is None) == (not waiting)
    if waiting:
        assert case.status in OPEN
        assert case.merged_into_id is None
        assert case.secrecy is None
        assert case.group_due == min([_date(member) for member in waiting])
    for member in waiting:
        assert member.secrecy is None


def _date(member: Case) -> object:
    if member.paused_on:
        return UNDATED
    return member.due_answer or (None if member.contacted_at else member.due_contact) or UNDATED
