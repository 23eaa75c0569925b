"""The definitions of the figures of a report, which it keeps as they were when it was counted."""

from collections.abc import Iterable

from portal.board_reports.content import Definition
from portal.organisation import queries as organisation
from portal.statistics.figures.definitions import DEFINITIONS
from portal.statistics.inside.rules import Measure
from portal.translation import gettext as _staff
from portal.translation import in_language

ALWAYS = ("fates", "closed_months")


def of_now(measures: Iterable[Measure]) -> tuple[Definition, ...]:
    """What each figure is and how it is counted, in the language of the municipality."""
    with in_language(organisation.profile().language):
        keys = [*(measure.value for measure in measures), *ALWAYS]
        known = [Definition(key, str(DEFINITIONS[key].name), str(DEFINITIONS[key].counted)) for key in keys]
        return (*known, Definition("small", str(DEFINITIONS["small"].name), _small()))


def _small() -> str:
    # Those who are not employed read it in the municipality's language alone.
    return _staff(
        "Delarna kan bli fler eller färre än alla, eftersom varje antal är avrundat för sig. Andelar av "
        "färre än hundra är avrundade till närmaste 5, 10 eller 20 procent. Antal under fem visas inte, och "
        "små grupper slås ihop."
    )
