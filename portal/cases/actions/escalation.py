"""Escalation: the manager who gets the case of a sender who is not satisfied."""

from sqlalchemy import select

from portal.cases.access import may_read, scope
from portal.cases.models import Case
from portal.cases.queries import answerers_of_earlier_rounds, case_scope
from portal.db import session
from portal.identity import queries as people
from portal.identity.actors import Role
from portal.identity.models import Membership
from portal.identity.sessions import running

LEVELS = (Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION)


def nearest_manager(case: Case) -> int | None:
    """Membership id of the nearest manager who may see the case and has not answered it.

    The head of its unit first, then the head of its administration; None if there is none.
    """
    known, answered = case_scope(case), answerers_of_earlier_rounds(case)
    heads = select(Membership).where(running(), Membership.role.in_(LEVELS)).order_by(Membership.id)
    found = [
        each
        for each in session().scalars(heads)
        if each.person_id not in answered and may_read(scope(people.as_staff(each)), known)
    ]
    found.sort(key=lambda each: (LEVELS.index(each.role), each.unit_id != case.handling_unit_id))
    return found[0].id if found else None
