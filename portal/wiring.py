"""What happens when: every event, and who hears it. An empty list would mean: deliberately nobody."""

from portal.audit.trail import record
from portal.cases import events
from portal.events import Event, Listener
from portal.notifications.outbox import queue

LISTENERS: dict[type[Event], list[Listener]] = {
    events.CaseReceived: [record, queue],
    events.CaseTaken: [record, queue],
    events.CaseTakenOver: [record],
    events.CaseAssigned: [record],
    events.NoteAdded: [record],
    events.CaseAnswered: [record, queue],
    events.CaseAnsweredAndClosed: [record, queue],
    events.CaseClosed: [record, queue],
    events.ReplyReceived: [record],
    events.CaseReopened: [record],
    events.SupplementAsked: [record, queue],
    events.SupplementGiven: [record],
    events.SupplementGivenUp: [record],
    events.SenderContacted: [record, queue],
    events.CallDocumented: [record],
    events.DeadlineExtended: [record, queue],
    events.DeadlineRecounted: [record, queue],
    events.CaseHandedOver: [record],
    events.ContactNamed: [record],
    events.RecordRequestFlagged: [record],
    events.SenderProtected: [record],
    events.SenderUnprotected: [record],
    events.CaseMoved: [record, queue],
    events.CaseRedirected: [record, queue],
    events.CaseMerged: [record, queue],
    events.CaseUnmerged: [record],
    events.CaseSplit: [record],
    events.CasesRelated: [record],
    events.RelationEnded: [record],
    events.CaseReopenedByStaff: [record],
    events.CaseWithdrawn: [record, queue],
    events.SenderNotSatisfied: [record],
    events.CaseAdopted: [record],
    events.CodeLinkAsked: [record, queue],
    events.CodeReplaced: [record],
}
