"""Texts and view models of cases for pages. Rules and queries are elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal import clock
from portal.audit.trail import Entry
from portal.cases import clocks, parties
from portal.cases.enums import Direction, HandoverGround, Purpose, Via
from portal.cases.lifecycle import OPEN, Status
from portal.cases.models import Case, Message, SecrecyMark
from portal.cases.queries import MessageRow
from portal.formats import cleaning
from portal.identity.models import MembershipSnapshot
from portal.identity.snapshots import Author
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import page_language
from portal.words import authors, contact, dates
from portal.words import promise as words
from portal.words.desk import recorded
from portal.words.kinds import KINDS
from portal.words.labels import (
    CLOSE_DAYS,
    CLOSE_DETAIL,
    FROM_US,
    HANDOVER_GROUND,
    SENDER_STATUS,
    STATUS,
    Tag,
)
from portal.words.profile_texts import profile_texts
from portal.words.timeline import BY_NAME, corrected


@dataclass(frozen=True)
class ThreadMessage:
    """A message as the thread draws it; `side` is "theirs", "ours" or "internal".

    `id` and `mark`, which tells of its secrecy, are for staff, `folded` for the sender.
    """

    author: str
    when: str
    iso: str
    body: str
    side: str
    label: str = ""
    language: str = ""
    id: int = 0
    mark: str = ""
    files: Sequence[Any] = ()
    folded: bool = False


@dataclass(frozen=True)
class TimelineLine:
    """A line of a timeline; `by` is the role and the place of the member of staff who did it."""

    title: str
    detail: str
    state: str = "done"
    by: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a case page."""

    number: str
    kind: str
    subject: str
    status: Tag
    href: str = ""
    language: str = ""


AnyMessage = Message | MessageRow
SIDES = {Direction.IN: "theirs", Direction.OUT: "ours", Direction.INTERNAL: "internal"}


def staff_head(case: Case, href: str = "") -> Head:
    """The head of a case as staff read it."""
    return _head(case, case.internal_subject, href, STATUS)


def sender_head(case: Case, href: str = "") -> Head:
    """The head of a case as its sender reads it."""
    return _head(case, case.public_subject, href, SENDER_STATUS)


def _head(case: Case, subject: str, href: str, labels: Mapping[Status, Tag]) -> Head:
    names = dates.capital(str(KINDS[case.kind].name)), shown_subject(subject)
    return Head(case.reference, *names, labels[case.status], href, other_language(case.language))


def shown_subject(subject: str) -> str:
    """A subject as a line of a page: one that was stored before it was cleaned may show nothing."""
    return cleaning.line(subject) if cleaning.is_visible(subject) else _("Utan rubrik")


def internal_subject(case: Case) -> str:
    """The subject that staff see."""
    return shown_subject(case.internal_subject)


def other_language(language: str) -> str:
    """The language of a text; empty if it is that of the page."""
    return "" if language == page_language() else language


def promise(case: Case, staff: bool = False) -> words.PromiseView | None:
    """The promise of a case today; None if none was made, or the case is closed unanswered."""
    explained = clocks.answer_promise(case)
    if explained is None:
        return _contact_promise(case)
    if case.answered_at:
        return words.AnswerPromise.answered(explained, clock.stockholm(case.answered_at).date())
    if case.status not in OPEN:
        return None
    if case.paused_on:
        return words.AnswerPromise.waiting(explained, case.paused_on, case.supplement_due, staff)
    return words.AnswerPromise.in_progress(explained, clock.today(), case.extension_reason or "")


def _contact_promise(case: Case) -> words.PromiseView | None:
    explained = clocks.contact_promise(case)
    if explained is None:
        return None
    if case.contacted_at:
        return contact.ContactPromise.contacted(explained, clock.stockholm(case.contacted_at).date())
    return contact.ContactPromise.in_progress(explained, clock.today()) if case.status in OPEN else None


def contact_promise(case: Case) -> str:
    """The promise of a first contact in a line; empty unless the case has a promised answer too."""
    explained = clocks.contact_promise(case)
    if explained is None or clocks.answer_promise(case) is None or case.status is Status.CLOSED:
        return ""
    when = dates.weekday_date(explained.due)
    if case.contacted_at is None:
        return _("Vi hör av oss senast %(when)s.", when=when)
    in_time = clock.stockholm(case.contacted_at).date() <= explained.due
    return (
        _("Vi hörde av oss i tid.") if in_time else _("Vi lovade att höra av oss senast %(when)s.", when=when)
    )


def close_details(case: Case) -> list[tuple[str, str]]:
    """The (label, text) pairs of a case that was closed without an answer: where to turn instead."""
    details = case.close_details or {}
    rows = []
    for name, label in CLOSE_DETAIL.items():
        if name in details:
            rows.append((str(label), _close_detail(name, str(details[name]))))
    return rows


def _close_detail(name: str, value: str) -> str:
    return dates.weekday_date(date.fromisoformat(value)) if name in CLOSE_DAYS else value


def sender_name(case: Case, revealed: bool = False) -> str:
    """The sender's name as staff may see it; of a protected sender only if `revealed`."""
    sender = parties.sender(case, revealed)
    if sender.anonymous:
        return _("Anonym")
    if sender.hidden:
        return _("Dold avsändare")
    if sender.protected and not revealed:
        return _("Skyddade personuppgifter")
    return sender.name or _("Utan namn")


def due(case: Case) -> date | None:
    """The due date of the answer or, without one, of the first contact until it has been made."""
    return case.due_answer or (None if case.contacted_at else case.due_contact)


def thread_message(message: AnyMessage, sender: str) -> ThreadMessage:
    """A message of the thread; `sender` is the author of those that staff did not write.

    Of staff it has the name, the place and the role that the author had when it was written.
    """
    author = _author(message, sender)
    if message.direction is Direction.OUT:
        author = _from_us(message.purpose or Purpose.ANSWER, message.author)
    when = dates.capital(dates.moment(message.arrived_at))
    # Staff write their notes in Swedish, whatever the sender writes in.
    language = "" if message.direction is Direction.INTERNAL else other_language(message.language)
    return ThreadMessage(
        author,
        when,
        message.arrived_at.isoformat(),
        message.body,
        SIDES[message.direction],
        " · ".join(filter(None, _labels(message))),
        language,
    )


def _author(message: AnyMessage, sender: str) -> str:
    if message.known:
        return recorded.sender(message.known, sender)
    if message.author_id is not None:
        return authors.name_and_place(message.author)
    # Anybody may have written what came by e-mail.
    return sender if message.via is Via.WEB else _("Via e-post")


def _labels(message: AnyMessage) -> tuple[str, ...]:
    if message.known:
        return recorded.way(message.via), recorded.written_by(message.author), recorded.caution(message.known)
    return authors.role(message.author), _caution(message)


def staff_message(message: AnyMessage, sender: str) -> ThreadMessage:
    """A message of the thread with its secrecy mark and how its sender was known, for staff alone."""
    mark = secrecy_mark(message) if message.secrecy_provision else ""
    shown = thread_message(message, sender)
    label = " · ".join(filter(None, (shown.label, recorded.known_by(message.known))))
    return replace(shown, id=message.id, mark=mark, label=label)


def secrecy_mark(marked: SecrecyMark | MessageRow) -> str:
    """A mark with its provision, day and authority, as OSL 5:5 asks of it."""
    # A mark is a warning and no decision: that is made each time the record is requested.
    parts = [_("Sekretessmarkerat")]
    if marked.secrecy_provision:
        parts = [_("Sekretessmarkerat enligt %(provision)s", provision=marked.secrecy_provision)]
    if marked.secrecy_marked_on:
        parts.append(dates.full_date(marked.secrecy_marked_on))
    if marked.secrecy_board_id:
        parts.append(organisation.board_name(marked.secrecy_board_id))
    return ", ".join(parts)


def answer_message(author: MembershipSnapshot, body: str) -> ThreadMessage:
    """An unsent answer as the sender will see it, for a preview."""
    heading = _from_us(Purpose.ANSWER, author)
    return ThreadMessage(heading, "", "", body, SIDES[Direction.OUT], authors.role(author))


def _from_us(purpose: Purpose, author: MembershipSnapshot | Author | None) -> str:
    return str(FROM_US[purpose]) % {"name": authors.name(author), "unit": authors.place(author)}


def _caution(message: AnyMessage) -> str:
    """That not all who see the case may read the message, or that its sender is not verified."""
    if message.via is Via.EMAIL:
        return _("avsändaren är inte kontrollerad")
    if message.direction is not Direction.INTERNAL:
        return ""
    return _("samtal, bara för personal") if message.purpose is Purpose.CALL else _("bara för personal")


def timeline(entries: Sequence[Entry], staff: bool) -> list[TimelineLine]:
    """The trail as sentences, newest first; entries without a sentence for the sender are left out."""
    lines = []
    for entry in reversed(entries):
        if title := _sentence(entry, staff):
            # Staff read the moment after the title on one line, the sender on a line of its own.
            when = _when(entry)
            by = authors.role_and_place(entry.actor)
            lines.append(TimelineLine(title, when if staff else dates.capital(when), by=by))
    return lines


def _sentence(entry: Entry, staff: bool) -> str:
    sentence = BY_NAME[entry.event]
    text: Any = sentence.staff if staff else sentence.sender
    if text is None:
        return ""
    unit_id = entry.details.get("unit")
    unit, _language = profile_texts(organisation.unit_name_at(unit_id, entry.at) if unit_id else "")
    values = {"who": authors.name(entry.actor), "unit": unit}
    values["officer"] = authors.name(entry.officer) if entry.officer else _("Någon annan")
    if staff and "kind_before" in entry.details:
        values["corrected"] = corrected(entry.details, organisation.topic_names())
    values["provision"] = entry.details.get("provision", "")
    # Those before the day was kept have none.
    day = entry.details.get("due")
    values["due"] = dates.weekday_date(date.fromisoformat(day)) if day else _("en senare dag")
    return str(text) % (values | _authority(entry))


def _authority(entry: Entry) -> dict[str, str]:
    """The board of this entry, and on what ground it got the case; a mark names a board without a ground."""
    board = entry.details.get("board")
    if board is None:
        return {}
    name, _language = profile_texts(organisation.board_names().get(board, ""))
    ground = entry.details.get("ground")
    return {"board": str(name), "ground": str(HANDOVER_GROUND[HandoverGround(ground)]) if ground else ""}


def _when(entry: Entry) -> str:
    return dates.short_moment(entry.at, clock.today())
