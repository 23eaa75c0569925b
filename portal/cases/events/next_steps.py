"""Events of the day of the next step, which presses where no promise does."""

from portal.cases.events import CaseEvent


class NextStepSet(CaseEvent):
    """A handler set the day of the next step."""


class NextStepTold(CaseEvent):
    """A handler set the day of the next step, and the sender is told it."""
