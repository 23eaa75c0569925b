"""Texts of the pages about the service, with the promise and contacts of the installed profile."""

from datetime import date
from typing import Any

from babel.lists import format_list
from flask import url_for
from markupsafe import Markup

from portal.cases.enums import Kind
from portal.organisation import queries as organisation
from portal.organisation.profile import Profile
from portal.organisation.sections import Accessibility, Promise
from portal.translation import gettext as _
from portal.translation import ngettext, page_language
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.profile_texts import profile_markup

DIGG = "https://www.digg.se/tdosanmalan"
Text = dict[str, Any]


def service() -> Text:
    """How the service works."""
    profile = organisation.profile()
    sections: list[tuple[str, list[Any]]] = [
        (_("Så gör du"), _how_to_send()),
        (_("När du får svar"), _promise(profile.promise)),
        (_("Om du är anonym"), _anonymous()),
        (_("Om du inte är nöjd med svaret"), _unhappy()),
        (_("När ärendet är avslutat"), _after_closing()),
    ]
    if papers := documents(profile):
        sections.append((_("Policyer och planer"), papers))
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
        _("Du kan bifoga bilder, pdf och text: högst 10 filer, 25 MB tillsammans."),
        _("Du behöver inte veta vem i kommunen som ansvarar. Om ärendet hamnar fel flyttar vi det."),
    ]


def _kind_verbs() -> str:
    verbs = [str(KINDS[Kind(key)].verb).lower() for key in organisation.profile().kinds]
    return format_list(verbs, style="or", locale=page_language())


def _anonymous() -> list[str | Markup]:
    return [
        _("Välj att få svaret med en kod. Då sparar vi varken namn, adress eller vilken enhet du använder."),
        _("Med koden på kvittot öppnar du ärendet, läser svaret och skriver tillbaka. Spara den."),
        _("Ingen kan ta fram koden åt dig igen om du inte har lämnat en e-postadress."),
        link(url_for("public.personal_data"), _("Så hanterar vi dina uppgifter")),
    ]


def _unhappy() -> list[str]:
    return [
        _("Skriv tillbaka i ärendet. Då öppnas det igen."),
        _("Om du väljer ”Jag är inte nöjd” tar någon annan än den som svarade över ärendet."),
    ]


def _after_closing() -> list[str]:
    return [
        _("Då frågar vi om du fick svar och hur bemötandet var. Du väljer om du vill svara."),
        _("Svaren räknas utan att vi vet vilka som är dina."),
    ]


def lost_code() -> Text:
    """What a lost code means, and what its holder can still do."""
    sections: list[tuple[str, list[Any]]] = [
        (_("Om du skickade nyss"), _on_this_device()),
        (_("Om du lämnade en e-postadress"), _by_email()),
        (_("Om du bara lämnade ett mobilnummer, eller var anonym"), _not_replaced()),
        (_("Det här kan du göra då"), _instead()),
    ]
    return {"heading": _("Om du har tappat koden"), "sections": sections}


def _on_this_device() -> list[str | Markup]:
    return [
        _("Kvittot med koden finns kvar i 30 minuter i den webbläsare som du skickade från."),
        link(url_for("public.latest_receipt"), _("Visa kvittot")),
    ]


def _by_email() -> list[str | Markup]:
    return [
        _("Då kan du få en ny kod dit. Du behöver ärendets nummer."),
        link(url_for("public.new_code"), _("Få en ny kod")),
    ]


def _not_replaced() -> list[str]:
    return [
        _("Då kan ingen ta fram koden åt dig, inte heller om du ringer eller besöker oss."),
        _("Vi sparar inte koden, och vi kan inte veta att det är du. Så är ditt ärende skyddat för andra."),
        _("Ärendet finns kvar. Vi läser det och svarar i det som vanligt."),
    ]


def _instead() -> list[str | Markup]:
    return [
        _(
            "Skicka in på nytt och skriv det gamla numret, om du minns det. "
            "Då får du svaret i ett nytt ärende."
        ),
        link(url_for("public.kinds"), _("Skicka in på nytt")),
        _(
            "Du kan också be att få läsa vårt svar, för det är en allmän handling. "
            "Du behöver inte säga vem du är eller varför. Det som är hemligt lämnar vi inte ut."
        ),
    ]


def accessibility() -> Text:
    """The accessibility statement that lag (2018:1937) and MDFFS 2019:2 require."""
    profile = organisation.profile()
    statement = profile.accessibility
    sections = [
        (_("Vad det gäller"), _subject(profile)),
        (_("Så tillgänglig är tjänsten"), _conformance(statement)),
        (_("Det här vet vi brister"), _shortcomings(profile)),
        (_("Så har vi testat"), _method(statement)),
        (_("Berätta om något inte fungerar"), _feedback(profile)),
        (_("Om vi inte gör något åt det"), _supervision()),
    ]
    day = statement.updated if statement else None
    return {"heading": _("Tillgänglighet"), "sections": sections, "updated": updated(day)}


def _subject(profile: Profile) -> list[str]:
    return [
        _(
            "%(municipality)s står bakom tjänsten %(service)s. Alla ska kunna använda den. Här berättar vi "
            "hur den uppfyller lagen om tillgänglighet till digital offentlig service.",
            municipality=profile.full,
            service=f"{profile.service} {profile.short}",
        )
    ]


def _conformance(statement: Accessibility | None) -> list[str]:
    degrees = {
        "full": _("Tjänsten är helt förenlig med lagen."),
        "partial": _("Tjänsten är delvis förenlig med lagen. Bristerna står här under."),
        "none": _("Tjänsten är inte förenlig med lagen. Bristerna står här under."),
    }
    degree = [degrees[statement.conformance]] if statement else []
    return [
        *degree,
        _("Målet är WCAG 2.2 på nivå AA, som går längre än lagens krav (EN 301 549)."),
        _("Sidorna fungerar utan skript, med tangentbord, i smala fönster och i mörkt läge."),
    ]


def _shortcomings(profile: Profile) -> list[str | Markup]:
    # The statement must be true of this installation: a fully translated profile has no such shortcoming.
    partly = _("En del av kommunens egna texter finns bara på svenska än.")
    known = profile.accessibility.shortcomings if profile.accessibility else ()
    return [
        *([partly] if profile.untranslated("en") else []),
        _("Den engelska texten har inte lästs av någon med engelska som modersmål än."),
        *(profile_markup(text) for text in known),
        _("Vi gör inget undantag för att något skulle vara för betungande att göra tillgängligt."),
    ]


def _method(statement: Accessibility | None) -> list[str | Markup]:
    if statement is None:
        return [_("Vi testar varje sida automatiskt.")]
    rows: list[str | Markup] = [profile_markup(statement.assessed_by)] if statement.assessed_by else []
    if statement.assessed:
        day = dates.full_date(statement.assessed)
        rows.append(_("Tjänsten bedömdes senast %(day)s.", day=day))
    return rows


def _feedback(profile: Profile) -> list[str | Markup]:
    return [
        _("Om något inte går att använda vill vi veta det. Du får ett kvitto och ett svar."),
        link(_report_href(profile), _("Berätta om en brist")),
        _("Du kan också ringa %(phone)s, eller be att få innehållet på ett annat sätt.", phone=profile.phone),
    ]


def _report_href(profile: Profile) -> str:
    """The form of a case about the accessibility of the portal, with its topic chosen."""
    kind = Kind.COMPLAINT if Kind.COMPLAINT in profile.kinds else Kind(profile.kinds[0])
    topic = profile.accessibility.category if profile.accessibility else ""
    return url_for("public.send", slug=kind.slug, amne=topic or None)


def _supervision() -> list[str | Markup]:
    return [
        _(
            "Myndigheten för digital förvaltning (Digg) har tillsyn. Om du inte är nöjd med vårt svar kan du "
            "anmäla det dit."
        ),
        link(DIGG, _("Anmäl till Digg")),
    ]


def updated(day: date | None) -> str:
    """When the content of a page last changed; empty if the profile does not say."""
    return _("Uppdaterad %(day)s", day=dates.full_date(day)) if day else ""


def link(href: str, text: str) -> Markup:
    """A link in a paragraph of its own."""
    return Markup('<a class="ds-link" href="{}">{}</a>').format(href, text)


def documents(profile: Profile) -> list[str | Markup]:
    """Links to the policies and plans of the municipality that have an address."""
    return [link(row.href, profile_markup(row.name)) for row in profile.documents if row.href]
