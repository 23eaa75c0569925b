"""The free texts of the survey, for the heads of the units and for the records of their boards."""

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload

from portal.identity.absences.units import HEADS, headed_units
from portal.identity.actors import Role, Staff
from portal.pagination import BEGINNING, Order, Page, Place, page
from portal.surveys.models import SurveyComment

NEWEST = Order(
    "comments", SurveyComment.month.expression, SurveyComment.id.expression, moments=False, down=True
)
PAGE = 25


def reads_comments(actor: Staff) -> bool:
    """Whether an actor reads free texts: a head those of their units, records those of their boards."""
    if actor.role is Role.RECORDS_OFFICER:
        return actor.board is not None or actor.common_registry
    return actor.role in HEADS


def list_comments(actor: Staff, where: Place = BEGINNING, size: int = PAGE) -> Page:
    """A page of the free texts that the actor reads, the newest first."""
    return page(_readable(actor).options(joinedload(SurveyComment.unit)), NEWEST, where, size)


def _readable(actor: Staff) -> Select[SurveyComment]:
    query = select(SurveyComment)
    if not reads_comments(actor):
        return query.where(false())
    if actor.role is Role.RECORDS_OFFICER:
        return query.where(SurveyComment.board_id == actor.board) if actor.board is not None else query
    return query.where(SurveyComment.unit_id.in_([unit.id for unit in headed_units(actor)]))
