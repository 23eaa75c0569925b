"""Events of what the portal reminds the sender of."""

from portal.cases.events import CaseEvent


class SupplementReminded(CaseEvent):
    """The sender was reminded of the supplement that they were asked for."""
