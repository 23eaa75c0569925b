"""Who has been shown a case, for its sender: role and place as they were then, time and kind, no name."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, exists, func, select

from portal.audit.models import Read, Reading
from portal.cases.models import Case
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import session
from portal.identity.actors import Actor, Role
from portal.identity.models import BreakGlass, Membership
from portal.pagination import Order, Page, Place, page_of, rows

SIZE = 100
# Of a batch of cases: a copy for their sender has this many, the latest ones.
MAX_EXPORTED = 20_000
ORDER = Order("lasningar", Reading.at.expression, Reading.id.expression, moments=True, down=True)


class Opening(NamedTuple):
    """A member of staff was shown a case. `emergency`: by emergency access."""

    case: int
    at: datetime
    what: Read
    role: Role
    unit: int | None
    board: int | None
    administration: int | None
    emergency: bool


def openings(actor: Actor, case: Case, where: Place) -> Page:
    """A page of the displays of a case that the actor may see, the latest first, each an Opening."""
    query = _openings(kind_of(actor)).where(Case.id == case.id).params(scope_values(actor))
    nearby = page_of(lambda at: rows(query, ORDER, at, SIZE), ORDER, where, SIZE)
    return Page([Opening(*row[:-2]) for row in nearby.rows], nearby.before, nearby.after)


def openings_of(actor: Actor, cases: Sequence[int]) -> tuple[list[Opening], bool]:
    """The displays of those of the cases that the actor may see, the latest first; at most MAX_EXPORTED.

    And whether there are older ones.
    """
    query = _openings(kind_of(actor)).where(Case.id.in_(bindparam("cases", expanding=True)))
    query = query.order_by(Reading.id.desc()).limit(MAX_EXPORTED + 1)
    values = {"cases": list(cases), **scope_values(actor)}
    openings = [Opening(*row) for row in session().execute(query, values)]
    return openings[:MAX_EXPORTED], len(openings) > MAX_EXPORTED


@cache
def _openings(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    # Rows from before role and place were kept have those of the membership today.
    kept = Reading.role.is_not(None)
    emergency = exists().where(BreakGlass.membership_id == Reading.membership_id).correlate(Reading)
    query = select(
        Reading.case_id,
        Reading.at,
        Reading.what,
        func.coalesce(Reading.role, Membership.role, type_=Reading.role.type),
        func.coalesce(Reading.unit_id, Membership.unit_id),
        func.coalesce(Reading.board_id, Membership.board_id),
        func.coalesce(Reading.administration_id, Membership.administration_id),
        emergency,
    )
    query = query.join(Case, Case.id == Reading.case_id)
    earlier = and_(Membership.id == Reading.membership_id, ~kept)
    return query.outerjoin(Membership, earlier).where(visible_to(parametrised(kind)))
