"""Colleagues at the same case, from the read log, the trail and answer drafts of the last ten minutes."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, literal, or_, select, union_all

from portal.audit.models import OPENINGS, Reading, TrailEntry
from portal.cases.access import Scope
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.models import AnswerDraft
from portal.cases.models import Case
from portal.cases.queries import readers
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import moment, session
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
    values = {"case_id": of.id, "actor": actor.person, "readers": list(readers(of)), **scope_values(actor)}
    return [Colleague(*row) for row in session().execute(_colleagues(kind_of(actor)), values)]


@cache
def _colleagues(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    to = parametrised(kind)
    rows = union_all(_opened(to), _changed(to), _writing(to)).subquery()
    latest = [func.max(case((rows.c.kind == kind, rows.c.at))) for kind in (OPENED, CHANGED, WRITING)]
    query = select(Person.name, *latest).join(Membership, Membership.person_id == Person.id)
    query = query.join(rows, rows.c.who == Membership.id)
    query = query.where(Membership.id.in_(bindparam("readers", expanding=True)))
    # By person, not by membership: one who switches role is not their own colleague.
    query = query.where(Person.id != bindparam("actor"), Person.protected.is_(False)).group_by(Person.id)
    return query.order_by(func.max(rows.c.at).desc(), Person.id)


def _opened(to: Scope) -> Select[int, datetime, int]:
    query = select(Reading.membership_id.label("who"), Reading.at.label("at"), literal(OPENED).label("kind"))
    query = query.join(Case, Reading.case_id == Case.id).where(visible_to(to), _this_case())
    return query.where(*_recently_opened())


def _changed(to: Scope) -> Select[int | None, datetime, int]:
    query = select(TrailEntry.actor_id, TrailEntry.at, literal(CHANGED))
    query = query.join(Case, TrailEntry.case_id == Case.id).where(visible_to(to), _this_case())
    return query.where(*_recently_changed())


def _writing(to: Scope) -> Select[int, datetime, int]:
    query = select(AnswerDraft.membership_id, AnswerDraft.saved_at, literal(WRITING))
    query = query.join(Case, AnswerDraft.case_id == Case.id).where(visible_to(to), _this_case())
    return query.where(_is_kept())


def _this_case() -> ColumnElement[bool]:
    return Case.id == bindparam("case_id")


def _recently_opened() -> tuple[ColumnElement[bool], ...]:
    # A row in a list, or a question at the desk, is not a sign of work on the case.
    return Reading.what.in_(OPENINGS), Reading.at > moment(RECENT)


def _recently_changed() -> tuple[ColumnElement[bool], ...]:
    return TrailEntry.actor_kind == "staff", TrailEntry.at > moment(RECENT)


def _is_kept() -> ColumnElement[bool]:
    return AnswerDraft.saved_at > moment(answer_drafts.TTL)


def has_company(membership: ColumnElement[int | None]) -> ColumnElement[bool]:
    """The condition that another membership than this may be a recent colleague at the case of the query."""
    opened = exists().where(Reading.case_id == Case.id, Reading.membership_id != membership)
    changed = exists().where(TrailEntry.case_id == Case.id, TrailEntry.actor_id != membership)
    writing = exists().where(AnswerDraft.case_id == Case.id, AnswerDraft.membership_id != membership)
    return or_(
        opened.where(*_recently_opened()).correlate(Case),
        changed.where(*_recently_changed()).correlate(Case),
        writing.where(_is_kept()).correlate(Case),
    )
