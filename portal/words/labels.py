"""The word of every status, action, role, reason and task. A test sees that none is missing.

What only staff read is marked `_staff`: their pages are Swedish, so nobody need translate it.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_gettext as _staff
from flask_babel.speaklater import LazyString

from portal.cases.lifecycle import Action, CloseReason, Status
from portal.cases.terms import Channel, ReplyBy, TaskKind
from portal.identity.actors import Role


@dataclass(frozen=True)
class Tag:
    """A word and the colour it stands in; the word alone must be enough."""

    text: LazyString
    color: str


STATUS: dict[Status, Tag] = {
    Status.RECEIVED: Tag(_l("Nytt"), "neutral"),
    Status.IN_PROGRESS: Tag(_l("Pågår"), "info"),
    Status.AWAITING_CITIZEN: Tag(_l("Väntar på svar"), "warning"),
    Status.ANSWERED: Tag(_l("Besvarat"), "success"),
    Status.CLOSED: Tag(_l("Avslutat"), "neutral"),
}
ACTION: dict[Action, LazyString] = {
    Action.SUBMIT: _staff("Skicka in"),
    Action.TAKE: _staff("Börja handlägga"),
    Action.ASSIGN: _staff("Fördela"),
    Action.NOTE: _staff("Skriv anteckning"),
    Action.ANSWER: _staff("Skicka svar"),
    Action.ANSWER_AND_CLOSE: _staff("Skicka och avsluta"),
    Action.CLOSE: _staff("Avsluta ärendet"),
    Action.ASK: _staff("Be om komplettering"),
    Action.REPLY: _staff("Skriv tillbaka"),
    Action.WITHDRAW: _staff("Ta tillbaka ärendet"),
    Action.NOT_SATISFIED: _staff("Jag är inte nöjd"),
    Action.ADOPT: _staff("Lägg till på Mina sidor"),
}
CLOSE_REASON: dict[CloseReason, LazyString] = {
    CloseReason.ANSWERED: _l("Besvarat"),
    CloseReason.MOVED: _l("Flyttat till ett annat system"),
    CloseReason.OUTSIDE: _l("Hanteras på ett annat sätt"),
    CloseReason.WITHDRAWN: _l("Återtaget"),
    CloseReason.DUPLICATE: _l("Samma som ett annat ärende"),
}
ROLE: dict[Role, LazyString] = {
    Role.OFFICER: _staff("Handläggare"),
    Role.HEAD_OF_UNIT: _staff("Enhetschef"),
    Role.HEAD_OF_ADMINISTRATION: _staff("Förvaltningschef"),
    Role.REGISTRAR: _staff("Medborgarservice"),
    Role.RECORDS_OFFICER: _staff("Registrator"),
    Role.ANALYST: _staff("Analytiker"),
    Role.PROCESS_OWNER: _staff("Processägare"),
    Role.ADMINISTRATOR: _staff("Administratör"),
}
CHANNEL: dict[Channel, LazyString] = {Channel.WEB: _l("Webben")}
REPLY_BY: dict[ReplyBy, LazyString] = {
    ReplyBy.CODE: _l("Anonymt, med en kod"),
    ReplyBy.EMAIL: _l("E-post"),
    ReplyBy.SMS: _l("Sms"),
    ReplyBy.PORTAL: _l("Mina sidor"),
}
REPLY_HINT: dict[ReplyBy, LazyString] = {
    ReplyBy.CODE: _l("Du får koden på nästa sida och läser svaret här. Vi vet inte vem du är."),
    ReplyBy.EMAIL: _l("Vi mejlar när ärendet tas emot, handläggs och besvaras."),
    ReplyBy.SMS: _l("Vi skickar sms när ärendet tas emot, handläggs och besvaras."),
    ReplyBy.PORTAL: _l("Du loggar in med e-legitimation i nästa steg. Det du skrivit finns kvar."),
}
# How much it takes to answer, as the ROSA method counts it.
ROSA: dict[int, LazyString] = {
    1: _staff("Information och upplysning"),
    2: _staff("Vägledning och rådgivning"),
    3: _staff("Administrativ hantering"),
    4: _staff("Rutin- och regelstyrd handläggning"),
    5: _staff("Verksamhetsspecifika förberedelser"),
    6: _staff("Värderande beslut"),
}
TASK: dict[TaskKind, LazyString] = {
    TaskKind.UNDELIVERED: _staff(
        "Ett meddelande till avsändaren kom inte fram. Försök nå personen på ett annat sätt."
    ),
    TaskKind.UNCERTAIN: _staff(
        "Ett sms till avsändaren kan ha gått fram eller inte. Försök nå personen på ett annat sätt."
    ),
    TaskKind.UNRENDERED: _staff(
        "Ett meddelande till avsändaren kunde inte skapas. Säg till den som sköter systemet."
    ),
}
