"""The label of every status, role, reason and task. tests/architecture/test_wiring.py finds a missing one.

Texts for staff alone are marked `_staff`, which `make messages` does not extract: their pages are Swedish.
"""

from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from portal.cases.authority.rules import GroundProblem
from portal.cases.deadlines import DateProblem
from portal.cases.enums import (
    BarKind,
    Channel,
    ForWhom,
    HandoverGround,
    LegalMatter,
    MeasureKind,
    MeasureState,
    NotifyBy,
    Purpose,
    ReaderChange,
    ReplyBy,
    TaskKind,
    VerifiedReader,
)
from portal.cases.groups.answers import Apart
from portal.cases.groups.merging import MergeProblem
from portal.cases.lifecycle import CloseReason, Status
from portal.identity.actors import Role
from portal.translation import lazy_gettext as _l
from portal.translation import lazy_gettext as _staff


@dataclass(frozen=True)
class Tag:
    """A label and the colour of its tag. The label must be enough without the colour (WCAG 1.4.1)."""

    text: LazyString
    color: str


STATUS: dict[Status, Tag] = {
    Status.RECEIVED: Tag(_l("Nytt"), "neutral"),
    Status.IN_PROGRESS: Tag(_l("Pågår"), "info"),
    Status.AWAITING_CITIZEN: Tag(_staff("Väntar på invånaren"), "warning"),
    Status.ANSWERED: Tag(_l("Besvarat"), "success"),
    Status.CLOSED: Tag(_l("Avslutat"), "neutral"),
}
# It is the sender's turn where staff wait for them.
SENDER_STATUS: dict[Status, Tag] = STATUS | {
    Status.AWAITING_CITIZEN: Tag(_l("Vi behöver ditt svar"), "warning"),
}
CLOSE_REASON: dict[CloseReason, LazyString] = {
    CloseReason.ANSWERED: _l("Besvarat"),
    CloseReason.TRANSFERRED: _l("Flyttat till ett annat system"),
    CloseReason.OUTSIDE: _l("Hanteras på ett annat sätt"),
    CloseReason.WITHDRAWN: _l("Återtaget"),
    CloseReason.DUPLICATE: _l("Samma som ett annat ärende"),
    CloseReason.NO_ANSWER: _l("Läst. Inget mer svar behövs."),
}
# To the sender, who took the case back.
SENDER_CLOSE_REASON: dict[CloseReason, LazyString] = CLOSE_REASON | {
    CloseReason.WITHDRAWN: _l("Du tog tillbaka ärendet"),
}
MEASURE_KIND: dict[MeasureKind, LazyString] = {
    MeasureKind.TAKEN: _staff("Åtgärd"),
    MeasureKind.PROPOSAL: _staff("Förbättringsförslag"),
}
MEASURE_STATE: dict[MeasureState, Tag] = {
    MeasureState.PROPOSED: Tag(_staff("Föreslaget"), "warning"),
    MeasureState.DECIDED: Tag(_staff("Beslutat"), "info"),
    MeasureState.DONE: Tag(_staff("Genomfört"), "success"),
    MeasureState.REJECTED: Tag(_staff("Avslaget"), "neutral"),
}
ROLE: dict[Role, LazyString] = {
    Role.OFFICER: _staff("Handläggare"),
    Role.HEAD_OF_UNIT: _staff("Enhetschef"),
    Role.HEAD_OF_ADMINISTRATION: _staff("Förvaltningschef"),
    Role.REGISTRAR: _staff("Medborgarservice"),
    Role.RECORDS_OFFICER: _staff("Registrator"),
    Role.ANALYST: _staff("Analytiker"),
    Role.PROCESS_OWNER: _staff("Processägare"),
    Role.ELECTED: _staff("Förtroendevald"),
    Role.ADMINISTRATOR: _staff("Administratör"),
}
# Beside the name and the place of an author. The place of a registrar is Medborgarservice, which says it all.
AUTHOR_ROLE: dict[Role, LazyString] = {
    Role.OFFICER: _l("handläggare"),
    Role.HEAD_OF_UNIT: _l("enhetschef"),
    Role.HEAD_OF_ADMINISTRATION: _l("förvaltningschef"),
    Role.RECORDS_OFFICER: _l("registrator"),
    Role.ANALYST: _l("analytiker"),
    Role.PROCESS_OWNER: _l("processägare"),
    Role.ELECTED: _l("förtroendevald"),
    Role.ADMINISTRATOR: _l("administratör"),
}
# A manager who takes a case over, at the beginning of a sentence.
MANAGER: dict[Role, LazyString] = {
    Role.HEAD_OF_UNIT: _l("Enhetschefen %(name)s"),
    Role.HEAD_OF_ADMINISTRATION: _l("Förvaltningschefen %(name)s"),
}
CHANNEL: dict[Channel, LazyString] = {
    Channel.WEB: _staff("Webben"),
    Channel.DESK: _staff("Besök"),
    Channel.PHONE: _staff("Telefon"),
    Channel.LETTER: _staff("Brev"),
    Channel.SOCIAL_MEDIA: _staff("Sociala medier"),
    Channel.MAILBOX: _staff("Kommunens brevlåda"),
}
REPLY_BY: dict[ReplyBy, LazyString] = {
    ReplyBy.CODE: _l("Anonymt, med en kod"),
    ReplyBy.EMAIL: _l("E-post"),
    ReplyBy.SMS: _l("Sms"),
    ReplyBy.PORTAL: _l("Mina sidor"),
}
REPLY_HINT: dict[ReplyBy, LazyString] = {
    ReplyBy.CODE: _l(
        "Du får koden på nästa sida och läser svaret här. Vi vet inte vem du är. "
        "Om du tappar koden kan du inte öppna ärendet."
    ),
    ReplyBy.EMAIL: _l("Vi mejlar när ärendet tas emot, handläggs och besvaras."),
    ReplyBy.SMS: _l("Vi skickar sms när ärendet tas emot, handläggs och besvaras."),
    ReplyBy.PORTAL: _l("Du loggar in med e-legitimation i nästa steg. Det du skrivit finns kvar."),
}
NOTIFY_BY: dict[NotifyBy, LazyString] = {
    NotifyBy.EMAIL: _l("Med e-post"),
    NotifyBy.SMS: _l("Med sms"),
    NotifyBy.NONE: _l("Jag vill inte ha meddelanden"),
}
NOTIFY_HINT: dict[NotifyBy, LazyString] = {
    NotifyBy.EMAIL: REPLY_HINT[ReplyBy.EMAIL],
    NotifyBy.SMS: REPLY_HINT[ReplyBy.SMS],
    NotifyBy.NONE: _l(
        "Då får du själv titta på Mina sidor. Om vi behöver fråga dig något får du inget meddelande."
    ),
}
FOR_WHOM: dict[ForWhom, LazyString] = {
    ForWhom.ORGANISATION: _l("Ett företag eller en förening"),
    ForWhom.CHILD: _l("Mitt barn"),
    ForWhom.HELPED: _l("Någon som jag hjälper"),
}
REPRESENTED: dict[ForWhom, LazyString] = {
    ForWhom.ORGANISATION: _staff("Företag eller förening"),
    ForWhom.CHILD: _staff("Avsändarens barn"),
    ForWhom.HELPED: _staff("Någon som avsändaren hjälper"),
}
# A message names the officer who wrote it, not only the municipality.
FROM_US: dict[Purpose, LazyString] = {
    Purpose.ANSWER: _l("Svar från %(name)s, %(unit)s"),
    Purpose.QUESTION: _l("Fråga från %(name)s, %(unit)s"),
    Purpose.CONTACT: _l("Meddelande från %(name)s, %(unit)s"),
    Purpose.CALL: _l("Samtal med %(name)s, %(unit)s"),
    Purpose.ORAL_ANSWER: _l("Svar, muntligt, från %(name)s, %(unit)s"),
}
DATE_PROBLEM: dict[DateProblem, LazyString] = {
    DateProblem.LATE: _staff("Dagen har redan passerat, så den går inte att flytta. Skriv till avsändaren."),
    DateProblem.PAST: _staff("Välj en dag som inte har varit"),
    DateProblem.NOT_LATER: _staff("Välj en dag efter den som redan är lovad"),
    DateProblem.CLOSED: _staff("Välj en arbetsdag"),
    DateProblem.TOO_FAR: _staff("Välj en dag inom ett år"),
    DateProblem.NOT_SINCE_ARRIVAL: _staff("Välj en dag från den då ärendet kom in till och med i dag"),
}
READER_CHANGE: dict[ReaderChange, LazyString] = {
    ReaderChange.ADOPTED: _staff("tillagt på Mina sidor"),
    ReaderChange.NEW_CODE: _staff("ny kod"),
    ReaderChange.NEW_ADDRESS: _staff("ny adress"),
    ReaderChange.RESTORED: _staff("återlämnat av kommunen"),
}
HANDOVER_GROUND: dict[HandoverGround, LazyString] = {
    HandoverGround.NO_SECRECY: _staff("Det som följer med har ingen sekretess"),
    HandoverGround.CONSENT: _staff("Avsändaren samtycker"),
    HandoverGround.PROVISION: _staff("En bestämmelse bryter sekretessen"),
    HandoverGround.REORGANISED: _staff("Ny organisation"),
}
GROUND_PROBLEM: dict[GroundProblem, LazyString] = {
    GroundProblem.MISSING: _staff(
        "Ärendet går till en annan nämnd eller verksamhetsgren. Se vad som följer med och välj grund."
    ),
    GroundProblem.UNDER_SECRECY: _staff(
        "Ärendet har sekretess. Välj samtycke eller en bestämmelse. Om inget av dem gäller: be avsändaren "
        "skriva till rätt nämnd, med Avsluta: hör inte hit."
    ),
    GroundProblem.UNKNOWN: _staff("Grunden går inte att välja här. Välj en i listan."),
}
VERIFIED_READER: dict[VerifiedReader, LazyString] = {
    VerifiedReader.CODE: _staff("Med en ny kod, som du läser upp eller skriver ut"),
    VerifiedReader.PERSON: _staff("På Mina sidor, för personen som ärendet är kopplat till"),
}
BAR: dict[BarKind, LazyString] = {
    BarKind.OWN: _staff("egen anmälan"),
    BarKind.CONCERNED: _staff("ärendet rör personen"),
}
RELATION: dict[str, LazyString] = {
    "related": _staff("Hör ihop"),
    "merged_into": _staff("Ingår i"),
    "merged_here": _staff("Ingår här"),
    "split_from": _staff("Delat från"),
    "split_off": _staff("Del av det här"),
}
MERGE_PROBLEM: dict[MergeProblem, LazyString] = {
    MergeProblem.UNKNOWN: _staff("Det ärendet går inte att välja. Kontrollera numret."),
    MergeProblem.ITSELF: _staff("Det är det här ärendet. Skriv numret på det andra."),
    MergeProblem.CLOSED: _staff(
        "Det ärendet är avslutat, så avsändaren skulle inte få något svar. Svara här."
    ),
    MergeProblem.ANSWERED: _staff(
        "Det ärendet är redan besvarat. Svara här, eller öppna det först om det behöver ett nytt svar."
    ),
    MergeProblem.MERGED: _staff(
        "Det ärendet väntar självt på svaret i ett annat. Slå ihop med det i stället."
    ),
    MergeProblem.HAS_MEMBERS: _staff(
        "Andra ärenden väntar på svaret i det här. Slå ihop det andra ärendet med det här i stället."
    ),
    MergeProblem.SECRECY: _staff("Ett av ärendena har sekretess. De måste besvaras var för sig."),
    MergeProblem.RECORD: _staff(
        "Ett av ärendena är en begäran om allmän handling. Den måste besvaras för sig, och skyndsamt."
    ),
    MergeProblem.LEGAL: _staff(
        "Ett av ärendena ska alltid tas emot. Det måste lämnas för sig till den som ska ha det."
    ),
}
APART: dict[Apart, LazyString] = {
    Apart.SECRECY: _staff("sekretess"),
    Apart.PROTECTED: _staff("skyddade personuppgifter"),
    Apart.HIDDEN: _staff("dold avsändare"),
    Apart.LANGUAGE: _staff("annat språk"),
    Apart.CONTESTED: _staff("läsningen är stoppad"),
    Apart.FORBIDDEN: _staff("du kan inte svara i det ärendet"),
}
RESEMBLANCE: dict[str, LazyString] = {
    "same_sender": _staff("Samma avsändare"),
    "alike": _staff("Samma ord"),
}
CLOSE_DETAIL: dict[str, LazyString] = {
    "system": _l("Nytt system"),
    "number": _l("Nummer där"),
    "reason": _l("Varför"),
    "way": _l("Rätt väg"),
    "recipient": _l("Lämnat till"),
    "passed_on": _l("Lämnat den"),
    "arrived": _l("Kom in den"),
}
# In place of the reason, of a case that was passed on to the authority that it is for.
PASSED_ON = _l("Lämnat till den som ska ha det")
# Those of them that are days, stored as 2026-05-18.
CLOSE_DAYS = frozenset({"passed_on", "arrived"})
LEGAL_MATTER: dict[LegalMatter, LazyString] = {
    LegalMatter.APPEAL: _staff("Överklagande"),
    LegalMatter.DAMAGES: _staff("Krav på skadestånd"),
    LegalMatter.CHILD_CONCERN: _staff("Orosanmälan"),
    LegalMatter.WHISTLEBLOWING: _staff("Visselblåsares rapport"),
    LegalMatter.TIME_LIMIT: _staff("Något annat med en sista dag"),
}
# The levels of the ROSA method for the effort of an answer.
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
    TaskKind.HELD: _staff(
        "Ett meddelande till avsändaren väntar till i morgon, för mottagaren har fått många i dag. "
        "Om det är bråttom kan du nå personen på ett annat sätt."
    ),
    TaskKind.NO_MANAGER: _staff(
        "Avsändaren är inte nöjd, och ingen chef kan ta ärendet. Ge det till någon annan än den som svarade."
    ),
    TaskKind.NO_HANDLER: _staff(
        "Ärendet har ingen handläggare. Förvaltningschefen, Medborgarservice eller nämndens registrator "
        "placerar det i vyn Utan handläggare."
    ),
    TaskKind.READER_CONTESTED: _staff(
        "Den tidigare läsaren säger att någon annan har tagit över ärendet. Kontrollera per telefon eller i "
        "receptionen vem avsändaren är, och ge sedan tillbaka läsningen."
    ),
    TaskKind.EMAIL_REPLY: _staff(
        "Ett mejl har kommit in i ärendet. Avsändaren är inte kontrollerad. Läs det i samtalet. Om det inte "
        "finns där ligger det i kommunens brevlåda."
    ),
    TaskKind.HIDDEN_FILE: _staff(
        "En fil i ärendet kan inte visas, eftersom den kan skada en dator eller är trasig. "
        "Be avsändaren att skicka den på nytt."
    ),
    TaskKind.UNRENDERED: _staff(
        "Ett meddelande till avsändaren kunde inte skapas. Säg till den som sköter systemet."
    ),
}
