"""The answers of the survey in groups: of whole months, unit by unit, and never of fewer than five."""

from collections.abc import Hashable

from sqlalchemy import select

from portal.db import session
from portal.identity.absences.units import headed_units
from portal.identity.actors import Staff
from portal.statistics.figures.dimensions import CALENDAR, Dimension
from portal.statistics.figures.sums import Sums
from portal.statistics.inside.rules import Months, Narrowed, sees_cases
from portal.statistics.models import CountedSurvey

# An answer knows no more: it is not tied to its case (docs/decisions/0022).
COLUMNS = {"board": CountedSurvey.board_id, "unit": CountedSurvey.unit_id}


def is_counted(narrowed: Narrowed, by: Dimension) -> bool:
    """Whether the answers can be counted within these limits and in these groups."""
    return set(narrowed.set_values()) <= set(COLUMNS) and (by in CALENDAR or by in COLUMNS)


def survey_sums(actor: Staff, months: Months, narrowed: Narrowed, by: Dimension) -> dict[Hashable, Sums]:
    """The sums of each group; a head gets those of the units that they head."""
    query = select(CountedSurvey.last, CountedSurvey.board_id, CountedSurvey.unit_id, CountedSurvey.sums)
    query = query.where(CountedSurvey.last.between(months.first, months.last_day))
    query = query.where(*(COLUMNS[name] == value for name, value in narrowed.set_values().items()))
    if sees_cases(actor):
        query = query.where(CountedSurvey.unit_id.in_([unit.id for unit in headed_units(actor)]))
    groups: dict[Hashable, Sums] = {}
    for last, board, unit, sums in session().execute(query):
        group: Hashable = {"board": board, "unit": unit}.get(by) or CALENDAR[by](last.replace(day=1))
        groups.setdefault(group, Sums()).update(sums)
    return groups
