"""Words for the state of a message, and for why it was not delivered."""

from flask_babel.speaklater import LazyString

from portal.notifications.models import State
from portal.notifications.rules import Medium, Problem
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l

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
    State.WITHHELD: _l("stoppat, eftersom läsaren inte är säker"),
    State.CANCELLED: _l("avbrutet"),
}
MEDIA: dict[Medium, LazyString] = {Medium.EMAIL: _l("E-post"), Medium.SMS: _l("Sms")}
PROBLEMS: dict[Problem, LazyString] = {
    Problem.ADDRESS_INVALID: _l("Adressen går inte att skicka till."),
    Problem.ADDRESS_REFUSED: _l("Mottagarens server tar inte emot adressen."),
    Problem.MESSAGE_REFUSED: _l("Tjänsten tar inte emot meddelandet."),
    Problem.MESSAGE_INVALID: _l("Meddelandet innehåller tecken som inte går att skicka."),
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


def problem_text(problem: str | None, code: int | None = None) -> str:
    """A problem in words, with the code of the server's reply; empty if there is none."""
    if not problem:
        return ""
    known = problem in list(Problem)
    text = str(PROBLEMS[Problem(problem)]) if known else _("Något gick fel.")
    return f"{text} ({code})" if code else text
