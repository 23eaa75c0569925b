"""Saved views: named filters of the queue, of one member of staff or shared with a unit."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy import func, or_, select

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

    def __init__(self, whose: Full) -> None:
        super().__init__(whose.value)
        self.whose = whose


def saved(actor: Staff) -> Sequence[SavedView]:
    """The actor's own views and those of their unit, by name."""
    of_unit = SavedView.unit_id == actor.unit if actor.unit else SavedView.id.is_(None)
    own = SavedView.unit_id.is_(None) & (SavedView.membership_id == actor.membership)
    query = select(SavedView).where(or_(own, of_unit)).order_by(func.lower(SavedView.name), SavedView.id)
    return session().scalars(query).all()


def save(actor: Staff, name: str, parameters: Mapping[str, str], shared: bool = False) -> SavedView:
    """Save query parameters as a view; the same ones again rename the first view. Raises TooMany."""
    asked, unit = canonical(parameters), actor.unit if shared else None
    mine = [each for each in saved(actor) if each.unit_id == unit]
    view = next(
        (each for each in mine if each.parameters == asked and each.membership_id == actor.membership), None
    )
    if view:
        view.name = name
        return view
    if len(mine) >= MAX_VIEWS:
        raise TooMany(Full.UNIT if unit else Full.OWN)
    view = SavedView(membership_id=actor.membership, unit_id=unit, name=name, parameters=asked)
    view.created_at = clock.now()
    session().add(view)
    return view


def may_remove(actor: Staff, view: SavedView) -> bool:
    """Whether the actor created the view, or is head of the unit that it is shared with."""
    heads = actor.role is Role.HEAD_OF_UNIT and view.unit_id is not None and view.unit_id == actor.unit
    return heads or view.membership_id == actor.membership


def remove(actor: Staff, view_id: int) -> bool:
    """Delete a view; returns False if the actor has none with this id that they may delete."""
    view = next((each for each in saved(actor) if each.id == view_id), None)
    if view is None or not may_remove(actor, view):
        return False
    session().delete(view)
    return True
