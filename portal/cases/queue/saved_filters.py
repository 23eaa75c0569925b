"""Saved views: named filters of the queue, of one member of staff or shared with a unit."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache

from sqlalchemy import Integer, Select, bindparam, func, or_, select

from portal import clock
from portal.cases.queue.filters import canonical
from portal.cases.queue.models import SavedView
from portal.db import session
from portal.identity.actors import Role, Staff

MAX_NAME = 60
MAX_VIEWS = 20


class Full(StrEnum):
    """Whose saved views have reached MAX_VIEWS."""

    OWN = "own"
    UNIT = "unit"


class TooMany(Exception):
    """The limit of saved views has been reached."""

    def __init__(self, limit: Full) -> None:
        super().__init__(limit.value)
        self.limit = limit


def saved(actor: Staff) -> Sequence[SavedView]:
    """The actor's own views and those of their unit, by name."""
    values = {"membership": actor.membership, "unit": actor.unit}
    return session().scalars(_saved(), values).all()


@cache
def _saved() -> Select[SavedView]:
    own = SavedView.unit_id.is_(None) & (SavedView.membership_id == bindparam("membership", type_=Integer))
    # No view is shared with the unit of a membership that has none.
    of_unit = SavedView.unit_id == bindparam("unit", type_=Integer)
    return select(SavedView).where(or_(own, of_unit)).order_by(func.lower(SavedView.name), SavedView.id)


def save(actor: Staff, name: str, parameters: Mapping[str, str], shared: bool = False) -> SavedView:
    """Save query parameters as a view; the same ones again rename the first view. Raises TooMany."""
    query = canonical(parameters)
    unit = actor.unit if shared else None
    existing = [view for view in saved(actor) if view.unit_id == unit]
    for view in existing:
        if view.parameters == query and view.membership_id == actor.membership:
            view.name = name
            return view
    if len(existing) >= MAX_VIEWS:
        raise TooMany(Full.UNIT if unit else Full.OWN)
    view = SavedView(membership_id=actor.membership, unit_id=unit, name=name, parameters=query)
    view.created_at = clock.now()
    session().add(view)
    return view


def may_remove(actor: Staff, view: SavedView) -> bool:
    """Whether the actor created the view, or is head of the unit that it is shared with."""
    # A head who has no unit is head of all; a view that is not shared has none either. They must not match.
    is_head = actor.role is Role.HEAD_OF_UNIT and view.unit_id is not None and view.unit_id == actor.unit
    return is_head or view.membership_id == actor.membership


def remove(actor: Staff, view_id: int) -> bool:
    """Delete a view; returns False if the actor has none with this id that they may delete."""
    for view in saved(actor):
        if view.id == view_id and may_remove(actor, view):
            session().delete(view)
            return True
    return False
