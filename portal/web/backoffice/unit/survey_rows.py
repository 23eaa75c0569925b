"""What senders think of the answers of units: two rows of the figures of a head."""

from collections.abc import Sequence

from portal.identity.actors import Staff
from portal.statistics.figures.definitions import DEFINITIONS
from portal.statistics.rules import MIN_CASES
from portal.statistics.survey_rules import nested_figures
from portal.statistics.surveys import survey_counts
from portal.statistics.unit_rules import Period, Share
from portal.translation import gettext as _


def survey_rows(actor: Staff, periods: Sequence[Period]) -> list[tuple[str, str, list[str]]]:
    """A label, what it means, and a cell for each period."""
    counts = survey_counts(actor, min(period.first for period in periods))
    every = nested_figures(counts, periods)
    shown = _("Minst %(count)s svar, och minst %(count)s fler än i en kortare period.", count=MIN_CASES)
    cells = {
        "survey_helped": [_cell(row.helped if row else None) for row in every],
        "survey_treatment": [_cell(row.treated_well if row else None) for row in every],
    }
    return [
        (str(DEFINITIONS[key].name), f"{DEFINITIONS[key].counted} {shown}", own) for key, own in cells.items()
    ]


def _cell(share: Share | None) -> str:
    if share is None:
        return _("för få svar")
    percent = _("%(number)s\N{NO-BREAK SPACE}%%", number=100 * share.count // share.total)
    text = _("%(count)s av %(total)s", count=share.count, total=share.total)
    return f"{percent} ({text})"
