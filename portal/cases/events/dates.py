"""Events of the promised date."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent, Code


@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(CaseEvent):
    """The answer was promised for a later day, `due` (ISO 8601), before the first day had passed."""

    due: Code


class DeadlineRecounted(CaseEvent):
    """A due date moved because the municipality's closed days changed."""
