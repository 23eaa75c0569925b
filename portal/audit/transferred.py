"""What a board still has of a case that another authority answers for now: all until then, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.audit import trail
from portal.audit.trail import Entry
from portal.cases.authority import handovers
from portal.cases.authority.models import CaseHandover
from portal.cases.models import Measure, Message
from portal.identity.actors import Staff


@dataclass(frozen=True)
class TransferredCase:
    """A case as the former board had it when it was handed over."""

    handover: CaseHandover
    messages: Sequence[Message]
    measures: Sequence[Measure]
    trail: Sequence[Entry]


def transferred_case(actor: Staff, year: int, number: int) -> TransferredCase | None:
    """The case with this number as the actor's board had it; None unless they keep that board's register."""
    handover = handovers.transferred_case_for(actor, year, number)
    if handover is None:
        return None
    messages, measures = handovers.messages_held(handover), handovers.measures_held(handover)
    return TransferredCase(handover, messages, measures, trail.entries_until(handover))
