"""The sentences of each event on a timeline: for the sender (None hides the event) and for staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel.speaklater import LazyString

from portal.cases import events
from portal.cases.enums import Kind
from portal.cases.events import bars as bar_events
from portal.cases.events import (
    correction,
    dates,
    feedback,
    handovers,
    legal,
    messages,
    next_steps,
    registration,
)
from portal.cases.events import groups as group_events
from portal.cases.events import ownership as ownership_events
from portal.events import Event, by_kind
from portal.translation import lazy_gettext as _l
from portal.translation import lazy_gettext as _staff
from portal.words.kinds import KINDS


@dataclass(frozen=True)
class Sentence:
    """The line of an event.

    `%(who)s` did it, `%(officer)s` got the case, `%(unit)s` is its new unit, `%(provision)s` that of a mark.
    `%(board)s` answers for it from then on, on `%(ground)s`. `%(corrected)s` was corrected.
    `%(due)s` is its new day.

    A kind of event has its own line, or that of its nearest base class.
    """

    sender: LazyString | None
    staff: LazyString


BY_CLASS: dict[type[Event], Sentence] = {
    events.SenderMessageEvent: Sentence(
        _l("%(who)s skrev till dig"), _staff("%(who)s skrev till avsändaren")
    ),
    events.CaseReceived: Sentence(_l("Vi tog emot ärendet"), _staff("Ärendet kom in")),
    registration.CaseRegistered: Sentence(_l("Vi tog emot ärendet"), _staff("%(who)s registrerade ärendet")),
    events.CaseTaken: Sentence(_l("%(who)s började handlägga"), _staff("%(who)s började handlägga")),
    events.CaseTakenOver: Sentence(_l("%(who)s tog över ärendet"), _staff("%(who)s tog över ärendet")),
    events.CaseAssigned: Sentence(
        _l("%(officer)s fick ansvar för ärendet"), _staff("%(who)s gav ärendet till %(officer)s")
    ),
    events.NoteAdded: Sentence(None, _staff("%(who)s skrev en anteckning")),
    events.CaseAnswered: Sentence(_l("Du fick svar"), _staff("%(who)s svarade")),
    events.CaseAnsweredAndClosed: Sentence(
        _l("Du fick svar och ärendet avslutades"), _staff("%(who)s svarade och avslutade")
    ),
    events.CaseAnsweredOrally: Sentence(
        _l("%(who)s skrev ned svaret som du fick muntligt"), _staff("%(who)s svarade muntligt")
    ),
    registration.ClosedAtFirstContact: Sentence(
        _l("Ärendet avslutades"), _staff("%(who)s avslutade ärendet: löst direkt")
    ),
    events.CaseClosed: Sentence(_l("Ärendet avslutades"), _staff("%(who)s avslutade ärendet")),
    events.ReplyReceived: Sentence(_l("Du skrev mer"), _staff("Avsändaren skrev mer")),
    events.CaseReopened: Sentence(
        _l("Du skrev tillbaka och ärendet öppnades igen"),
        _staff("Avsändaren skrev tillbaka och ärendet öppnades igen"),
    ),
    messages.ReplyReceivedByEmail: Sentence(
        _l("Ett mejl kom in i ärendet"), _staff("Ett mejl kom in i ärendet, avsändaren är inte kontrollerad")
    ),
    messages.ReplyRecorded: Sentence(
        _l("%(who)s skrev ned det du berättade"), _staff("%(who)s skrev in vad avsändaren berättade")
    ),
    messages.SupplementRecorded: Sentence(
        _l("%(who)s skrev ned ditt svar på vår fråga"),
        _staff("%(who)s skrev in avsändarens svar på frågan"),
    ),
    messages.CaseReopenedByRecord: Sentence(
        _l("%(who)s skrev ned det du berättade och ärendet öppnades igen"),
        _staff("%(who)s skrev in vad avsändaren berättade och ärendet öppnades igen"),
    ),
    messages.UnverifiedReplyRecorded: Sentence(
        _l("%(who)s skrev ned något som har sagts om ärendet"),
        _staff("%(who)s skrev in vad någon berättade, avsändaren är inte kontrollerad"),
    ),
    events.SupplementRequested: Sentence(
        _l("Vi bad dig om mer"), _staff("%(who)s ställde en fråga till avsändaren")
    ),
    messages.SupplementReminded: Sentence(
        _l("Vi påminde dig om vår fråga"), _staff("Avsändaren fick en påminnelse om frågan")
    ),
    events.SupplementReceived: Sentence(
        _l("Du svarade på vår fråga"), _staff("Avsändaren svarade på frågan")
    ),
    events.SupplementWaived: Sentence(
        _l("Vi arbetar vidare utan ditt svar"), _staff("%(who)s fortsatte utan svar")
    ),
    events.CallDocumented: Sentence(
        _l("%(who)s pratade med dig"), _staff("%(who)s antecknade ett samtal med avsändaren")
    ),
    dates.DeadlineExtended: Sentence(
        _l("Vi flyttade fram svaret till %(due)s"), _staff("%(who)s flyttade fram svaret till %(due)s")
    ),
    next_steps.NextStepSet: Sentence(None, _staff("%(who)s satte dagen för nästa steg")),
    next_steps.NextStepShared: Sentence(
        _l("%(who)s berättade när vi hör av oss igen"),
        _staff("%(who)s satte dagen för nästa steg och berättade den för avsändaren"),
    ),
    dates.DeadlineRecounted: Sentence(
        _l("Den lovade dagen ändrades, eftersom kommunens stängda dagar har ändrats"),
        _staff("Den lovade dagen räknades om, eftersom de stängda dagarna har ändrats"),
    ),
    events.CaseHandedOver: Sentence(
        _l("Ärendet lämnades över till %(unit)s"), _staff("%(who)s lämnade över till %(unit)s")
    ),
    ownership_events.CasePlaced: Sentence(
        _l("Ärendet lämnades över till %(unit)s"), _staff("%(who)s placerade ärendet hos %(unit)s")
    ),
    ownership_events.CaseReleased: Sentence(None, _staff("%(officer)s har inte ärendet längre")),
    handovers.CaseHandedToAuthority: Sentence(
        _l("Ärendet lämnades över. %(board)s svarar nu."),
        _staff("%(who)s lämnade över till %(unit)s, %(board)s. Grund: %(ground)s"),
    ),
    handovers.CaseFollowedUnit: Sentence(
        _l("Kommunens organisation ändrades. %(board)s svarar nu."),
        _staff("%(unit)s flyttade till %(board)s, och ärendet följde med"),
    ),
    events.ContactNamed: Sentence(
        _l("%(officer)s blev din kontaktperson"), _staff("%(who)s utsåg %(officer)s till kontaktperson")
    ),
    events.RecordRequestFlagged: Sentence(
        None, _staff("%(who)s ändrade märkningen som begäran om allmän handling")
    ),
    legal.MatterFlagged: Sentence(None, _staff("%(who)s ändrade märkningen som något som alltid tas emot")),
    legal.MatterPassedOn: Sentence(
        _l("Ärendet lämnades till den som ska ha det"), _staff("%(who)s lämnade ärendet till rätt myndighet")
    ),
    events.SenderProtected: Sentence(None, _staff("%(who)s märkte avsändaren: skyddade personuppgifter")),
    events.SenderUnprotected: Sentence(None, _staff("%(who)s tog bort märkningen: skyddade personuppgifter")),
    events.CaseTransferred: Sentence(
        _l("Ärendet flyttades till ett annat system"),
        _staff("%(who)s avslutade: flyttat till ett annat system"),
    ),
    events.CaseRedirected: Sentence(
        _l("Ärendet avslutades, eftersom det hanteras på ett annat sätt"),
        _staff("%(who)s avslutade: hör inte hit"),
    ),
    events.CaseMerged: Sentence(
        _l("Vi tar hand om ärendet tillsammans med ett annat"),
        _staff("%(who)s slog ihop ärendet med ett annat"),
    ),
    group_events.MemberAnswered: Sentence(_l("Du fick svar"), _staff("%(who)s svarade i gruppen")),
    group_events.MemberAnsweredAndClosed: Sentence(
        _l("Du fick svar och ärendet avslutades"), _staff("%(who)s svarade i gruppen och avslutade")
    ),
    group_events.MemberClosed: Sentence(
        _l("Ärendet avslutades"), _staff("%(who)s avslutade ärendet tillsammans med ett annat")
    ),
    group_events.GroupLeft: Sentence(
        _l("Ärendet blev ett eget igen"), _staff("Ärendet väntar inte på svaret i ett annat längre")
    ),
    group_events.GroupJoined: Sentence(
        _l("Du anmälde samma fel som någon annan. Ni får svar samtidigt."),
        _staff("Avsändaren sade att det är samma fel som i ett annat ärende"),
    ),
    events.CaseUnmerged: Sentence(
        _l("Ärendet blev ett eget igen"), _staff("%(who)s ångrade sammanslagningen")
    ),
    events.CaseSplit: Sentence(
        _l("Vi delade upp ärendet. En del av det blev ett eget ärende."),
        _staff("%(who)s gjorde en del till ett eget ärende"),
    ),
    events.CasesRelated: Sentence(None, _staff("%(who)s kopplade ihop ärendet med ett annat")),
    events.RelationEnded: Sentence(None, _staff("%(who)s tog bort en koppling till ett annat ärende")),
    events.CaseReopenedByStaff: Sentence(_l("Ärendet öppnades igen"), _staff("%(who)s öppnade ärendet igen")),
    messages.MessageResent: Sentence(None, _staff("%(who)s skickade ett meddelande igen")),
    events.TaskFinished: Sentence(None, _staff("%(who)s tog hand om en uppgift")),
    events.MeasureNoted: Sentence(None, _staff("%(who)s antecknade en åtgärd")),
    events.ImprovementProposed: Sentence(None, _staff("%(who)s föreslog en förbättring")),
    events.ProposalDecided: Sentence(None, _staff("%(who)s beslutade att genomföra ett förbättringsförslag")),
    events.ProposalCarriedOut: Sentence(None, _staff("%(who)s märkte ett förbättringsförslag som genomfört")),
    events.ProposalRejected: Sentence(None, _staff("%(who)s avslog ett förbättringsförslag")),
    feedback.ImprovementLinked: Sentence(None, _staff("%(who)s kopplade ärendet till en förbättring")),
    feedback.ImprovementUnlinked: Sentence(None, _staff("%(who)s tog bort kopplingen till en förbättring")),
    feedback.ImprovementShared: Sentence(
        _l("Vi berättade vad det du skrev ledde till"), _staff("Avsändaren fick veta vad ärendet ledde till")
    ),
    events.CaseWithdrawn: Sentence(_l("Du tog tillbaka ärendet"), _staff("Avsändaren tog tillbaka ärendet")),
    events.SenderNotSatisfied: Sentence(
        _l("Du var inte nöjd med svaret. %(officer)s tar över."),
        _staff("Avsändaren var inte nöjd med svaret. %(officer)s tar över."),
    ),
    feedback.SenderThanked: Sentence(_l("Du tackade för svaret"), _staff("Avsändaren tackade för svaret")),
    feedback.NoAnswerNeeded: Sentence(
        _l("Vi har läst det du skrev. Det behövs inget nytt svar."),
        _staff("%(who)s avslutade: inget svar behövs"),
    ),
    correction.CaseReclassified: Sentence(
        _l("Vi rättade uppgifter om ärendet"), _staff("%(who)s rättade ärendet: %(corrected)s")
    ),
    correction.PlaceCorrected: Sentence(_l("Vi rättade platsen"), _staff("%(who)s rättade platsen")),
    events.CaseAdopted: Sentence(
        _l("Du lade till ärendet på Mina sidor"), _staff("Avsändaren loggade in och lade till ärendet")
    ),
    events.CodeReplaced: Sentence(_l("Du fick en ny kod"), _staff("Avsändaren fick en ny kod")),
    events.AddressChanged: Sentence(
        _l("Du ändrade vart vi skickar meddelanden"), _staff("Avsändaren ändrade sin adress")
    ),
    messages.MessagesDeclined: Sentence(
        _l("Du får inte längre meddelanden om ärendet"),
        _staff("Avsändaren får inte längre meddelanden om ärendet"),
    ),
    events.ReaderContested: Sentence(
        _l("Vi stoppade läsningen av ärendet"),
        _staff("Den tidigare läsaren sade: det var inte jag. Ingen utanför kommunen läser ärendet."),
    ),
    events.ReaderRestored: Sentence(
        _l("Du kan läsa ärendet igen"), _staff("%(who)s gav tillbaka läsningen av ärendet")
    ),
    registration.SecrecyMarked: Sentence(
        None, _staff("%(who)s sekretessmarkerade ärendet enligt %(provision)s")
    ),
    registration.SecrecyLiftRequested: Sentence(None, _staff("%(who)s begärde att sekretessen hävs")),
    registration.SecrecyLifted: Sentence(None, _staff("%(who)s hävde sekretessen")),
    registration.MessageMarked: Sentence(
        None, _staff("%(who)s sekretessmarkerade ett meddelande enligt %(provision)s")
    ),
    registration.MessageSecrecyLifted: Sentence(None, _staff("%(who)s hävde sekretessen för ett meddelande")),
    registration.SubjectCorrected: Sentence(None, _staff("%(who)s ändrade rubriken")),
    registration.SenderHidden: Sentence(None, _staff("%(who)s dolde avsändaren")),
    registration.SenderShown: Sentence(None, _staff("%(who)s visade avsändaren igen")),
    bar_events.HandlerRecused: Sentence(None, _staff("%(who)s anmälde jäv")),
    bar_events.ColleagueConcerned: Sentence(
        None, _staff("%(who)s antecknade att ärendet rör %(officer)s, som är jävig")
    ),
    bar_events.BarsCopied: Sentence(None, _staff("Jäv följde med från ett annat ärende")),
    bar_events.BarLifted: Sentence(None, _staff("%(who)s tog bort jävet för %(officer)s")),
    events.AdoptedCodeRequested: Sentence(
        _l("Någon bad om en ny kod. Ärendet öppnas här, utan kod."),
        _staff("Någon bad om en ny kod, men ärendet finns på Mina sidor"),
    ),
    events.CodeLinkRequested: Sentence(_l("Du bad om en ny kod"), _staff("Avsändaren bad om en ny kod")),
}
TIMELINE = by_kind(BY_CLASS)
# The trail stores the name of the event class.
BY_NAME = {event.__name__: sentence for event, sentence in TIMELINE.items()}


def corrected(details: Mapping[str, Any], topics: Mapping[int, str]) -> str:
    """What a correction changed, from what to what, with the names of topics by id."""
    kinds = [str(KINDS[Kind(details[name])].name) for name in ("kind_before", "kind")]
    levels = [str(details[name] or _staff("inte bedömd")) for name in ("level_before", "level")]
    names = [str(topics.get(details[name]) or _staff("utan ämne")) for name in ("topic_before", "topic")]
    parts = [
        _changed(_staff("%(before)s blev %(after)s"), kinds),
        _changed(_staff("ämnet %(before)s blev %(after)s"), names),
        _changed(_staff("ROSA-nivå %(before)s blev %(after)s"), levels),
        str(_staff("rubriken")) if details["public"] or details["internal"] else "",
    ]
    return ", ".join(filter(None, parts))


def _changed(sentence: LazyString, values: Sequence[str]) -> str:
    before, after = values
    return str(sentence) % {"before": before, "after": after} if before != after else ""
