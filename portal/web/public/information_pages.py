"""Texts of the pages about the service, with the promise and contacts of the installed profile."""

from typing import Any

from babel.lists import format_list

from portal.cases.enums import Kind
from portal.organisation import queries as organisation
from portal.organisation.sections import Promise
from portal.translation import gettext as _
from portal.translation import ngettext, page_language
from portal.words.kinds import KINDS

Text = dict[str, Any]


def service() -> Text:
    """How the service works."""
    profile = organisation.profile()
    sections = [
        (_("Så gör du"), _how_to_send()),
        (_("När du får svar"), _promise(profile.promise)),
        (_("Om du är anonym"), _anonymous()),
        (_("Om du inte är nöjd med svaret"), [_("Skriv tillbaka i ärendet. Då öppnas det igen.")]),
    ]
    return {"heading": _("Så fungerar det"), "sections": sections}


def _promise(promise: Promise) -> list[str]:
    contact = promise.contact_working_days
    answer = promise.answer_working_days
    sentences = []
    if contact:
        sentences.append(
            ngettext(
                "Vi hör av oss inom %(num)s arbetsdag.", "Vi hör av oss inom %(num)s arbetsdagar.", contact
            )
        )
    if answer:
        sentences.append(
            ngettext("Du får svar inom %(num)s arbetsdag.", "Du får svar inom %(num)s arbetsdagar.", answer)
        )
    if sentences:
        return [" ".join([*sentences, _("Du ser det exakta datumet innan du skickar.")])]
    return [_("Vi svarar så snart vi kan. Hur lång tid det tar beror på vad det gäller.")]


def _how_to_send() -> list[str]:
    return [
        _("Välj om du vill %(choices)s. Skriv med egna ord.", choices=_kind_verbs()),
        _("Du behöver inte veta vem i kommunen som ansvarar. Hamnar ärendet fel flyttar vi det."),
    ]


def _kind_verbs() -> str:
    verbs = [str(KINDS[Kind(key)].verb).lower() for key in organisation.profile().kinds]
    return format_list(verbs, style="or", locale=page_language())


def _anonymous() -> list[str]:
    return [
        _("Välj att få svaret med en kod. Då sparar vi varken namn, adress eller vad du skriver på."),
        _("Koden på kvittot öppnar ärendet, svaret och dina möjligheter att skriva tillbaka. Spara den."),
    ]


def accessibility() -> Text:
    """The accessibility statement required by lag (2018:1937)."""
    profile = organisation.profile()
    sections = [
        (_("Så tillgänglig är tjänsten"), _conformance()),
        (_("Det här vet vi brister"), _shortcomings()),
        (_("Berätta om något inte fungerar"), [_feedback(profile.phone)]),
        (
            _("Om vi inte gör något åt det"),
            [_("Du kan anmäla oss till den myndighet som har tillsyn över lagen.")],
        ),
    ]
    return {"heading": _("Tillgänglighet"), "sections": sections}


def _conformance() -> list[str]:
    return [
        _("Alla ska kunna använda tjänsten. Målet är WCAG 2.2 på nivå AA."),
        _("Sidorna fungerar utan skript, med tangentbord, i smala fönster och i mörkt läge."),
        _("Vi provar varje sida med automatiska kontroller. Ingen utomstående har granskat tjänsten än."),
    ]


def _shortcomings() -> list[str]:
    # The statement must be true of this installation: a fully translated profile has no such shortcoming.
    partly = _("En del av kommunens egna texter finns bara på svenska än.")
    return [
        *([partly] if organisation.profile().untranslated("en") else []),
        _("Den engelska texten har inte lästs av någon med engelska som modersmål än."),
    ]


def _feedback(phone: str) -> str:
    return _("Skriv till oss från startsidan, eller ring %(phone)s.", phone=phone)


def personal_data() -> Text:
    """The information required by GDPR article 13."""
    profile = organisation.profile()
    sections = [
        (_("Det här sparar vi"), _stored()),
        (_("Varför vi får spara"), [_legal_basis(profile.full)]),
        (_("Vem som kan läsa"), _readers()),
        (_("Hur länge"), _retention()),
        (_("Dina rättigheter"), _rights(profile.phone)),
    ]
    return {"heading": _("Så hanterar vi dina uppgifter"), "sections": sections}


def _stored() -> list[str]:
    return [
        _("Det du skriver, när det kom in och det vi svarar."),
        _("Din e-postadress och ditt namn, om du vill ha svaret med e-post."),
        _("För vem du skriver, om du berättar att det är för någon annan."),
        _("Väljer du en kod sparar vi inget om vem du är, inte heller din IP-adress eller webbläsare."),
        _("Vi använder bara kakor som behövs: för att formuläret ska fungera och för att visa ditt kvitto."),
    ]


def _legal_basis(municipality: str) -> str:
    # GDPR article 6.1 e and c, arkivlagen (1990:782).
    return _(
        "%(municipality)s är ansvarig. Att ta emot och svara är en uppgift av allmänt intresse. "
        "Vi är också skyldiga att bevara det som kommer in.",
        municipality=municipality,
    )


def _readers() -> list[str]:
    # Tryckfrihetsförordningen chapter 2: what is received is an official document.
    return [
        _("De som handlägger ärendet. Varje gång någon i personalen öppnar ett ärende antecknas det."),
        _("Det du skickar blir en allmän handling. Den som frågar kan få läsa den, om den inte är hemlig."),
        _(
            "Har du skyddade personuppgifter står ditt namn och din adress inte i listor eller meddelanden. "
            "Bara den som har ärendet kan visa dem, och det antecknas."
        ),
    ]


def _retention() -> list[str]:
    # Keep in step with the lifetimes in docs/architecture.md.
    return [
        _("Ärendet bevaras så länge kommunens gallringsbeslut säger."),
        _("Mejl som vi har skickat tömmer vi efter 30 dagar."),
        _("Ett ärende som du öppnat med kod stängs efter 30 minuter."),
    ]


def _rights(phone: str) -> list[str]:
    return [
        _("Du kan få veta vad som finns om dig, få fel rättade och klaga hos Integritetsskyddsmyndigheten."),
        _("Ring %(phone)s och fråga efter dataskyddsombudet.", phone=phone),
    ]
