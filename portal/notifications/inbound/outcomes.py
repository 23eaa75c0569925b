"""What becomes of a letter: a bounce, a message of a case, or one for the official mailbox."""

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from sqlalchemy import select

from portal.cases import queries
from portal.cases.actions import email_replies
from portal.cases.models import Case
from portal.cases.permissions import takes_email
from portal.config import Settings, settings
from portal.db import session
from portal.identity.actors import System
from portal.notifications import tokens
from portal.notifications.inbound import registry, settlement, smtp, words
from portal.notifications.inbound.mime import bounces
from portal.notifications.inbound.mime.bounces import Bounce
from portal.notifications.inbound.mime.letters import Letter
from portal.notifications.inbound.models import Outcome
from portal.notifications.models import OutboxMessage
from portal.translation import in_language

# The characters of a letter that are looked at for the status of a bounce in words.
MAX_WORDS = 20_000
DEFAULT_LANGUAGE = "sv"
READ_BY_PEOPLE = (Outcome.REPLY, Outcome.FORWARDED)


@dataclass(frozen=True)
class Answer:
    """An automatic answer that is due."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Handled:
    """What became of a letter, and what is left to do outside of the database."""

    row: int
    outcome: Outcome
    must_forward: bool
    forward_text: str = ""
    answer: Answer | None = None


def handle(letter: Letter, comes_back: bool) -> Handled:
    """Settle a letter in the transaction of the caller; one that was read before is not settled again.

    `comes_back`: it holds the mark of what we send on.
    """
    row = registry.known(letter)
    case = None if comes_back else _case_of(letter)
    if row:
        unfinished = row.finished_at is None
        return Handled(row.id, row.outcome, unfinished, _why(case, row.outcome) if unfinished else "")
    outcome = Outcome.LEFT if comes_back else _settle(letter, case)
    must_forward = outcome is Outcome.FORWARDED or (
        outcome is Outcome.REPLY and bool(settings().mail_forward) and not words.is_complete(letter)
    )
    row = registry.add(letter, outcome, must_forward)
    answer = None
    if outcome in READ_BY_PEOPLE:
        answer = _answer(letter, case if outcome is Outcome.REPLY else None)
    if answer and not registry.may_answer(row, answer.to):
        answer = None
    return Handled(row.id, outcome, must_forward, _why(case, outcome), answer)


def _settle(letter: Letter, case: Case | None) -> Outcome:
    reported = _bounced(letter)
    if reported:
        message, bounce = reported
        # One that is still tried says nothing that is final.
        settled = bounce.final and settlement.apply_bounce(message, bounce.code)
        return Outcome.BOUNCE if settled else Outcome.AUTOMATIC
    if letter.automatic:
        return Outcome.AUTOMATIC
    if case and takes_email(case):
        with in_language(case.language):
            body = words.message_body(letter, _own_links(settings()), settings())
        email_replies.receive_email(System(), case, body)
        return Outcome.REPLY
    if case:
        email_replies.add_email_task(case)
    # What comes from the official mailbox would go round.
    return Outcome.FORWARDED if settings().mail_forward and not _is_own(letter) else Outcome.LEFT


def _bounced(letter: Letter) -> tuple[int, Bounce] | None:
    """The id of the message that bounced and the report about it; None if the letter is no such report."""
    bounce = letter.bounce
    # Some servers write their reports in words alone; what answers a letter is a holiday reply.
    if bounce is None and letter.automatic and not letter.references:
        bounce = bounces.in_words(letter.text[:MAX_WORDS])
    for token in letter.tokens if bounce else ():
        message = tokens.read(tokens.Purpose.BOUNCE, token)
        if message is not None and bounce:
            return message, bounce
    return None


def _case_of(letter: Letter) -> Case | None:
    """The case of the nearest message to a sender that the letter answers."""
    query = select(OutboxMessage.message_id, OutboxMessage.case_id)
    query = query.where(OutboxMessage.message_id.in_(letter.references))
    query = query.where(OutboxMessage.case_id.is_not(None), OutboxMessage.membership_id.is_(None))
    cases = {row.message_id: row.case_id for row in session().execute(query)}
    for reference in letter.references:
        if reference in cases:
            return queries.case_by_id(System(), cases[reference])
    return None


def _why(case: Case | None, outcome: Outcome) -> str:
    return words.forward_text(case, is_message=outcome is Outcome.REPLY)


def _answer(letter: Letter, case: Case | None) -> Answer | None:
    """The answer to a letter; None if it must not have one."""
    if not letter.sender or _is_own(letter):
        return None
    try:
        to = smtp.ascii_address(letter.sender)
    except ValueError:
        return None
    with in_language(case.language if case else DEFAULT_LANGUAGE):
        return Answer(to, words.answer_subject(), words.answer_text(case))


def _is_own(letter: Letter) -> bool:
    return letter.sender.casefold() in _own_addresses(settings())


def _own_addresses(using: Settings) -> set[str]:
    own = (using.mail_sender, using.mail_reply_to, using.mail_forward, using.imap_username)
    return {parseaddr(address)[1].casefold() or address.casefold() for address in own if address}


def _own_links(using: Settings) -> str:
    return urlsplit(using.base_url).netloc + "/"
