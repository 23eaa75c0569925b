"""The listeners of every event. An event without listeners has an empty list, on purpose."""

from portal.audit.trail import append_to_trail
from portal.cases import events
from portal.events import Event, Listener
from portal.notifications.outbox import enqueue_message

# Written out for every event: tests/architecture/test_wiring.py fails for an event that is left out.
LISTENERS: dict[type[Event], list[Listener]] = {
    events.CaseReceived: [append_to_trail, enqueue_message],
    events.CaseTaken: [append_to_trail, enqueue_message],
    events.CaseTakenOver: [append_to_trail],
    events.CaseAssigned: [append_to_trail],
    events.NoteAdded: [append_to_trail],
    events.CaseAnswered: [append_to_trail, enqueue_message],
    events.CaseAnsweredAndClosed: [append_to_trail, enqueue_message],
    events.CaseAnsweredOrally: [append_to_trail, enqueue_message],
    events.CaseClosed: [append_to_trail, enqueue_message],
    events.ReplyReceived: [append_to_trail],
    events.CaseReopened: [append_to_trail],
    events.SupplementAsked: [append_to_trail, enqueue_message],
    events.SupplementGiven: [append_to_trail],
    events.SupplementGivenUp: [append_to_trail],
    events.SenderContacted: [append_to_trail, enqueue_message],
    events.CallDocumented: [append_to_trail],
    events.DeadlineExtended: [append_to_trail, enqueue_message],
    events.DeadlineRecounted: [append_to_trail, enqueue_message],
    events.CaseHandedOver: [append_to_trail],
    events.ContactNamed: [append_to_trail],
    events.RecordRequestFlagged: [append_to_trail],
    events.SenderProtected: [append_to_trail],
    events.SenderUnprotected: [append_to_trail],
    events.CaseMoved: [append_to_trail, enqueue_message],
    events.CaseRedirected: [append_to_trail, enqueue_message],
    events.CaseMerged: [append_to_trail, enqueue_message],
    events.CaseUnmerged: [append_to_trail],
    events.CaseSplit: [append_to_trail],
    events.CasesRelated: [append_to_trail],
    events.RelationEnded: [append_to_trail],
    events.CaseReopenedByStaff: [append_to_trail],
    events.MeasureNoted: [append_to_trail],
    events.ImprovementProposed: [append_to_trail],
    events.ProposalDecided: [append_to_trail],
    events.ProposalCarriedOut: [append_to_trail],
    events.ProposalRejected: [append_to_trail],
    events.CaseWithdrawn: [append_to_trail, enqueue_message],
    events.SenderNotSatisfied: [append_to_trail],
    events.CaseAdopted: [append_to_trail],
    events.CodeLinkAsked: [append_to_trail, enqueue_message],
    events.CodeReplaced: [append_to_trail],
}
