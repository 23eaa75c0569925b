"""The models of cases, and of what belongs to one."""

from portal.cases.models.case import Case, CaseBar, CaseRelation, NumberSeries, PastClock
from portal.cases.models.location import CaseLocation
from portal.cases.models.marks import Kept, SecrecyMark
from portal.cases.models.measure import Measure
from portal.cases.models.message import Message
from portal.cases.models.party import Party, Representation
from portal.cases.models.task import Task

__all__ = [
    "Case",
    "CaseBar",
    "CaseLocation",
    "CaseRelation",
    "Kept",
    "Measure",
    "Message",
    "NumberSeries",
    "Party",
    "PastClock",
    "Representation",
    "SecrecyMark",
    "Task",
]
