"""Who else is at a case: what the read log and the trail have of the last ten minutes."""

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

LATELY = timedelta(minutes=10)
MAX_COLLEAGUES = 5


class Colleague(NamedTuple):
    """Somebody else among staff: when they last opened the case, and when they last changed it."""

    name: str
    opened_at: datetime | None
    changed_at: datetime | None


def company(actor: Staff, of: Case) -> list[Colleague]:
    """Who else has opened or changed a case lately, the latest first, whatever they work as.

    Whoever has a protected identity is left out: that they were here is nothing for a page.
    """
    rows = union_all(_opened(actor, of), _changed(actor, of)).subquery()
    opened = func.max(case((rows.c.changed == 0, rows.c.at)))
    changed = func.max(case((rows.c.changed == 1, rows.c.at)))
    query = select(Person.name, opened, changed).join(Membership, Membership.person_id == Person.id)
    query = query.join(rows, rows.c.who == Membership.id)
    query = query.where(Person.id != actor.person, Person.protected.is_(False)).group_by(Person.id)
    found = session().execute(query.order_by(func.max(rows.c.at).desc(), Person.id).limit(MAX_COLLEAGUES))
    return [Colleague(*row) for row in found]


def _opened(actor: Staff, of: Case) -> Select[int, datetime, int]:
    query = select(Reading.membership_id.label("who"), Reading.at.label("at"), literal(0).label("changed"))
    query = query.join(Case, Reading.case_id == Case.id).where(visible_to(actor), Case.id == of.id)
    return query.where(Reading.at > clock.now() - LATELY)


def _changed(actor: Staff, of: Case) -> Select[int | None, datetime, int]:
    query = select(TrailEntry.actor_id, TrailEntry.at, literal(1))
    query = query.join(Case, TrailEntry.case_id == Case.id).where(visible_to(actor), Case.id == of.id)
    return query.where(TrailEntry.actor_kind == "staff", TrailEntry.at > clock.now() - LATELY)
