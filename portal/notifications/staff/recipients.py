"""The members of staff who are notified of a case, all of whom may read it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select

from portal.cases.access import may_read, scope
from portal.cases.models import Case
from portal.cases.queries import case_scope
from portal.db import session
from portal.identity import queries as people
from portal.identity.absences.queries import answering_for, away_now
from portal.identity.actors import Role
from portal.identity.models import Membership
from portal.identity.queries import Member
from portal.identity.sessions import is_running
from portal.notifications.staff import rules
from portal.organisation.models import Unit

# What people.Member holds except the name: that is encrypted, and a notice needs none.
_COLUMNS = (
    Membership.id,
    Membership.person_id,
    Membership.role,
    Membership.unit_id,
    Membership.board_id,
    Membership.administration_id,
)


def recipients(case: Case) -> list[Member]:
    """Whom to notify of the case: in place of who is away, their substitute."""
    facts = case_scope(case)
    officer = answering_for(case.officer_id)
    readers = [member for member in _near(case, officer) if may_read(scope(people.as_staff(member)), facts)]
    units = case.handling_unit_id, case.responsible_unit_id
    away = away_now()
    present = [member for member in readers if member.id not in away]
    first_line = _is_first_line(case)
    # If all who could be notified are away, it is better that they all get to know than none.
    return rules.recipients(present, officer, units, first_line) or rules.recipients(
        readers, officer, units, first_line
    )


def _near(case: Case, officer: int | None) -> Sequence[Member]:
    return [Member(*[*row, ""]) for row in session().execute(_near_query(case, officer))]


def _near_query(case: Case, officer: int | None) -> Select[*tuple[Any, ...]]:
    near = or_(
        Membership.id == officer,
        Membership.unit_id.in_([case.handling_unit_id, case.responsible_unit_id]),
        Membership.role.in_([Role.REGISTRAR, Role.HEAD_OF_ADMINISTRATION]),
    )
    return select(*_COLUMNS).where(is_running(), near).order_by(Membership.id)


def _is_first_line(case: Case) -> bool:
    return session().get_one(Unit, case.handling_unit_id).first_line
