"""Drafts of answers: private to who writes them, kept for 30 days, and gone when the answer is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, delete, select

from portal import clock
from portal.cases.access import Capacity, capacity
from portal.cases.answers.models import AnswerDraft
from portal.cases.enums import Direction
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.queries import visible_to
from portal.cases.transitions import is_duplicate_message
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership

TTL = timedelta(days=30)
MOST = 200


@dataclass(frozen=True)
class DraftOfCase:
    """A draft in the list of one's own; without a case where its writer may not see that any more."""

    draft: AnswerDraft
    case: Case | None


def save_draft(actor: Staff, case: Case, body: str, version: int | None = None) -> AnswerDraft | None:
    """Keep what somebody is writing, whatever has become of the case meanwhile; an empty text is no draft.

    What was sent a moment ago is none either: a browser may save it once more on its way.
    """
    if capacity(actor) is not Capacity.HANDLER or actor.membership is None:
        raise NotAllowed(Action.ANSWER, case.status, allowed_actions(actor, case))
    if not body.strip() or is_duplicate_message(actor, case, Direction.OUT, body):
        delete_draft(actor, case)
        return None
    # One that is too old to be read is written over: there is one row for each writer.
    old = session().scalar(_own_draft(actor, case))
    row = old or AnswerDraft(case_id=case.id, membership_id=actor.membership)
    row.body, row.version, row.saved_at = body, case.version if version is None else version, clock.now()
    session().add(row)
    session().flush()
    return row


def get_draft(actor: Staff, case: Case) -> AnswerDraft | None:
    """The actor's own draft, while it lasts."""
    return session().scalar(_own_draft(actor, case).where(AnswerDraft.saved_at > clock.now() - TTL))


def _own_draft(actor: Staff, case: Case) -> Select[AnswerDraft]:
    return select(AnswerDraft).filter_by(case_id=case.id, membership_id=actor.membership)


def delete_draft(actor: Staff, case: Case) -> None:
    """Forget it: it has been sent, or is empty."""
    own = AnswerDraft.case_id == case.id, AnswerDraft.membership_id == actor.membership
    session().execute(delete(AnswerDraft).where(*own))


def discard_draft(actor: Staff, draft: int) -> None:
    """Forget one of one's own drafts, whether or not its case is still to be seen."""
    own = AnswerDraft.id == draft, AnswerDraft.membership_id.in_(_memberships(actor))
    session().execute(delete(AnswerDraft).where(*own))


def list_drafts(actor: Staff) -> Sequence[DraftOfCase]:
    """Every draft that the person behind the actor has, the newest first."""
    query = select(AnswerDraft).where(AnswerDraft.membership_id.in_(_memberships(actor)))
    query = query.where(AnswerDraft.saved_at > clock.now() - TTL).order_by(AnswerDraft.saved_at.desc())
    drafts = session().scalars(query.limit(MOST)).all()
    seen = select(Case).where(visible_to(actor), Case.id.in_({each.case_id for each in drafts}))
    cases = {case.id: case for case in session().scalars(seen)}
    return [DraftOfCase(each, cases.get(each.case_id)) for each in drafts]


def _memberships(actor: Staff) -> list[int]:
    """Whoever works as two things at a time loses nothing of what they wrote as the other."""
    return list(session().scalars(select(Membership.id).filter_by(person_id=actor.person)))


def forget_old() -> None:
    """Forget what nobody has written on for 30 days."""
    session().execute(delete(AnswerDraft).where(AnswerDraft.saved_at <= clock.now() - TTL))
