"""The shares of the survey in a period, and which of them may be shown. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.statistics.figures.sums import Sums
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


def complete(rows: Iterable[tuple[int, int, Helped, Treatment, int]]) -> dict[tuple[int, int], Sums]:
    """The sums of the answers of each unit and board that has enough of them; the rest wait.

    Everything that is shown of months is a sum of these, so no two numbers differ by fewer than MIN_CASES.
    """
    every: dict[tuple[int, int], Sums] = {}
    for unit, board, helped, treatment, count in rows:
        sums = every.setdefault((unit, board), Sums())
        sums.update({"survey": count, f"helped.{helped}": count, f"treatment.{treatment}": count})
    return {place: sums for place, sums in every.items() if sums["survey"] >= MIN_CASES}


def nested_figures(counts: Sequence[SurveyCount], periods: Sequence[Period]) -> list[SurveyFigures | None]:
    """The figures of periods of which each has the one before in it: the shortest first.

    None too for a period that has from 1 to 4 answers more than a shorter one that is shown: less that one,
    it would tell of them.
    """
    every: list[SurveyFigures | None] = []
    shorter = 0
    for period in periods:
        figures = survey_figures(counts, period)
        total = figures.helped.total if figures else 0
        is_shown = total == shorter or total - shorter >= MIN_CASES
        every.append(figures if is_shown else None)
        shorter = total if is_shown else shorter
    return every


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
