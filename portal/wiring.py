"""Which listeners hear which event. A kind of event has its own row, or that of its nearest base class.

The statistics hear no event: the worker counts closed months (portal/statistics/published/closed_months.py).
"""

from portal.audit.security_log import append_to_security_log
from portal.audit.trail import append_to_trail, mark_end_of_trail
from portal.cases import events
from portal.cases.events import bars as bar_events
from portal.cases.events import correction, dates, feedback, handovers, messages, next_steps
from portal.cases.events import groups as group_events
from portal.cases.events import ownership as ownership_events
from portal.cases.ownership.tasks import note_owner, note_owners
from portal.events import Event, Listener, by_kind
from portal.files.copies import copy_files_to_part
from portal.identity import events as identity_events
from portal.notifications.outbox import enqueue_message, withhold_messages
from portal.notifications.staff.notices import notify_staff
from portal.operations.events import ClientKeyChanged, KeysRotated
from portal.organisation.events import ProfileApplied
from portal.surveys.invitations import invite

# An event without listeners would have an empty list, so that it is seen to be on purpose.
BY_CLASS: dict[type[Event], list[Listener]] = {
    events.CaseEvent: [append_to_trail],
    events.SenderMessageEvent: [append_to_trail, enqueue_message],
    events.NewCaseEvent: [append_to_trail, enqueue_message, note_owner],
    events.CaseHandedOver: [append_to_trail, note_owner, notify_staff],
    ownership_events.CasePlaced: [append_to_trail, note_owner, notify_staff],
    events.CaseUnmerged: [append_to_trail, note_owner],
    # Invited first: the message has the link.
    events.CaseAnsweredAndClosed: [append_to_trail, invite, enqueue_message],
    group_events.MemberAnsweredAndClosed: [append_to_trail, invite, enqueue_message],
    group_events.MemberClosed: [append_to_trail, invite, enqueue_message],
    group_events.GroupLeft: [append_to_trail, note_owner],
    events.CaseSplit: [append_to_trail, enqueue_message, copy_files_to_part],
    events.CaseReopened: [append_to_trail, enqueue_message, note_owner, notify_staff],
    events.ReplyReceived: [append_to_trail, enqueue_message, notify_staff],
    events.SupplementReceived: [append_to_trail, enqueue_message, notify_staff],
    events.RecordRequestFlagged: [append_to_trail, enqueue_message],
    events.CaseReopenedByStaff: [append_to_trail, note_owner],
    events.SenderNotSatisfied: [append_to_trail, enqueue_message, note_owner, notify_staff],
    events.ContactNamed: [append_to_trail, enqueue_message],
    events.CaseTakenOver: [append_to_trail, enqueue_message],
    events.CaseAssigned: [append_to_trail, enqueue_message, notify_staff],
    feedback.ImprovementShared: [append_to_trail, enqueue_message],
    feedback.NoAnswerNeeded: [append_to_trail, enqueue_message],
    correction.CaseReclassified: [append_to_trail, enqueue_message],
    bar_events.HandlerRecused: [append_to_trail, note_owner],
    bar_events.ColleagueConcerned: [append_to_trail, note_owner],
    bar_events.BarsCopied: [append_to_trail, note_owner],
    bar_events.BarLifted: [append_to_trail, note_owner],
    handovers.CaseHandedToAuthority: [
        append_to_trail,
        mark_end_of_trail,
        enqueue_message,
        note_owner,
        notify_staff,
    ],
    handovers.CaseFollowedUnit: [append_to_trail, mark_end_of_trail, note_owner],
    events.CaseTaken: [append_to_trail, enqueue_message],
    events.CaseClosed: [append_to_trail, invite, enqueue_message],
    feedback.SenderThanked: [append_to_trail, invite],
    dates.DeadlineExtended: [append_to_trail, enqueue_message],
    next_steps.NextStepShared: [append_to_trail, enqueue_message],
    messages.ReplyReceivedByEmail: [append_to_trail, notify_staff],
    messages.VerifiedRecordEvent: [append_to_trail, enqueue_message, notify_staff],
    messages.CaseReopenedByRecord: [append_to_trail, enqueue_message, note_owner, notify_staff],
    messages.UnverifiedReplyRecorded: [append_to_trail, notify_staff],
    messages.SupplementReminded: [append_to_trail, enqueue_message],
    dates.DeadlineRecounted: [append_to_trail, enqueue_message],
    events.CaseTransferred: [append_to_trail, enqueue_message],
    events.CaseRedirected: [append_to_trail, enqueue_message],
    events.CaseWithdrawn: [append_to_trail, enqueue_message],
    events.CodeLinkRequested: [append_to_trail, enqueue_message],
    events.ReaderChanged: [append_to_trail, enqueue_message],
    events.AdoptedCodeRequested: [append_to_trail, enqueue_message],
    events.ReaderContested: [append_to_trail, withhold_messages],
    identity_events.MembershipEvent: [append_to_security_log, note_owners],
    identity_events.AbsenceEvent: [append_to_security_log],
    ProfileApplied: [append_to_security_log, note_owners],
    KeysRotated: [append_to_security_log],
    ClientKeyChanged: [append_to_security_log],
}
LISTENERS = by_kind(BY_CLASS)
