"""Which policies the first answer of a round follows, kept where it is given: no text is read again."""

from portal.cases.answers import readability
from portal.cases.answers.rules import has_regret, has_thanks
from portal.cases.enums import Purpose
from portal.cases.models import Case, Message

# The index is made for Swedish.
MEASURED = "sv"


def mark_answered(case: Case, message: Message) -> None:
    """Stop the answer clock, and keep what the answer says in words. A later answer changes nothing."""
    if case.answered_at:
        return
    case.answered_at = message.arrived_at
    # Of a spoken answer there are the notes of the officer, and not the words.
    if message.purpose is Purpose.ANSWER:
        case.answer_thanks = has_thanks(message.body)
        case.answer_regrets = has_regret(message.body)
        case.answer_lix = readability.lix(message.body) if message.language == MEASURED else None
