"""When a registered case may have come in. Pure."""

from datetime import date, datetime
from enum import StrEnum

from portal import clock


class ArrivalProblem(StrEnum):
    """Why a case cannot have come in at a moment."""

    FUTURE = "future"
    BEFORE_START = "before_start"


class WrongArrival(Exception):
    """A moment at which no case can have come in; `problem` says why."""

    def __init__(self, problem: ArrivalProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def arrival_problem(arrived: datetime, now: datetime, first_day: date) -> ArrivalProblem | None:
    """Why a case cannot have come in then; None if it can. `first_day` is that of the municipality here."""
    if arrived > now:
        return ArrivalProblem.FUTURE
    return ArrivalProblem.BEFORE_START if clock.stockholm(arrived).date() < first_day else None
