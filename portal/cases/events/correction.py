"""The events of corrections: of what a case was registered as, and of its place."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent, Code, MessageEvent


@dataclass(frozen=True, kw_only=True)
class CaseReclassified(CaseEvent):
    """Kind, topic, level or subjects of the case were corrected: each as it was and as it is.

    Topics by id, 0 for none and for a level that is not judged. `promised`: an answer is promised, which
    the sender did not want before.
    """

    kind: Code
    kind_before: Code
    topic: int
    topic_before: int
    level: int
    level_before: int
    public: bool
    internal: bool
    promised: bool


class PlaceCorrected(MessageEvent):
    """The place of a fault was corrected; `message` is the note with the one before."""
