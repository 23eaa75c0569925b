"""Drafts of answers: private to their author, kept for 30 days, deleted when the answer is sent."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select

from portal import clock
from portal.cases.access import Capacity, capacity
from portal.cases.answers.models import AnswerDraft
from portal.cases.enums import Direction
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.transitions import is_duplicate_message
from portal.cases.visibility import visible_to
from portal.db import changed_rows, once_per_read, session
from portal.identity.actors import Staff
from portal.identity.models import Membership

TTL = timedelta(days=30)
MAX_DRAFTS = 200


@dataclass(frozen=True)
class DraftOfCase:
    """A draft of the actor and its case; `case` is None if the actor may not see it any more."""

    draft: AnswerDraft
    case: Case | None


class NewerDraft(Exception):
    """Another tab of the actor has saved another text since the page was drawn."""

    def __init__(self, body: str) -> None:
        self.body = body


@dataclass(frozen=True)
class Shown:
    """The random id of the page that a draft is posted from, and the revision of the draft it showed."""

    page: str
    revision: str


def revision(body: str) -> str:
    """Which text a page showed as the draft, for its form to carry; empty for no draft."""
    return hashlib.sha256(body.encode()).hexdigest()[:16] if body else ""


def save_draft(
    actor: Staff,
    case: Case,
    body: str,
    version: int | None = None,
    shown: Shown | None = None,
    left_out: Collection[str] | None = None,
    files: str | None = None,
) -> AnswerDraft | None:
    """Save the actor's draft, also if the case has changed since it was read; None if it was deleted instead.

    `left_out` are the numbers of the duplicates that are not to get the answer; None keeps those of before.
    `files` are its uploads, as the form has them; None keeps those of before.

    Raises NewerDraft if another page than that of `shown` has saved another text since it was drawn.

    An empty text deletes it, and so does the text of the latest answer: a browser may save once more while
    the form is being sent. Raises NotAllowed unless the actor handles cases.
    """
    if capacity(actor) is not Capacity.HANDLER or actor.membership is None:
        raise NotAllowed(Action.ANSWER, case.status, allowed_actions(actor, case))
    check_newer(actor, case, body, shown)
    if not body.strip() or is_duplicate_message(actor, case, Direction.OUT, body):
        delete_draft(actor, case)
        return None
    # An expired row is overwritten: case and membership are unique together.
    old = session().scalar(_own_draft(actor, case))
    row = old or AnswerDraft(case_id=case.id, membership_id=actor.membership)
    row.body = body
    row.version = case.version if version is None else version
    row.saved_at = clock.now()
    row.page = shown.page if shown else None
    if files is not None:
        row.files = files or None
    if left_out is not None:
        row.left_out = list(left_out)
    session().add(row)
    session().flush()
    return row


def expires_at(draft: AnswerDraft) -> datetime:
    """When the uploads of a draft are removed: when it is forgotten, to the hour."""
    return clock.to_hour(draft.saved_at) + TTL + timedelta(hours=1)


def check_newer(actor: Staff, case: Case, body: str, shown: Shown | None) -> None:
    """Raises NewerDraft if another page has saved another text since that of `shown` was drawn."""
    draft = get_draft(actor, case) if shown else None
    if draft is None or shown is None or draft.body == body:
        return
    if draft.page != shown.page and revision(draft.body) != shown.revision:
        raise NewerDraft(draft.body)


def get_draft(actor: Staff, case: Case) -> AnswerDraft | None:
    """The actor's own draft; None if there is none or it has expired."""
    return session().scalar(_own_draft(actor, case).where(AnswerDraft.saved_at > clock.now() - TTL))


@once_per_read
def cases_with_draft(actor: Staff) -> frozenset[int]:
    """The cases that the actor has an unsent answer in."""
    drafts = select(AnswerDraft.case_id).filter_by(membership_id=actor.membership)
    return frozenset(session().scalars(drafts.where(AnswerDraft.saved_at > clock.now() - TTL)))


def left_out(actor: Staff, case: Case) -> Collection[str]:
    """The numbers of the duplicates that the actor's draft leaves out."""
    draft = get_draft(actor, case)
    return draft.left_out if draft else ()


def _own_draft(actor: Staff, case: Case) -> Select[AnswerDraft]:
    return select(AnswerDraft).filter_by(case_id=case.id, membership_id=actor.membership)


def delete_draft(actor: Staff, case: Case) -> None:
    """Delete the actor's draft for a case."""
    own = AnswerDraft.case_id == case.id, AnswerDraft.membership_id == actor.membership
    session().execute(delete(AnswerDraft).where(*own))


def delete_drafts_of(person: int, case: Case) -> None:
    """Delete the drafts of a person for a case, in all their memberships."""
    theirs = AnswerDraft.membership_id.in_(select(Membership.id).filter_by(person_id=person))
    session().execute(delete(AnswerDraft).where(AnswerDraft.case_id == case.id, theirs))


def discard_draft(actor: Staff, draft: int) -> str:
    """Delete a draft of the actor by id, also if they may not see its case now; returns its uploads."""
    own = AnswerDraft.id == draft, AnswerDraft.membership_id.in_(_memberships(actor))
    files = session().scalar(select(AnswerDraft.files).where(*own))
    session().execute(delete(AnswerDraft).where(*own))
    return files or ""


def list_drafts(actor: Staff) -> Sequence[DraftOfCase]:
    """Drafts of the actor's person, in all their memberships, newest first.

    A draft is the author's own text and is listed after its case has moved out of sight, unless that case has
    secrecy: an answer repeats what it answers.
    """
    query = select(AnswerDraft).join(Case, Case.id == AnswerDraft.case_id)
    query = query.where(AnswerDraft.membership_id.in_(_memberships(actor)))
    query = query.where(or_(Case.secrecy.is_(None), visible_to(actor)))
    query = query.where(AnswerDraft.saved_at > clock.now() - TTL).order_by(AnswerDraft.saved_at.desc())
    drafts = session().scalars(query.limit(MAX_DRAFTS)).all()
    visible = select(Case).where(visible_to(actor), Case.id.in_([draft.case_id for draft in drafts]))
    cases = {case.id: case for case in session().scalars(visible)}
    return [DraftOfCase(draft, cases.get(draft.case_id)) for draft in drafts]


def _memberships(actor: Staff) -> list[int]:
    """Ids of every membership of the person: a draft is not lost by switching role."""
    return list(session().scalars(select(Membership.id).filter_by(person_id=actor.person)))


def forget_old() -> int:
    """Delete drafts that have not been saved for 30 days; returns their number."""
    return changed_rows(delete(AnswerDraft).where(AnswerDraft.saved_at <= clock.now() - TTL))
