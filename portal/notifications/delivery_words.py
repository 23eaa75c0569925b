"""Words for the state of a message, and for why it was not delivered; lines of a list of messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from portal import clock
from portal.notifications.models import State
from portal.notifications.rules import OWN_PROBLEMS, Medium, Problem
from portal.notifications.sent.messages import SentMessage
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.words import dates

STATES: dict[State, LazyString] = {
    State.QUEUED: _l("i kö"),
    State.HELD: _l("väntar till i morgon"),
    State.SENDING: _l("skickas"),
    State.SENT: _l("skickat"),
    State.DELIVERED: _l("framme"),
    State.KEPT: _l("visas bara här"),
    State.FAILED: _l("kom inte fram"),
    State.UNCERTAIN: _l("kan ha gått fram eller inte"),
    State.UNRENDERED: _l("kunde inte skapas"),
    State.UNREADABLE: _l("går inte att läsa"),
    State.WITHHELD: _l("stoppat"),
    State.CANCELLED: _l("avbrutet"),
}
# What a message was about, by its name; a sentence begins with it.
NAMES: dict[str, LazyString] = {
    "contact": _l("Vi har skrivit till dig"),
    "received": _l("Vi har fått ditt ärende"),
    "being_handled": _l("Vi har börjat arbeta med ärendet"),
    "answered": _l("Du har fått svar"),
    "answered_orally": _l("Svaret som du fick muntligt"),
    "closed": _l("Ärendet är avslutat"),
    "supplement": _l("Vi behöver veta mer"),
    "supplement_reminder": _l("Påminnelse om vår fråga"),
    "split": _l("Ärendet är delat"),
    "later_date": _l("Svaret kommer en annan dag"),
    "next_step": _l("När vi hör av oss igen"),
    "handed_over": _l("En annan nämnd svarar"),
    "passed_on": _l("Ärendet är lämnat vidare"),
    "contact_person": _l("Din kontaktperson"),
    "taken_over": _l("Någon annan tar över ärendet"),
    "record_request": _l("Din begäran om allmän handling"),
    "reply_received": _l("Vi har fått det du skrev"),
    "written_down": _l("Vi har skrivit ned det du berättade"),
    "no_answer_needed": _l("Tack för det du skrev"),
    "answer_promised": _l("När du får svar"),
    "improvement": _l("Vad det du skrev ledde till"),
    "new_code": _l("Länk till en ny kod"),
    "reader_changed": _l("Någon annan läser ärendet"),
    "on_mina_sidor": _l("Ärendet finns på Mina sidor"),
    "protected": _l("Något nytt i ärendet"),
}
MEDIA: dict[Medium, LazyString] = {Medium.EMAIL: _l("E-post"), Medium.SMS: _l("Sms")}
PROBLEMS: dict[Problem, LazyString] = {
    Problem.ADDRESS_INVALID: _l("Adressen går inte att skicka till."),
    Problem.ADDRESS_REFUSED: _l("Mottagarens server tar inte emot adressen."),
    Problem.MESSAGE_REFUSED: _l("Tjänsten tar inte emot meddelandet."),
    Problem.MESSAGE_INVALID: _l("Meddelandet innehåller tecken som inte går att skicka."),
    Problem.NO_CHANNEL: _l("Vi skickar inte sådana meddelanden."),
    Problem.COUNTRY: _l("Vi skickar inte sms till det landet."),
    Problem.OVER_BUDGET: _l("Mottagaren får för många meddelanden."),
    Problem.OUR_LOGIN: _l("Servern godtar inte vår inloggning."),
    Problem.OUR_SENDER: _l("Servern godtar inte vår avsändaradress."),
    Problem.OUR_ADDRESS: _l("Tjänsten hänvisar till en annan adress än vår inställning."),
    Problem.RELAY_DENIED: _l("Servern skickar inte vidare åt oss."),
    Problem.INSECURE: _l("Det gick inte att nå servern på ett säkert sätt."),
    Problem.UNREACHABLE: _l("Det gick inte att nå servern."),
    Problem.TRY_LATER: _l("Servern ber oss försöka senare."),
    Problem.BAD_ANSWER: _l("Servern svarar inte som den ska."),
    Problem.UNCONFIRMED: _l("Servern bekräftade inte. Meddelandet kan ha skickats ändå."),
    Problem.WORKER_LOST: _l("Sändningen avbröts. Meddelandet kan ha skickats ändå."),
    Problem.UNREADABLE: _l("Ingen av våra nycklar öppnar meddelandet."),
    Problem.BOUNCED: _l("Mejlet kom i retur."),
    Problem.REPORTED_FAILED: _l("Tjänsten kunde inte lämna fram meddelandet."),
    Problem.INTERNAL: _l("Något gick fel hos oss."),
}


# What the sender reads: who is to blame for a delay is ours to know.
FOR_SENDER: dict[State, LazyString] = {
    State.QUEUED: _l("på väg"),
    State.HELD: _l("skickas i morgon"),
    State.SENDING: _l("på väg"),
    State.UNRENDERED: _l("kunde inte skickas"),
    State.UNREADABLE: _l("kunde inte skickas"),
    State.WITHHELD: _l("stoppat"),
}


def problem_text(problem: str | None, code: int | None = None) -> str:
    """A problem in words, with the code of the server's reply; empty if there is none."""
    if not problem:
        return ""
    known = problem in list(Problem)
    text = str(PROBLEMS[Problem(problem)]) if known else _("Något gick fel.")
    return f"{text} ({code})" if code else text


@dataclass(frozen=True)
class MessageLine:
    """A message in a list: what it was about, how and when it was sent, and what became of it.

    `href` is where it is sent again; empty if it cannot be.
    """

    id: int
    title: str
    how: str
    state: str
    problem: str
    is_failed: bool
    href: str = ""


UNSUCCESSFUL = frozenset({State.FAILED, State.UNCERTAIN, State.UNRENDERED, State.UNREADABLE})


def staff_lines(sent: Sequence[SentMessage]) -> list[MessageLine]:
    """The messages of a case as staff see them."""
    return [_line(message, STATES, problem_text(message.problem, message.reply_code)) for message in sent]


def sender_lines(sent: Sequence[SentMessage]) -> list[MessageLine]:
    """The messages of a case as its sender sees them: nothing of our own servers."""
    return [_line(message, STATES | FOR_SENDER, _problem_for_sender(message)) for message in sent]


def _line(message: SentMessage, states: dict[State, LazyString], problem: str) -> MessageLine:
    arrived = message.delivered_at or message.sent_at or message.created_at
    when = dates.short_moment(arrived, clock.today())
    return MessageLine(
        id=message.id,
        title=str(NAMES.get(message.name, NAMES["protected"])),
        how=f"{MEDIA[message.medium]} · {when}",
        state=str(states[message.state]),
        problem=problem,
        is_failed=message.state in UNSUCCESSFUL,
    )


def _problem_for_sender(message: SentMessage) -> str:
    if message.state is State.QUEUED and message.tries:
        return _("Det är försenat. Vi försöker igen.")
    is_ours = message.problem in OWN_PROBLEMS or message.problem == Problem.UNREADABLE
    return "" if is_ours or message.state is not State.FAILED else problem_text(message.problem)
