"""The table of the survey: how many answered, and what they answered."""

from portal.identity.actors import Staff
from portal.statistics.figures.definitions import DEFINITIONS
from portal.statistics.figures.sums import Sums
from portal.statistics.inside import surveys
from portal.statistics.inside.rules import Part, paired, whole
from portal.surveys.rules import Helped, Treatment
from portal.translation import gettext as _
from portal.web.backoffice.figures import columns
from portal.web.backoffice.figures.choice import Asked
from portal.web.backoffice.figures.tables import Cell, Row, Table

KEY = "enkat"


def table(actor: Staff, wanted: Asked) -> Table | None:
    """The answers of a request; None if there are none, or they cannot be counted so."""
    if not wanted.months or not surveys.is_counted(wanted.narrowed, wanted.by):
        return None
    sums = surveys.survey_sums(actor, wanted.months, wanted.narrowed, wanted.by)
    if not sums:
        return None
    groups = paired(sums, {}, wanted.by)
    names = columns.group_names(wanted.by)
    rows = [Row(_("Alla"), _cells(whole(groups).sums), True)]
    rows += [Row(columns.group_name(wanted.by, group, names), _cells(group.sums)) for group in groups]
    return Table(KEY, str(DEFINITIONS["survey"].name), rows)


def _cells(sums: Sums) -> list[Cell]:
    shares = {
        _("Ja"): f"helped.{Helped.YES}",
        _("Delvis"): f"helped.{Helped.PARTLY}",
        _("Nej"): f"helped.{Helped.NO}",
        str(DEFINITIONS["survey_treatment"].name): f"treatment.{Treatment.GOOD}",
    }
    cells = [Cell(_("Svar på enkäten"), str(sums["survey"]))]
    for label, key in shares.items():
        cells.append(Cell(label, columns.share(Part(sums[key], sums["survey"]))))
    return cells
