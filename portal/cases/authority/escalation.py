"""Escalation: the manager who gets the case of a sender who is not satisfied."""

from sqlalchemy import select

from portal.cases.access import may_read, scope
from portal.cases.models import Case
from portal.cases.queries import answerers_of_earlier_rounds, case_scope
from portal.db import session
from portal.identity import queries as people
from portal.identity.actors import Role
from portal.identity.models import Membership
from portal.identity.sessions import is_running

LEVELS = (Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION)


def nearest_manager(case: Case) -> int | None:
    """Membership id of the nearest manager who may see the case and has not answered it.

    The head of its unit first, then the head of its administration; None if there is none.
    """
    facts = case_scope(case)
    answerers = answerers_of_earlier_rounds(case)
    query = select(Membership).where(is_running(), Membership.role.in_(LEVELS)).order_by(Membership.id)
    managers = []
    for manager in session().scalars(query):
        if manager.person_id not in answerers and may_read(scope(people.as_staff(manager)), facts):
            managers.append(manager)
    # Within a level the head of this very unit comes before one without a unit, who heads all of them.
    managers.sort(key=lambda manager: (LEVELS.index(manager.role), manager.unit_id != case.handling_unit_id))
    return managers[0].id if managers else None
