"""Colleagues who have opened or changed a case in the last ten minutes, from the read log and the trail."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, case, func, literal, select, union_all

from portal import clock
from portal.audit.models import Reading, TrailEntry
from portal.cases.models import Case
from portal.cases.queries import visible_to
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person

RECENT = timedelta(minutes=10)
MAX_COLLEAGUES = 5


class Colleague(NamedTuple):
    """Another member of staff, with the times (UTC) when they last opened and last changed the case."""

    name: str
    opened_at: datetime | None
    changed_at: datetime | None


def recent_colleagues(actor: Staff, of: Case) -> list[Colleague]:
    """Return the colleagues who opened or changed a case recently, as any membership, latest first."""
    rows = union_all(_opened(actor, of), _changed(actor, of)).subquery()
    opened = func.max(case((rows.c.changed == 0, rows.c.at)))
    changed = func.max(case((rows.c.changed == 1, rows.c.at)))
    query = select(Person.name, opened, changed).join(Membership, Membership.person_id == Person.id)
    query = query.join(rows, rows.c.membership_id == Membership.id)
    # A colleague with protected personal data (skyddade personuppgifter) is never named on a page.
    query = query.where(Person.id != actor.person, Person.protected.is_(False)).group_by(Person.id)
    latest = query.order_by(func.max(rows.c.at).desc(), Person.id).limit(MAX_COLLEAGUES)
    return [Colleague(*row) for row in session().execute(latest)]


def _opened(actor: Staff, of: Case) -> Select[int, datetime, int]:
    query = select(
        Reading.membership_id.label("membership_id"), Reading.at.label("at"), literal(0).label("changed")
    )
    query = query.join(Case, Reading.case_id == Case.id).where(visible_to(actor), Case.id == of.id)
    return query.where(Reading.at > clock.now() - RECENT)


def _changed(actor: Staff, of: Case) -> Select[int | None, datetime, int]:
    query = select(TrailEntry.actor_id, TrailEntry.at, literal(1))
    query = query.join(Case, TrailEntry.case_id == Case.id).where(visible_to(actor), Case.id == of.id)
    return query.where(TrailEntry.actor_kind == "staff", TrailEntry.at > clock.now() - RECENT)
