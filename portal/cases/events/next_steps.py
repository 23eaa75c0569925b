"""Events of the day of the next step, which presses where no promise does."""

from portal.cases.events import CaseEvent


class NextStepSet(CaseEvent):
    """A handler set the day of the next step."""


class NextStepShared(CaseEvent):
    """A handler set the day of the next step, which is sent to the sender too."""
