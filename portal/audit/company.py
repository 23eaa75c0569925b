"""Colleagues at the same case, from the read log, the trail and answer drafts of the last ten minutes."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, case, func, literal, select, union_all

from portal import clock
from portal.audit.models import Read, Reading, TrailEntry
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.models import AnswerDraft
from portal.cases.models import Case
from portal.cases.queries import readers
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person

RECENT = timedelta(minutes=10)
OPENED = 0
CHANGED = 1
WRITING = 2


class Colleague(NamedTuple):
    """Another member of staff: when they last opened the case, changed it, and saved a draft of an answer."""

    name: str
    opened_at: datetime | None
    changed_at: datetime | None
    draft_at: datetime | None


def recent_colleagues(actor: Staff, of: Case) -> list[Colleague]:
    """Colleagues who have recently opened or changed a case or are drafting an answer, latest first.

    Names only, never a text; without persons with a protected identity, and those who have lost the case.
    """
    rows = union_all(_opened(actor, of), _changed(actor, of), _writing(actor, of)).subquery()
    latest = [func.max(case((rows.c.kind == kind, rows.c.at))) for kind in (OPENED, CHANGED, WRITING)]
    query = select(Person.name, *latest).join(Membership, Membership.person_id == Person.id)
    query = query.join(rows, rows.c.who == Membership.id).where(Membership.id.in_(readers(of)))
    # By person, not by membership: one who switches role is not their own colleague.
    query = query.where(Person.id != actor.person, Person.protected.is_(False)).group_by(Person.id)
    colleagues = session().execute(query.order_by(func.max(rows.c.at).desc(), Person.id))
    return [Colleague(*row) for row in colleagues]


def _opened(actor: Staff, of: Case) -> Select[int, datetime, int]:
    query = select(Reading.membership_id.label("who"), Reading.at.label("at"), literal(OPENED).label("kind"))
    query = query.join(Case, Reading.case_id == Case.id).where(visible_to(actor), Case.id == of.id)
    # A row in a list is not a sign of work on the case.
    return query.where(Reading.what != Read.LIST, Reading.at > clock.now() - RECENT)


def _changed(actor: Staff, of: Case) -> Select[int | None, datetime, int]:
    query = select(TrailEntry.actor_id, TrailEntry.at, literal(CHANGED))
    query = query.join(Case, TrailEntry.case_id == Case.id).where(visible_to(actor), Case.id == of.id)
    return query.where(TrailEntry.actor_kind == "staff", TrailEntry.at > clock.now() - RECENT)


def _writing(actor: Staff, of: Case) -> Select[int, datetime, int]:
    query = select(AnswerDraft.membership_id, AnswerDraft.saved_at, literal(WRITING))
    query = query.join(Case, AnswerDraft.case_id == Case.id).where(visible_to(actor), Case.id == of.id)
    return query.where(AnswerDraft.saved_at > clock.now() - answer_drafts.TTL)
