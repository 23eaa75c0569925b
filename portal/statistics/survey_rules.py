"""The shares of the survey in a period, and which of them may be shown. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.statistics.rules import MIN_CASES
from portal.statistics.unit_rules import Period, Share
from portal.surveys.rules import Helped, Treatment


@dataclass(frozen=True)
class SurveyCount:
    """How many gave these two answers on a day."""

    day: date
    helped: Helped
    treatment: Treatment
    count: int


@dataclass(frozen=True)
class SurveyFigures:
    """Of those who answered: how many got an answer to what they asked, and how many were treated well."""

    helped: Share
    treated_well: Share


def survey_figures(counts: Sequence[SurveyCount], period: Period) -> SurveyFigures | None:
    """The figures of a period; None for fewer than MIN_CASES answers.

    Who knows one of so few senders could learn from the others what that one thought.
    """
    rows = [row for row in counts if period.has(row.day)]
    total = sum(row.count for row in rows)
    if total < MIN_CASES:
        return None
    helped = sum(row.count for row in rows if row.helped is Helped.YES)
    treated_well = sum(row.count for row in rows if row.treatment is Treatment.GOOD)
    return SurveyFigures(Share(helped, total), Share(treated_well, total))
