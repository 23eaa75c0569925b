"""The events of the log. A test compares them with the calls, and docs/operations.md prints them.

No event that an anonymous sender's request can cause has a field that identifies a person or a case.
"""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "sign_in.succeeded": "A session was opened: at which provider, for citizens or staff.",
    "sign_in.failed": "A sign-in failed: at which provider and why, not who.",
    "sign_in.ended": "A session was ended by the person, or sessions by the provider.",
    "sign_in.stale": "An action needed a newer sign-in, and the person was sent to the provider.",
    "sign_in.logout_refused": "A logout token of a provider was not accepted, and why.",
    "staff_identifier.ignored": "An identifier of a sign-in was contradicted and not used: why, not whose.",
    "request.refused": "A guard or a page refused a request: endpoint and status.",
    "request.failed": "An unexpected error in a request: endpoint, types of exception, lines of code.",
    "action.refused": "An action was not allowed or the case had changed: endpoint.",
    "csrf.refused": "A form came without a valid token: endpoint.",
    "limit.tripped": "A limit on requests was reached: endpoint or budget, never whose.",
    "limit.not_noted": "A limit that was reached could not be written to the database.",
    "limits.unsafe": "A setting makes limits count wrongly, and why.",
    "budgets.redis_away": "Redis does not answer, so limits are counted in this process.",
    "proxy.one_sender": "A proxy setting makes all senders one.",
    "search.index_postponed": "A case could not be indexed at once; the worker tries again.",
    "search.index_failed": "The worker could not index a case: types of exception and lines of code.",
    "code.wrong": "A case number and code did not belong together.",
    "code_link.requested": "A link to replace a lost code was requested; not whether one was sent.",
    "code_link.spent": "A lost code was replaced.",
    "sender.revealed": "A protected sender was shown to the officer of the case: membership.",
    "role.switched": "A member of staff chose another of their memberships: membership.",
    "membership.added": "A membership was added: its id and role.",
    "membership.ended": "A membership was ended: its id and role.",
    "emergency.opened": "Emergency access was opened: membership and role.",
    "emergency.used": "The code of an emergency access was used: membership.",
    "emergency.ended": "Emergency access was ended before its time: membership.",
    "emergency.refused": "A code for emergency access was wrong, used or too late.",
    "keys.rotated": "Stored values were moved to the newest keys: table and number of rows.",
    "client_key.changed": "One of our own keys at the providers was added, used or removed.",
    "profile.applied": "A profile was applied: its version and the number of changes.",
    "setting.doubtful": "A setting is misspelt or weakens the portal: its name and why, never its value.",
    "delivery.failed": "An attempt to deliver a message failed: outbox id, medium, tries and new state.",
    "worker.failed": "The worker could not read the outbox: types of exception and lines of code.",
    "message.unrendered": "A message could not be rendered: its name and lines of code.",
    "sms.shown": "An SMS was not sent but is shown in the outbox page of development.",
    "library.message": "A warning or an error of a library: the template of its message.",
}
