"""Which listeners hear which event. A kind of event has its own row, or that of its nearest base class."""

from portal.audit.security_log import append_to_security_log
from portal.audit.trail import append_to_trail, mark_end_of_trail
from portal.cases import events
from portal.cases.events import handovers
from portal.events import Event, Listener, by_kind
from portal.identity import events as identity_events
from portal.notifications.outbox import enqueue_message, withhold_messages
from portal.operations.events import ClientKeyChanged, KeysRotated
from portal.organisation.events import ProfileApplied

# An event without listeners would have an empty list, so that it is seen to be on purpose.
BY_CLASS: dict[type[Event], list[Listener]] = {
    events.CaseEvent: [append_to_trail],
    events.SenderMessageEvent: [append_to_trail, enqueue_message],
    handovers.CaseHandedToAuthority: [append_to_trail, mark_end_of_trail, enqueue_message],
    handovers.CaseFollowedUnit: [append_to_trail, mark_end_of_trail],
    events.CaseReceived: [append_to_trail, enqueue_message],
    events.CaseTaken: [append_to_trail, enqueue_message],
    events.CaseClosed: [append_to_trail, enqueue_message],
    events.DeadlineExtended: [append_to_trail, enqueue_message],
    events.DeadlineRecounted: [append_to_trail, enqueue_message],
    events.CaseTransferred: [append_to_trail, enqueue_message],
    events.CaseRedirected: [append_to_trail, enqueue_message],
    events.CaseWithdrawn: [append_to_trail, enqueue_message],
    events.CodeLinkRequested: [append_to_trail, enqueue_message],
    events.ReaderChanged: [append_to_trail, enqueue_message],
    events.AdoptedCodeRequested: [append_to_trail, enqueue_message],
    events.ReaderContested: [append_to_trail, withhold_messages],
    identity_events.MembershipEvent: [append_to_security_log],
    ProfileApplied: [append_to_security_log],
    KeysRotated: [append_to_security_log],
    ClientKeyChanged: [append_to_security_log],
}
LISTENERS = by_kind(BY_CLASS)
