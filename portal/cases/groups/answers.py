"""The answer of a case as the answer of every case that it duplicates."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.cases import clocks, parties
from portal.cases.access import Capacity, may_read, scope
from portal.cases.answers.policies import mark_answered
from portal.cases.authority.groups import answered_members, lock_members, open_members
from portal.cases.enums import Direction, Purpose
from portal.cases.groups import rules
from portal.cases.groups.merging import dissolve
from portal.cases.groups.rules import Identity
from portal.cases.lifecycle import Action, CloseReason
from portal.cases.models import Case, Message
from portal.cases.permissions import allowed_actions
from portal.cases.queries import case_scope, know_bars
from portal.cases.transitions import NeedsConfirmation, add_message, mark_contacted, set_closed, transition
from portal.formats import anonymisation
from portal.formats.names import given_name
from portal.identity.actors import Staff


class Apart(StrEnum):
    """Why a case never gets the answer of another by itself."""

    SECRECY = "secrecy"
    PROTECTED = "protected"
    HIDDEN = "hidden"
    LANGUAGE = "language"
    CONTESTED = "contested"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True)
class Recipient:
    """A case that waits for the answer of another; `apart` is why it has to be answered on its own page."""

    case: Case
    apart: Apart | None


class NamesSender(NeedsConfirmation):
    """The text or a file may name a sender of the group to the others.

    `words` are those of the text, and of the names and descriptions of the files, that may be shown to the
    officer. `files` if the answer has files: what is in them is not known.
    """

    def __init__(self, words: Sequence[str], files: bool = False) -> None:
        super().__init__()
        self.words = words
        self.files = files


def recipients(actor: Staff, kept: Case) -> list[Recipient]:
    """The cases that wait for the answer of this one and that the actor may see."""
    members = open_members(actor, kept)
    know_bars(members)
    return [Recipient(member, _apart(actor, kept, member)) for member in members]


def _apart(actor: Staff, kept: Case, member: Case) -> Apart | None:
    if member.reader_contested_at:
        return Apart.CONTESTED
    if member.secrecy or kept.secrecy:
        return Apart.SECRECY
    if parties.is_protected(member):
        return Apart.PROTECTED
    if member.hide_sender:
        return Apart.HIDDEN
    if member.language != kept.language:
        return Apart.LANGUAGE
    return None if Action.ANSWER in allowed_actions(actor, member) else Apart.FORBIDDEN


def require_no_names(
    actor: Staff, kept: Case, body: str, left_out: Collection[str] = (), attached: Sequence[str] = ()
) -> None:
    """Refuse an answer to several that names one of their senders to another, or has files.

    `attached` are the names and descriptions of its files, which all get. Raises NamesSender.
    """
    group = recipients(actor, kept)
    answered = [
        member.case for member in group if member.apart is None and member.case.reference not in left_out
    ]
    if not answered:
        return
    cases = [kept, *[member.case for member in group]]
    known = {case.id: identity_of(case) for case in cases}
    texts = [(kept.id, body), *[(case.id, text_for(kept, case, body)) for case in answered]]
    texts += [(case.id, text.replace("_", " ")) for case in [kept, *answered] for text in attached]
    words = [word for reader, text in texts for word in _others_named(text, reader, known)]
    if words or attached:
        shown = _showable(words, [known[case.id] for case in cases if not _is_unnamed(case)])
        raise NamesSender(shown, files=bool(attached))


def _is_unnamed(case: Case) -> bool:
    return parties.is_protected(case) or case.hide_sender


def _showable(words: Sequence[str], known: Sequence[Identity]) -> list[str]:
    """Those of the words that do not confirm the name of a protected or hidden sender."""
    unique = dict.fromkeys(words)
    return [word for word in unique if any(rules.named(word, identity) for identity in known)]


def _others_named(text: str, reader: int, known: dict[int, Identity]) -> Iterator[str]:
    own = set(rules.named(text, known[reader]))
    for case_id, identity in known.items():
        if case_id != reader:
            yield from (word for word in rules.named(text, identity) if word not in own)


def identity_of(case: Case) -> Identity:
    """What the sender of a case can be recognised by in a text."""
    known = parties.identifiers(case)
    return Identity(
        names=anonymisation.names(*known.names),
        emails=frozenset(known.emails),
        numbers=rules.digits(*known.numbers),
        references=frozenset({case.reference}),
    )


def text_for(kept: Case, member: Case, body: str) -> str:
    """The answer to the sender of one case as it is sent in another: their own greeting and number."""
    whole = parties.sender(kept).name
    own = given_name(parties.sender(member).name)
    return rules.personal(body, whole, given_name(whole), kept.reference, own, member.reference)


def answer_members(
    actor: Staff, kept: Case, body: str, close: bool = False, left_out: Collection[str] = ()
) -> list[tuple[Case, Message]]:
    """Answer the cases that wait for the answer of this one; those that must be apart are on their own again.

    So are those whose numbers are `left_out`, and a case that the actor may not see, for another officer.
    Returns the answered cases, each with its message.
    """
    members = lock_members(kept)
    answered = []
    for member in members:
        if member.reference in left_out or not may_read(scope(actor), case_scope(member)):
            continue
        if _apart(actor, kept, member) is None:
            message = _answer_member(actor, member, text_for(kept, member, body), close)
            answered.append((member, message))
    if members:
        dissolve(actor, kept)
    return answered


def _answer_member(actor: Staff, member: Case, body: str, close: bool) -> Message:
    action = Action.ANSWER_AND_CLOSE_MEMBER if close else Action.ANSWER_MEMBER
    with transition(actor, member, action, by=Capacity.SYSTEM) as step:
        message = add_message(actor, member, Direction.OUT, body, Purpose.ANSWER)
        clocks.resume(member, message.arrived_at)
        mark_contacted(member, message.arrived_at)
        member.officer_id = member.officer_id or actor.membership
        mark_answered(member, message)
        if close:
            set_closed(member, CloseReason.ANSWERED)
        step.details(message=message.id)
    return message


def close_members(actor: Staff, kept: Case) -> None:
    """Close the cases that had the answer of this one, which is closed now."""
    for member in answered_members(kept):
        with transition(actor, member, Action.CLOSE_MEMBER, by=Capacity.SYSTEM):
            set_closed(member, CloseReason.ANSWERED)
