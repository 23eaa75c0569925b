"""The figures of units in words, with what each of them means."""

from dataclasses import dataclass
from datetime import date

from portal import clock
from portal.identity.absences.units import headed_units
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.statistics import unit_rules
from portal.statistics.figures.definitions import DEFINITIONS
from portal.statistics.unit_rules import Period, Share, UnitFigures, Untimed
from portal.statistics.units import unit_records
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web.backoffice.unit.survey_rows import survey_rows
from portal.words import dates


@dataclass(frozen=True)
class FigureTable:
    """The columns of the table, each of a period, and its rows: a label, what it means, and the cells."""

    periods: list[tuple[str, str]]
    rows: list[tuple[str, str, list[str]]]


def figure_table(actor: Staff) -> FigureTable:
    """The figures of the units of a head: the last week, 30 days and 90 days."""
    today = clock.today()
    periods = unit_rules.periods(today)
    first = min(period.first for period in periods)
    units = headed_units(actor)
    records = unit_records(actor, [unit.id for unit in units], first)
    # Each case has its own promise, where any is made.
    is_promised = organisation.profile().promise.contact_working_days is not None
    days = None if is_promised else unit_rules.REACH_DAYS
    own = organisation.closed_days()
    every = unit_rules.figures(records, periods, today, own, days)
    labels = (_("Förra veckan"), _("30 dagar"), _("90 dagar"))
    heads = [(label, _span(period, today)) for label, period in zip(labels, periods, strict=True)]
    rows = _rows(every, is_promised, any(unit.first_line for unit in units))
    return FigureTable(heads, [*rows, *survey_rows(actor, periods)])


def _span(period: Period, today: date) -> str:
    first = dates.short_date(period.first, today)
    return f"{first}–{dates.short_date(period.last, today)}"


def _rows(every: list[UnitFigures], is_promised: bool, first_line: bool) -> list[tuple[str, str, list[str]]]:
    """As the definitions have them, so that a figure means the same here as in the figures of a period."""
    cells = {
        "received": [str(row.received) for row in every],
        "answers": [str(row.answers) for row in every],
        "first_contact": [_share(row.first_contact) for row in every],
        "reach" if is_promised else "contact_within": [_share(row.reach) for row in every],
        "answered_in_time": [_share(row.in_time) for row in every],
        "median": [_days(row.median) for row in every],
        "nine_of_ten": [_days(row.percentile_90) for row in every],
    }
    if not first_line:
        # Only the first line solves at first contact: anywhere else the share says nothing.
        del cells["first_contact"]
    return [(str(DEFINITIONS[key].name), str(DEFINITIONS[key].counted), own) for key, own in cells.items()]


def _share(share: Share) -> str:
    if not share.total:
        return _("inget att räkna")
    text = _("%(count)s av %(total)s", count=share.count, total=share.total)
    if share.is_small:
        return _("%(share)s, för få för procent", share=text)
    percent = _("%(number)s\N{NO-BREAK SPACE}%%", number=100 * share.count // share.total)
    return f"{percent} ({text})"


def _days(days: int | Untimed) -> str:
    match days:
        case Untimed.TOO_FEW:
            return _("för få svar")
        case Untimed.WAITING:
            return _("för många svar saknas")
        case _:
            return ngettext("%(num)s arbetsdag", "%(num)s arbetsdagar", days)
