"""What is held about a citizen (GDPR article 15), as values for a file: their own row, and their cases.

A batch of cases costs the same few statements, however many cases a person has. What is not theirs to read
is read through the gate like all else, and is left out: LEFT_OUT says so in the file itself. A new table
that names a person or a case is listed in tests/integration/test_about_me.py, or a test fails.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeVar

from portal.audit import readers, trail
from portal.audit.readers import Opening
from portal.audit.trail import Entry
from portal.cases import parties
from portal.cases.enums import NotifyBy
from portal.cases.intake import saved_drafts
from portal.cases.models import Case
from portal.cases.queries import MessageRow
from portal.cases.senders import copies
from portal.files import queries as files
from portal.files.queries import Attachment
from portal.identity import queries as people
from portal.identity import sessions
from portal.identity.actors import Citizen
from portal.identity.models import SignIn
from portal.notifications.delivery_words import sender_lines
from portal.notifications.sent import own_messages
from portal.notifications.sent.own_messages import OwnMessage
from portal.surveys import invitations
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.mina_sidor import about_me_parts as parts
from portal.web.support import case_presenter
from portal.words import on_behalf
from portal.words.contact import close_reason
from portal.words.kinds import KINDS
from portal.words.labels import NOTIFY_BY, REPLY_BY, SENDER_CLOSE_REASON, SENDER_STATUS
from portal.words.profile_texts import profile_texts
from portal.words.sender import readers as reader_words

Values = dict[str, Any]
Row = TypeVar("Row")
# The field of a draft that has the handles of its files.
ATTACHMENTS = "attachments"
# What is held and not in the copy, and why.
LEFT_OUT = (
    _l("Anteckningar som bara är för personal, och åtgärder som vi har antecknat."),
    _l("Det som skyddas av sekretess också mot dig."),
    _l("Namn på personal som har öppnat dina ärenden. Roll, enhet och tid är med."),
    _l("Det vi använder för att söka och kontrollera. Där finns samma ord och händelser i en annan form."),
    _l("Innehållet i filer. Filerna öppnar du i ärendet, på Mina sidor."),
    _l("Dina filer precis som du skickade dem. Du ser en säkrare kopia. Fråga kommunen om du vill ha dem."),
    _l("Dina svar i enkäten. Vi vet inte vilka de är."),
    _l("Ärenden som du har skickat med kod. Vi vet inte vilka de är."),
    _l("Uppgifter om ditt arbete, om du arbetar i kommunen. Fråga din chef."),
)


def person(actor: Citizen) -> Values:
    """The person as they are held, their choices, how they sign in, and their drafts."""
    row = people.person(actor.person)
    return {
        "name": row.name,
        "identity_number": row.identity_number,
        "coordination_level": row.coordination_level,
        "eidas_identifier": row.prid,
        "protected": row.protected,
        "email": row.email,
        "phone": row.phone,
        "notify_by": str(NOTIFY_BY[NotifyBy(row.notify_by)]) if row.notify_by else None,
        "first_signed_in_at": _moment(row.created_at),
        "sign_in_identifiers": [_login(login.issuer, login.subject) for login in people.logins(actor.person)],
        "open_sessions": [_session(row) for row in sessions.open_for(actor.person)],
        "drafts": [_draft(draft) for draft in saved_drafts.of_person(actor)],
    }


def _login(issuer: str, subject: str) -> Values:
    return {"issuer": issuer, "subject": subject}


def _session(row: SignIn) -> Values:
    # To the hour: the minutes are not kept.
    return {
        "provider": row.provider,
        "organisation": row.organisation_name,
        "organisation_number": row.organisation_number,
        "signed_in_at": _moment(row.created_at),
        "last_used_at": _moment(row.last_seen_at),
    }


def _draft(draft: saved_drafts.SavedForm) -> Values:
    return {
        "kind": str(KINDS[draft.kind].name),
        "saved_at": _moment(draft.saved_at),
        "kept_until": _moment(draft.expires_at),
        "fields": {name: value for name, value in draft.fields.items() if value and name != ATTACHMENTS},
        "files": parts.uploads(draft.fields.get(ATTACHMENTS, "")),
    }


def cases(actor: Citizen) -> Iterator[Values]:
    """Each case of the person, newest first, with what has been written, done, sent and read in it."""
    for case_ids in copies.batches(copies.own_case_ids(actor)):
        yield from _batch(actor, case_ids)


def _batch(actor: Citizen, case_ids: Sequence[int]) -> Iterator[Values]:
    messages = copies.messages_by_case(actor, case_ids)
    attached = files.attachments_of(actor, case_ids)
    timelines = trail.timelines(actor, case_ids)
    entries, led_to = _grouped(timelines, lambda entry: entry.case_id), parts.led_to(timelines)
    sent = _grouped(own_messages.of_cases(actor, case_ids), lambda message: message.case)
    surveys = _grouped(invitations.asked_of(actor, case_ids), lambda invitation: invitation.case_id)
    opened, is_cut = readers.openings_of(actor, case_ids)
    openings = _grouped(opened, lambda opening: opening.case)
    for case in copies.own_cases(actor, case_ids):
        # What else belongs to a case and is its sender's to read comes here, one list for each.
        yield _case(case) | {
            "place": parts.place(case),
            "messages": [_message(row, attached.get(row.id, [])) for row in messages.get(case.id, [])],
            "events": _events(entries.get(case.id, [])),
            "deliveries": [_delivery(message) for message in sent.get(case.id, [])],
            "asked_about_the_answer": [parts.asked(row) for row in surveys.get(case.id, [])],
            "led_to": led_to.get(case.id, []),
            "opened_by": [_opening(opening) for opening in openings.get(case.id, [])],
            # Older ones are left out, of cases that have very many.
            "opened_by_since": _moment(opened[-1].at) if is_cut else None,
        }


def _grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> Mapping[Hashable, list[Row]]:
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _case(case: Case) -> Values:
    return {
        "number": case.reference,
        "kind": str(KINDS[case.kind].name),
        "subject": case.public_subject,
        "topic": _profile_text(case.category.name) if case.category else None,
        "status": str(SENDER_STATUS[case.status].text),
        "closed_because": close_reason(case, SENDER_CLOSE_REASON) or None,
        "closed_details": dict(case_presenter.close_details(case)),
        "channel": case.channel.value,
        "language": case.language,
        "received_at": _moment(case.received_at),
        "answered_at": _moment(case.answered_at),
        "closed_at": _moment(case.closed_at),
        "answer_promised_by": _day(case.due_answer),
        "contact_promised_by": _day(case.due_contact),
        "handled_by": _profile_text(case.handling_unit.name),
        "board": _profile_text(case.responsible_board.name),
        "secrecy": case.secrecy is not None,
        "reply_by": str(REPLY_BY[case.reply_by]) if case.reply_by in REPLY_BY else case.reply_by.value,
        "notify_by": str(NOTIFY_BY[case.notify_by]),
        "on_behalf_of": on_behalf.principal_for_sender(parties.own_principal(case)) or None,
        "sender": _sender(case),
    }


def _sender(case: Case) -> Values:
    """The details of the sender on this case, also where they are protected or hidden from staff."""
    return asdict(parties.own_details(case)) | {
        "hidden_from_staff": case.hide_sender,
        "protected": parties.is_protected(case),
    }


def _message(row: MessageRow, attached: Sequence[Attachment]) -> Values:
    shown = case_presenter.thread_message(row, _("Du"))
    return {
        "from": shown.author,
        "note": shown.label or None,
        "at": _moment(row.arrived_at),
        "text": row.body,
        "files": list(map(parts.file, attached)),
    }


def _events(entries: Sequence[Entry]) -> list[Values]:
    events = []
    for entry in entries:
        for line in case_presenter.timeline([entry], staff=False):
            events.append({"at": _moment(entry.at), "what": line.title, "by": line.by or None})
    return events


def _delivery(message: OwnMessage) -> Values:
    sent, [line] = message.sent, sender_lines([message.sent])
    return {
        "what": line.title,
        "medium": sent.medium.value,
        "to": message.recipient if message.is_own_address else None,
        "state": line.state,
        "problem": line.problem or None,
        "queued_at": _moment(sent.created_at),
        "sent_at": _moment(sent.sent_at),
        "delivered_at": _moment(sent.delivered_at),
    }


def _opening(opening: Opening) -> Values:
    what = str(reader_words.KINDS[opening.what])
    return {"at": _moment(opening.at), "who": reader_words.who(opening), "what": what}


def _profile_text(text: str) -> str:
    return str(profile_texts(text)[0])


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
