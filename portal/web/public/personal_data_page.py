"""The page on personal data: the information of GDPR articles 13 and 14, true of what the portal stores.

What is stored and for how long follows the table of lifetimes in docs/architecture.md: change both together.
"""

from flask import url_for
from markupsafe import Markup

from portal.organisation import queries as organisation
from portal.organisation.profile import Profile
from portal.translation import gettext as _
from portal.web.public.information_pages import Text, documents, link, updated
from portal.words.profile_texts import profile_markup

IMY = "https://www.imy.se"


def personal_data() -> Text:
    """What is stored of whom and why, who gets it, for how long, and the rights of the person."""
    profile = organisation.profile()
    sections = [
        (_("Vem som ansvarar"), _responsible(profile)),
        (_("Det här sparar vi om dig som skriver"), _of_senders()),
        (_("Om du är anonym"), _of_anonymous()),
        (_("Om någon annan skriver om dig"), _of_others()),
        (_("Det här sparar vi om personal"), _of_staff()),
        (_("Varför vi får spara"), _grounds()),
        (_("Vem som får del av uppgifterna"), _recipients()),
        (_("Hur länge"), _retention(profile)),
        (_("Dina rättigheter"), _rights()),
        (_("Om du vill klaga"), _complaints()),
    ]
    day = profile.privacy.updated if profile.privacy else None
    return {"heading": _("Så hanterar vi dina uppgifter"), "sections": sections, "updated": updated(day)}


def _responsible(profile: Profile) -> list[str | Markup]:
    # Each board is the controller of its own cases (GDPR article 4.7).
    boards = Markup(", ").join(profile_markup(board.name) for board in profile.boards)
    controllers = _(
        "Den nämnd i %(municipality)s som svarar i ditt ärende ansvarar för uppgifterna i det:",
        municipality=profile.full,
    )
    return [Markup("{} {}.").format(controllers, boards), *_officer(profile)]


def _officer(profile: Profile) -> list[str | Markup]:
    privacy = profile.privacy
    if privacy is None or not privacy.has_officer:
        return [_("Ring %(phone)s och fråga efter dataskyddsombudet.", phone=profile.phone)]
    rows: list[str | Markup] = [_("Dataskyddsombudet svarar på frågor om hur vi använder dina uppgifter.")]
    if privacy.officer_email:
        rows.append(link(f"mailto:{privacy.officer_email}", privacy.officer_email))
    if privacy.officer_phone:
        rows.append(_("Telefon: %(phone)s", phone=privacy.officer_phone))
    if privacy.officer_address:
        rows.append(Markup('<span lang="{}">{}</span>').format(profile.language, privacy.officer_address))
    return rows


def _of_senders() -> list[str]:
    return [
        _("Det du skriver, vad vi svarar, ditt språk, hur du vill ha svaret, och när allt hände."),
        _("Ditt namn, din e-postadress eller ditt telefonnummer, om du vill ha svaret så."),
        _("Var ett fel är, om du berättar det. Din plats ser vi bara när du väljer att använda den."),
        _("Vem du skriver för, om du berättar det: namn och i så fall organisationsnummer."),
        _(
            "Om du loggar in: ditt namn, ditt personnummer, samordningsnummer eller motsvarande nummer från "
            "ett annat land, och vilken e-legitimation du använde. Uppgifterna kommer från e-legitimationen."
        ),
        _("De meddelanden vi har skickat till dig, om de kom fram och vem som läser ärendet."),
        _(
            "Filer som du bifogar. De som läser ser bilder och pdf-filer utan uppgifter om kamera, plats och "
            "vem som gjorde dem. Kontorsdokument visas som de är."
        ),
        _("Filerna som de kom in sparar vi krypterade för arkivet."),
        _("Ditt namn, dina adresser och ditt personnummer är krypterade."),
        _("Ord ur ärendet sparas så att personal kan söka."),
        _(
            "Om du svarar på frågorna efter ett avslutat ärende sparar vi svaren utan koppling till ärendet. "
            "Vi sparar enhet, slags ärende och dag, och att det ärendets frågor är besvarade."
        ),
        _("Det du skriver där sparar vi för sig, med enhet och månad. Enhetens chef läser det."),
        _("Vi använder bara kakor som behövs: för formuläret, kvittot, språket och inloggningen."),
    ]


def _of_anonymous() -> list[str | Markup]:
    # Arkivlagen 10 §: nothing that has come in is removed without a decision.
    decision = organisation.trace_disposal()
    stripped = _(
        "Vi tar bort uppgifter om kamera, plats och namn ur dina filer när du skickar (%(decision)s). Tills "
        "dess har vi filerna som du laddade upp dem, krypterade.",
        decision=decision,
    )
    refused = _("Om en fil visar vem som har gjort den tar vi inte emot den. Du får veta hur du kan göra.")
    # Each sentence has a test that proves it: PROVEN in tests/web/test_information_pages.py.
    return [
        _("Om du väljer en kod sparar vi inget om vem du är, inte heller din IP-adress eller webbläsare."),
        _("Vi sparar det du skriver, ämnet, ditt språk och när det kom in. Texten kan ändå visa vem du är."),
        _("Koden sparar vi inte. Vi sparar en kontrollsumma, och av den går det inte att räkna ut koden."),
        _("Om du är inloggad och väljer en kod kopplas ärendet inte till dig."),
        stripped if decision else refused,
        _("Om du delar din plats i en felanmälan sparas den, också när du är anonym."),
        _("Mot missbruk räknar vi försök med en nyckel som försvinner inom en timme."),
        _(
            "På en dator som andra använder: välj Klar på kvittot och Stäng i ärendet. "
            "Annars finns de kvar i webbläsaren i 30 minuter."
        ),
        link(url_for("public.lost_code"), _("Om du tappar koden")),
    ]


def _of_others() -> list[str]:
    # GDPR article 14: what was not obtained from the person.
    return [
        _("Den som skriver kan nämna dig. Då kommer uppgifterna från den personen."),
        _("De finns i ärendet och hanteras som resten av det. Du har samma rättigheter som den som skrev."),
    ]


def _of_staff() -> list[str]:
    return [
        _("Namn, nummer från inloggningen, uppdrag och enhet, både nu och när något gjordes."),
        _("Vad var och en har gjort i ett ärende, vilka ärenden de har öppnat och när, och jäv."),
    ]


def _grounds() -> list[str]:
    return [
        _(
            "Vi sparar för att ta emot ditt ärende, svara, rätta fel och följa upp hur vi svarar. Det är en "
            "uppgift av allmänt intresse (artikel 6.1 e i dataskyddsförordningen)."
        ),
        _(
            "Vi är också skyldiga att registrera och bevara det som kommer in (artikel 6.1 c, offentlighets- "
            "och sekretesslagen och arkivlagen)."
        ),
        _("Personnummer använder vi bara för att vara säkra på vem som läser ärendet."),
        _("Du måste inte lämna dina uppgifter. Utan dem kan du läsa svaret med en kod."),
        _("Inget beslut om dig fattas automatiskt."),
    ]


def _recipients() -> list[str]:
    # Tryckfrihetsförordningen chapter 2: what is received is an official document.
    return [
        _("De som handlägger ärendet. Varje gång någon i personalen öppnar ett ärende antecknas det."),
        _("En annan nämnd eller myndighet, om ärendet hör dit. Du får veta det."),
        _(
            "Den som anmäler ett fel i närheten ser ämnet och dagen för din felanmälan. Ditt namn och det du "
            "skrev syns inte."
        ),
        _("Den som förmedlar våra mejl och sms, och den e-legitimation som du loggar in med."),
        _("Det du skickar blir en allmän handling. Den som frågar kan få läsa den, om den inte är hemlig."),
        _(
            "Om du har skyddade personuppgifter står ditt namn och din adress inte i listor eller "
            "meddelanden. Bara den som har ärendet kan visa dem, och det antecknas."
        ),
    ]


def _retention(profile: Profile) -> list[str | Markup]:
    return [
        _("Kommunens plan för gallring säger hur länge vi sparar ärendet och det som hör till det."),
        *documents(profile),
        _("Texten i mejl och sms som vi har skickat tar vi bort efter 30 dagar."),
        _("Ett formulär som väntar på att du loggar in tar vi bort inom två timmar."),
        _("Ett utkast som du sparar på Mina sidor tar vi bort efter 30 dagar, eller när du skickar det."),
        _("En fil som du laddar upp men inte skickar tar vi bort inom 25 timmar."),
        _("Om du sparar ett utkast finns filerna i det kvar lika länge som utkastet."),
        _("Din inloggning tar slut efter en timme utan att du gör något, och alltid efter 12 timmar."),
        _("Ett ärende som du öppnat med kod stängs efter 30 minuter."),
        _("En länk till en ny kod gäller i 24 timmar."),
        _("En länk till frågorna efter ett avslutat ärende gäller i 30 dagar och tas bort efter 90."),
    ]


def _rights() -> list[str]:
    return [
        _("Du kan få veta vilka uppgifter vi har om dig och få en kopia (artikel 15)."),
        _("Om du loggar in kan du hämta kopian själv på Mina sidor, under Allt om mig."),
        _("Du kan få fel rättade, och i vissa fall få uppgifter raderade eller begränsade (artikel 16–18)."),
        _(
            "Du kan invända mot att vi använder dina uppgifter för en uppgift av allmänt intresse "
            "(artikel 21). Då slutar vi, om vi inte har tungt vägande skäl."
        ),
        _("En allmän handling får vi inte radera i förtid, men vi kan lägga till en rättelse."),
        _("Skriv eller ring till dataskyddsombudet, eller till kommunen. Det kostar inget."),
    ]


def _complaints() -> list[str | Markup]:
    return [
        _("Berätta gärna för oss först. Du kan också klaga hos Integritetsskyddsmyndigheten (IMY)."),
        link(IMY, _("Till Integritetsskyddsmyndigheten")),
    ]
