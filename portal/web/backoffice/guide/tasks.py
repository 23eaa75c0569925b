"""The tasks of the guide and their steps. A name between asterisks is the portal's own, as it is shown.

tests/web/backoffice/test_guide.py finds a name that no page has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from portal.cases.access import HANDLERS, READERS
from portal.identity.actors import Role, Staff
from portal.organisation.profile import Profile
from portal.routines.rules import FOLLOWS_UP
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l

Steps = Callable[[Profile], list[str]]
EVERYBODY = frozenset({None, *Role})
DESK = frozenset({Role.REGISTRAR})


@dataclass(frozen=True)
class Task:
    """A task: its title, its steps in a municipality, and the roles that have it; None is no membership."""

    key: str
    title: LazyString
    steps: Steps
    roles: frozenset[Role | None] = HANDLERS


def tasks_of(actor: Staff) -> Sequence[Task]:
    """The tasks of the actor's role, in the order of the guide."""
    return [task for task in TASKS if actor.role in task.roles]


def _answer(_profile: Profile) -> list[str]:
    return [
        _("Öppna ärendet i *Mina ärenden* eller *Enhetens ärenden*, och tryck på *Börja handlägga*."),
        _("Läs vad avsändaren skriver, och rutinen under *Om ärendet*. Där står om en lag har egna regler."),
        _("Skriv svaret, eller välj en mall och *Hämta mallen*. Om det är ett klagomål: beklaga och tacka."),
        _("Tryck på *Förhandsgranska* om du vill se hela meddelandet först."),
        _("Tryck på *Skicka och avsluta*. Om du ska göra mer i ärendet: tryck på *Skicka svar*."),
    ]


def _time(profile: Profile) -> list[str]:
    if profile.promise.answer_working_days:
        later = [
            _("Om svaret blir sent: tryck på *Flytta fram svaret*, skriv skälet och välj *Meddela ny dag*.")
        ]
        waits = _(
            "Välj *Fråga* och skriv vad du behöver veta. Svarstiden står still tills avsändaren svarar."
        )
    else:
        later = [_("Tryck på *Ändra nästa steg*, och välj dagen då du gör något mer.")]
        waits = _("Välj *Fråga* och skriv vad du behöver veta.")
    return [
        waits,
        _("Ärendet finns i *Väntar på invånaren* så länge."),
        *later,
        _("Välj *Meddelande* om du vill berätta hur det går."),
    ]


def _next(_profile: Profile) -> list[str]:
    return [
        _("Välj en lista, till exempel *Snart sista dagen*, och öppna det första ärendet."),
        _("Svara med *Skicka, avsluta och nästa*. Då öppnas nästa ärende i listan."),
        _("Om någon annan hann ta ett ärende får du veta det, och det du skrev finns kvar."),
        _("Arbeta utan mus om du vill. Under *Tangenter* ser du hur."),
    ]


def _assign(_profile: Profile) -> list[str]:
    return [
        _("Öppna *Att fördela*. Där finns ärenden som ingen handlägger."),
        _("Öppna ett ärende, välj handläggare under *Ansvar* och tryck på *Spara*."),
        _("Om flera ärenden ska till samma person: markera dem i listan och tryck på *Fördela*."),
        _("Om en annan enhet ska svara: tryck på *Lämna över*. Den som skrev får veta vem som har ärendet."),
    ]


def _call(_profile: Profile) -> list[str]:
    return [
        _("Sök på ärendets nummer eller på namnet. Lämna inte ut något förrän du vet vem som ringer."),
        _("Om ärendet redan finns: välj *Samtal* och skriv vad ni pratade om."),
        _("Om du svarar på frågan direkt: välj *Muntligt svar*."),
        _("Om det gäller något nytt: öppna *Registrera* och skriv in det medan ni pratar."),
        _("Läs upp koden i fyra grupper om personen vill vara anonym eller följa ärendet utan att logga in."),
    ]


def _desk(_profile: Profile) -> list[str]:
    return [
        _("Öppna *Fråga om ett ärende* när någon undrar hur det går."),
        _("Be personen läsa upp koden eller legitimera sig. Då får du berätta allt som ni har skickat."),
        _("Om personen bara har numret: berätta bara det som är offentligt."),
        _("Skriv in det som personen säger eller lämnar med *Skriv in*."),
    ]


def _pass_on(_profile: Profile) -> list[str]:
    return [
        _("Öppna *Registrera* när någon berättar något för dig, var det än är."),
        _("Skriv det som personen sade, med personens egna ord. Fråga om hen vill ha svar, och hur."),
        _("Välj ämne om du vet det. Annars tar *Medborgarservice* hand om det."),
        _("Ge personen numret och koden. Sedan ser du inte ärendet mer, om det inte är ditt."),
    ]


def _same(_profile: Profile) -> list[str]:
    return [
        _("Tryck på *Visa liknande ärenden* i ärendet."),
        _("Om det är samma sak: tryck på *Slå ihop*, och berätta att ni redan arbetar med den."),
        _("Då väntar ärendet på svaret i det andra. Alla som skrev får det."),
        _("Om ärendena bara har med varandra att göra: tryck på *Koppla*."),
        _("Om någon skriver om två saker: tryck på *Dela ärendet*."),
    ]


def _elsewhere(_profile: Profile) -> list[str]:
    return [
        _("Läs i rutinen under *Om ärendet* vad som inte hör hit, och rätt väg."),
        _(
            "Om det hör till ett annat system: för in det där, "
            "och välj *Avsluta: flyttat till ett annat system*."
        ),
        _("Om en annan myndighet ska ha det: tryck på *Avsluta: lämnat till rätt myndighet*."),
        _("Annars tryck på *Avsluta: hör inte hit* och skriv rätt väg. Avsändaren får veta den."),
        _("Ta alltid emot överklaganden: tryck på *Märk som överklagande eller liknande*."),
    ]


def _secrecy(_profile: Profile) -> list[str]:
    return [
        _("Tryck på *Sekretessmarkera ärendet*. Då ser bara enheten och registratorn det."),
        _("Om bara ett meddelande är känsligt: tryck på *Sekretessmarkera* vid det."),
        _("Tryck på *Skydda avsändarens uppgifter* om avsändaren har skyddade uppgifter."),
        _("Skriv inget känsligt i rubriken. Den syns i listor och kan bli offentlig."),
        _("Om du känner avsändaren eller saken rör dig: tryck på *Jag är jävig*."),
        _("Öppna bara ärenden som du behöver för ditt arbete. Varje gång antecknas."),
    ]


def _record(_profile: Profile) -> list[str]:
    return [
        _("Tryck på *Märk som begäran om allmän handling*. Ingen behöver säga vem hen är eller varför."),
        _("Leta fram handlingen, och kontrollera om något i den är sekretess."),
        _("Svara skyndsamt, helst samma dag. Här gäller inte kommunens vanliga svarstid."),
        _("Om något inte får lämnas ut: säg att personen kan få ett skriftligt beslut att överklaga."),
    ]


def _dissatisfied(_profile: Profile) -> list[str]:
    return [
        _("Ärendet öppnas igen när avsändaren säger att svaret inte räckte. Din chef får det."),
        _("Om du är chef: öppna *Inte nöjda* och läs hela ärendet."),
        _("Svara själv, eller fördela det till någon annan än den som svarade."),
        _("Beklaga, förklara vad som gäller och vad ni gör nu. Säg också vart avsändaren kan vända sig."),
    ]


def _away(_profile: Profile) -> list[str]:
    return [
        _("Lägg in från vilken dag och till vilken dag under *Frånvaro*, och vem som ersätter dig."),
        _("Det som kommer till dig då går till din ersättare. Det som är öppet får hen ta över."),
        _("Gå igenom *Mina ärenden* innan du går. Välj *Anteckning* där någon behöver veta mer."),
        _("Om du blir sjuk: din chef lägger in det åt dig."),
    ]


def _learn(_profile: Profile) -> list[str]:
    return [
        _("Välj *Åtgärd* när ni har gjort något, till exempel lagat eller ändrat."),
        _("Välj *Förslag* när något kan bli bättre. Avsändaren ser inte förslaget."),
        _("Alla åtgärder och förslag finns under *Åtgärder*."),
    ]


def _register(_profile: Profile) -> list[str]:
    return [
        _("Öppna *Register*. Där finns allt som har kommit in till nämnden eller skickats ut."),
        _("Sekretessmarkera det som behöver det, och skriv en rubrik för registret som inte avslöjar något."),
        _("Placera ärenden som ingen kan läsa i *Utan handläggare*."),
    ]


def _lead(_profile: Profile) -> list[str]:
    return [
        _("Börja veckan med att öppna *Enheten*: vad som kan bli sent, och hur mycket var och en har."),
        _("Fördela om där det behövs, och lägg in *Frånvaro* med ersättare."),
        _("Öppna *Inte nöjda* och *Behöver åtgärdas*. Där väntar någon på dig."),
        _("Öppna *Rutiner* och följ upp dem som har väntat för länge. Skriv dagen och vad ni såg."),
        _("Visa varje ny medarbetare sidan *Din första dag*."),
    ]


def _report(_profile: Profile) -> list[str]:
    return [
        _("Öppna *Rapporter* och tryck på *Gör en rapport*. Siffrorna räknas åt dig."),
        _("Tryck på *Skriv kommentarer*: vad siffrorna betyder, vad som brast och vad ni gör åt det."),
        _("Visa hur det kunde vara: tryck på *Välj ett ärende*. Läs texten och ta bort namn som står kvar."),
        _("Förvaltningschefen trycker på *Fastställ*. Sedan kan ingen ändra rapporten."),
        _("Tryck på *Hämta som pdf* och lägg filen i nämndens handlingar."),
    ]


TASKS = (
    Task("svara", _l("Svara på ett ärende"), _answer),
    Task("tid", _l("När du behöver veta mer eller få mer tid"), _time),
    Task("nasta", _l("Gå från ärende till ärende"), _next),
    Task("fordela", _l("Fördela och lämna över"), _assign),
    Task("ringer", _l("När någon ringer"), _call),
    Task("disken", _l("När någon frågar hur det går"), _desk, DESK),
    Task("beratta", _l("När någon berättar något för dig"), _pass_on, EVERYBODY),
    Task("samma-sak", _l("När flera skriver om samma sak"), _same),
    Task("hor-inte-hit", _l("När ärendet inte hör hit"), _elsewhere),
    Task("sekretess", _l("Sekretess och jäv"), _secrecy, READERS),
    Task("allman-handling", _l("Begäran om allmän handling"), _record, READERS),
    Task("inte-nojd", _l("Om avsändaren inte är nöjd"), _dissatisfied),
    Task("borta", _l("När du är borta"), _away),
    Task("lara", _l("Lär av det som kommer in"), _learn),
    Task("register", _l("För dig som är registrator"), _register, frozenset({Role.RECORDS_OFFICER})),
    Task("chef", _l("För dig som är chef eller processägare"), _lead, FOLLOWS_UP),
    Task("rapport", _l("Gör nämndens rapport"), _report, FOLLOWS_UP),
)
