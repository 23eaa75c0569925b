"""The counted answers of the survey: days and answers by unit, no case and no text."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, or_, select

from portal.db import session
from portal.identity.absences.units import headed_units
from portal.identity.actors import Staff
from portal.statistics.models import CountedSurvey
from portal.statistics.survey_rules import SurveyCount, complete
from portal.surveys.models import SurveyAnswer


def survey_counts(actor: Staff, first: date) -> Sequence[SurveyCount]:
    """The answers about the units that the actor heads, from a day on, by day."""
    units = [unit.id for unit in headed_units(actor)]
    row = SurveyAnswer.answered_on, SurveyAnswer.helped, SurveyAnswer.treatment
    query = select(*row, func.count()).where(SurveyAnswer.unit_id.in_(units))
    rows = session().execute(query.where(SurveyAnswer.answered_on >= first).group_by(*row)).all()
    return [SurveyCount(*values) for values in rows]


def add_month(last: date) -> None:
    """Keep the sums of the answers until the last day of a month, of each unit that has enough new ones."""
    own = CountedSurvey.unit_id == SurveyAnswer.unit_id, CountedSurvey.board_id == SurveyAnswer.board_id
    counted = select(func.max(CountedSurvey.last)).where(*own).correlate(SurveyAnswer).scalar_subquery()
    row = SurveyAnswer.unit_id, SurveyAnswer.board_id, SurveyAnswer.helped, SurveyAnswer.treatment
    is_new = or_(counted.is_(None), SurveyAnswer.answered_on > counted)
    query = select(*row, func.count()).where(SurveyAnswer.answered_on <= last, is_new).group_by(*row)
    parts = complete(session().execute(query).all())
    rows = [
        {"unit_id": unit, "board_id": board, "last": last, "sums": sums}
        for (unit, board), sums in parts.items()
    ]
    if rows:
        session().execute(insert(CountedSurvey), rows)
