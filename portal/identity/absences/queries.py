"""Who is away, who answers for them, and who may write an absence for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Row, Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.db import once_per_read, session
from portal.identity import queries as people
from portal.identity.absences.rules import ROLES, Absence, answers_for
from portal.identity.absences.units import headed_units
from portal.identity.actors import Role, Staff
from portal.identity.models import Membership, StaffAbsence
from portal.identity.queries import Member
from portal.identity.sessions import is_running

_TODAY = bindparam("today", type_=Date)


@dataclass(frozen=True)
class AwayNow:
    """A membership that is away today: until when, and its own substitute, if they run."""

    membership: int
    last: date
    substitute: int | None


@once_per_read
def away_now() -> Mapping[int, AwayNow]:
    """The memberships that are away today, by id. One statement."""
    rows = session().execute(_away_now(), {"today": clock.today()})
    return {row[0]: AwayNow(*row) for row in rows}


@cache
def _away_now() -> Select[*tuple[Any, ...]]:
    substitute = aliased(Membership)
    # A substitute whose membership has ended answers for no one.
    runs = and_(substitute.id == StaffAbsence.substitute_id, is_running(substitute))
    query = select(StaffAbsence.membership_id, StaffAbsence.last_day, substitute.id)
    query = query.select_from(StaffAbsence).outerjoin(substitute, runs)
    return query.where(StaffAbsence.first_day <= _TODAY, StaffAbsence.last_day >= _TODAY)


def answering_for(membership: int | None) -> int | None:
    """The membership that answers for one today: the same, or its substitute; None if there is none."""
    if membership is None:
        return None
    away = {row.membership: row.substitute for row in away_now().values()}
    return answers_for(membership, away)


def substituted_by(actor: Staff) -> list[AwayNow]:
    """Those for whom the actor answers today."""
    if actor.membership is None:
        return []
    away = away_now()
    return [row for row in away.values() if answering_for(row.membership) == actor.membership]


def known_absences() -> list[Absence]:
    """Every absence that is not over, for the rules."""
    substitute = aliased(Membership)
    columns = (
        StaffAbsence.membership_id,
        Membership.person_id,
        StaffAbsence.first_day,
        StaffAbsence.last_day,
        StaffAbsence.substitute_id,
        substitute.person_id,
    )
    query = select(*columns).join(Membership, Membership.id == StaffAbsence.membership_id)
    query = query.outerjoin(substitute, substitute.id == StaffAbsence.substitute_id)
    query = query.where(StaffAbsence.last_day >= clock.today())
    return [Absence(*row) for row in session().execute(query)]


def absences_of(memberships: Sequence[int]) -> Sequence[StaffAbsence]:
    """The absences of memberships that are not over, the first to begin first."""
    query = select(StaffAbsence).where(
        StaffAbsence.membership_id.in_(memberships), StaffAbsence.last_day >= clock.today()
    )
    return session().scalars(query.order_by(StaffAbsence.first_day, StaffAbsence.id)).all()


def absence_for(actor: Staff, absence_id: int) -> StaffAbsence | None:
    """The absence with this id, if the actor may remove it."""
    row = session().get(StaffAbsence, absence_id)
    managed = {member.id for member in managed_by(actor)}
    return row if row and row.membership_id in managed else None


def managed_by(actor: Staff) -> list[Member]:
    """Whose absences the actor may see and write: their own, and those of whom they head; by name."""
    if actor.role not in ROLES:
        return []
    headed = headed_units(actor)
    units = {unit.id for unit in headed}
    has_first_line = any(unit.first_line for unit in headed)
    managed = []
    for member in people.member_rows():
        # Registrars have no unit: they work in the first line.
        is_theirs = has_first_line if member.role is Role.REGISTRAR else member.unit_id in units
        if member.id == actor.membership or (is_theirs and member.role in ROLES):
            managed.append(member)
    return sorted(managed, key=lambda member: (member.name.casefold(), member.id))


def substitutes_for(member: Member) -> list[Member]:
    """Those who read the same cases and may substitute for a member, by name."""
    same = [row for row in people.member_rows() if _reads_the_same(row, member)]
    others = [row for row in same if row.person_id != member.person_id]
    return sorted(others, key=lambda row: (row.name.casefold(), row.id))


def _reads_the_same(member: Member, other: Member) -> bool:
    where = member.unit_id, member.board_id, member.administration_id
    return member.role in ROLES and where == (other.unit_id, other.board_id, other.administration_id)


def runs_until(membership: int, last: date) -> bool:
    """Whether a membership runs now and does not end before the end of a day."""
    query = select(Membership.ended_at).where(Membership.id == membership, is_running())
    row: Row[Any] | None = session().execute(query).first()
    return row is not None and (row[0] is None or row[0] >= clock.end_of_day(last))
