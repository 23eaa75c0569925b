"""The counted answers of the survey: days and answers by unit, no case and no text."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from portal.db import session
from portal.identity.absences.units import headed_units
from portal.identity.actors import Staff
from portal.statistics.survey_rules import SurveyCount
from portal.surveys.models import SurveyAnswer


def survey_counts(actor: Staff, first: date) -> Sequence[SurveyCount]:
    """The answers about the units that the actor heads, from a day on, by day."""
    units = [unit.id for unit in headed_units(actor)]
    row = SurveyAnswer.answered_on, SurveyAnswer.helped, SurveyAnswer.treatment
    query = select(*row, func.count()).where(SurveyAnswer.unit_id.in_(units))
    rows = session().execute(query.where(SurveyAnswer.answered_on >= first).group_by(*row)).all()
    return [SurveyCount(*values) for values in rows]
