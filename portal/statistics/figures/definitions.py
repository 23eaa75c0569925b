"""What each figure means and how it is counted: once, for every page that shows it."""

from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from portal.translation import lazy_gettext as _l


@dataclass(frozen=True)
class Definition:
    """A figure: its name on a page, and how it is counted."""

    name: LazyString
    counted: LazyString


DEFINITIONS: dict[str, Definition] = {
    "received": Definition(
        _l("Kom in"),
        _l(
            "Vi räknar alla ärenden som kom in, också dem som avsändaren tog tillbaka eller som hör hemma "
            "någon annanstans. Om ett ärende öppnas igen räknas det ändå en gång."
        ),
    ),
    "fates": Definition(
        _l("Så gick det"),
        _l("Varje ärende räknas på ett enda ställe. Delarna blir tillsammans lika många som alla ärenden."),
    ),
    "answered_in_time": Definition(
        _l("Svar i tid"),
        _l(
            "Ett svar är i tid när en människa har svarat senast den dag som vi lovade. Det automatiska "
            "kvittot räknas inte. Om vi flyttade fram dagen räknas svaret som sent. Svar som väntar på "
            "avsändaren, eller har en ny dag efter sommaren, är inte med när vi räknar."
        ),
    ),
    "closed_in_time": Definition(
        _l("Avslutat i tid"),
        _l("Ärendet är besvarat och avslutat senast den dag som vi lovade."),
    ),
    "contact_in_time": Definition(
        _l("Första kontakt i tid"),
        _l("En människa har hört av sig senast den dag som vi lovade. Det automatiska kvittot räknas inte."),
    ),
    "reach": Definition(
        _l("Nåbarhet"),
        _l(
            "Andelen som fick kontakt med en människa inom den tid som vi lovar. "
            "Telefonsamtal som inte blir ärenden är inte med."
        ),
    ),
    "first_contact": Definition(
        _l("Löst vid första kontakten"),
        _l("Den första som tog emot ärendet svarade själv, utan att lämna det vidare."),
    ),
    "solved": Definition(
        _l("Från första kontakt till löst"),
        _l("Arbetsdagar från det att ärendet kom in till det senaste svaret."),
    ),
    "median": Definition(
        _l("Hälften fick svar inom"),
        _l(
            "Hälften fick svar inom så många arbetsdagar. Dagar då vi väntade på avsändaren är med. "
            "Den som inte har fått svar räknas som den som väntat längst."
        ),
    ),
    "nine_of_ten": Definition(
        _l("Nästan alla (9 av 10) fick svar inom"),
        _l("Nio av tio fick svar inom så många arbetsdagar."),
    ),
    "extended": Definition(
        _l("Nytt datum"),
        _l("Vi flyttade fram svaret och berättade varför."),
    ),
    "summer": Definition(
        _l("Sommarens undantag"),
        _l("Om vi flyttade fram svaret över sommaren och höll den nya dagen räknas det för sig."),
    ),
    "reopened": Definition(
        _l("Öppnat igen"),
        _l("När ett ärende öppnas igen börjar ett nytt löfte, och det räknas för sig."),
    ),
    "unsatisfied": Definition(
        _l("Inte nöjd"),
        _l("Avsändaren valde Jag är inte nöjd."),
    ),
    "answers": Definition(
        _l("Svar"),
        _l("Svar som vi gav under perioden, också i ärenden som sedan öppnades igen."),
    ),
    "contact_within": Definition(
        _l("Kontakt inom två arbetsdagar"),
        _l(
            "Andelen som fick kontakt med en människa inom två arbetsdagar. Kommunen har inte lovat någon "
            "dag. Automatiska meddelanden räknas inte."
        ),
    ),
    "thanked": Definition(
        _l("Tack i svaret"),
        _l(
            "Svaret på ett klagomål, ett beröm eller ett förslag har ett ord som tackar. "
            "Bara det första svaret räknas, och bara om det är skriftligt. "
            "Svar från tiden innan vi började räkna är inte med."
        ),
    ),
    "regretted": Definition(
        _l("Beklagande i svaret"),
        _l(
            "Svaret på ett klagomål har ett ord som beklagar. Vi räknar ord. "
            "Det säger inte hur avsändaren uppfattar svaret."
        ),
    ),
    "contact_person": Definition(
        _l("Namngiven handläggare"),
        _l(
            "När en människa först hörde av sig hade ärendet en kontaktperson eller en handläggare. "
            "Om den första kontakten var svaret räknas ärendet inte."
        ),
    ),
    "plain_language": Definition(
        _l("Lättläst svar"),
        _l(
            "Svaret har ett läsbarhetsindex (lix) under 40. Vi räknar ut det för skriftliga svar på svenska "
            "med minst 20 ord. Hälsningen och underskriften räknas inte."
        ),
    ),
    "survey": Definition(
        _l("Enkät"),
        _l(
            "Svaren på frågan om avsändaren fick svar på det de undrade, och på frågan om bemötandet. "
            "De hör inte till något ärende, och räknas för enhet, nämnd och tid. "
            "De visas när en enhet har fått minst fem nya, och räknas i den månaden."
        ),
    ),
    "survey_helped": Definition(
        _l("Fick svar på det de undrade"),
        _l("Av dem som svarade på frågorna efter ett avslutat ärende."),
    ),
    "survey_treatment": Definition(
        _l("Bra bemötande"),
        _l("Av dem som svarade på frågorna efter ett avslutat ärende."),
    ),
    "closed_months": Definition(
        _l("Färdiga månader"),
        _l(
            "En månad räknas när alla löften från den har gått ut. Sedan ändras inte siffrorna. "
            "Om ett ärende skrevs in för sent räknas det i nästa månad."
        ),
    ),
    "small": Definition(
        _l("Minst fem"),
        _l(
            "Vi visar inga tal som bygger på färre än fem ärenden. En månad med färre slår vi ihop med "
            "nästa, och en liten nämnd med en annan. Ämnen och enheter avrundar vi till närmaste femtal."
        ),
    ),
}
