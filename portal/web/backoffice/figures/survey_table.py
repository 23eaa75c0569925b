"""The table of the survey, for the page and for files: how many answered, and what they answered."""

from portal.identity.actors import Staff
from portal.statistics.figures.definitions import DEFINITIONS
from portal.statistics.figures.sums import Sums
from portal.statistics.inside import surveys
from portal.statistics.inside.rules import Part, paired, whole
from portal.surveys.rules import Helped, Treatment
from portal.translation import gettext as _
from portal.web.backoffice.figures import columns
from portal.web.backoffice.figures.choice import GROUPS, Asked
from portal.web.backoffice.figures.tables import Cell, Row, Table
from portal.words.dates import breakable

KEY = "enkat"


def table(actor: Staff, wanted: Asked) -> Table | None:
    """The answers of a request; None if there are none, or they cannot be counted so."""
    rows = [Row(name, _cells(sums), is_whole) for name, sums, is_whole in _groups(actor, wanted)]
    return Table(KEY, title(), rows) if rows else None


def title() -> str:
    """The heading of the table, and of its sheet."""
    return str(DEFINITIONS["survey"].name)


def file_rows(actor: Staff, wanted: Asked) -> list[list[str | int]]:
    """The same as rows of a file, with the headings first; none if there is no table."""
    groups = _groups(actor, wanted)
    if not groups:
        return []
    rows: list[list[str | int]] = [[str(GROUPS[wanted.grouped][1]), _("Svar på enkäten"), *_shares()]]
    for name, sums, _is_whole in groups:
        # Plain spaces, as in the figures of the cases.
        rows.append([breakable(name), *(sums[key] for key in ("survey", *_shares().values()))])
    return rows


def _groups(actor: Staff, wanted: Asked) -> list[tuple[str, Sums, bool]]:
    """The name and the sums of each group, and whether it is all of them, which is the first."""
    if not wanted.months or not surveys.is_counted(wanted.narrowed, wanted.by):
        return []
    sums = surveys.survey_sums(actor, wanted.months, wanted.narrowed, wanted.by)
    if not sums:
        return []
    groups = paired(sums, {}, wanted.by)
    names = columns.group_names(wanted.by)
    rows = [(columns.group_name(wanted.by, group, names), group.sums, False) for group in groups]
    return [(_("Alla"), whole(groups).sums, True), *rows]


def _shares() -> dict[str, str]:
    return {
        _("Ja"): f"helped.{Helped.YES}",
        _("Delvis"): f"helped.{Helped.PARTLY}",
        _("Nej"): f"helped.{Helped.NO}",
        str(DEFINITIONS["survey_treatment"].name): f"treatment.{Treatment.GOOD}",
    }


def _cells(sums: Sums) -> list[Cell]:
    cells = [Cell(_("Svar på enkäten"), str(sums["survey"]))]
    for label, key in _shares().items():
        cells.append(Cell(label, columns.share(Part(sums[key], sums["survey"]))))
    return cells
