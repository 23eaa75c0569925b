"""Events of matters that are received wherever they are sent: marked, and passed on to where they belong."""

from dataclasses import dataclass

from portal.cases.enums import LegalMatter
from portal.cases.events import CaseEvent, SenderMessageEvent


@dataclass(frozen=True, kw_only=True)
class MatterFlagged(CaseEvent):
    """The case was marked as such a matter, or the mark was removed: then `matter` is None."""

    matter: LegalMatter | None


class MatterPassedOn(SenderMessageEvent):
    """The case was closed here and passed on to a named authority, with its day of arrival."""
