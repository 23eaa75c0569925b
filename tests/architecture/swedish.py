"""What can be measured of good Swedish: conditions that begin with Om, plain words, short sentences."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog

from tests.architecture import catalogues, markup
from tests.architecture.tree import PORTAL

MOST_WORDS = 20

# A condition may begin with its verb in Swedish. Weak readers take it for a question: it begins with Om.
_VERBS = """
Anger Ansvarar Använder Avbryter Avslutar Avslutas Avvisas Behåller Behöver Behövs Berättar Besvarar Blev
Blir Borde Byter Bör Delar Fick Finns Flyttar Flyttas Fyller Får Förlorar Försvinner Fortsätter Går
Gäller Ger Gick Gjorde Glömmer Godkänner Hade Hamnar Har Heter Hittar Hjälper Händer Innehåller Kan
Klagar Klickar Kommer Kom Kopplas Kostar Krävs Kunde Känner Lade Lagar Leder Ligger Loggar Lyckas Lägger
Lämnade Lämnar Läser Måste Märker Når Orkar Pratar Ringer Räcker Rättar Saknar Saknas Sade Samtycker Ser
Sitter Ska Skickade Skickar Skickas Skrev Skriver Skrivs Skulle Slutar Står Stämde Stämmer Stänger
Svarade Svarar Säger Sänder Söker Sökte Tappar Tar Tog Trycker Tror Tycker Undrar Upphör Vet Vill Ville
Visar Visas Visste Väljer Väntar Är Ändrar Ändras Ångrar Återstår Öppnar Öppnas
"""
_SUBJECTS = """
alla allt andra avsändaren barnet de den denna det detta dessa din dina ditt du en ett flera han hen hon
ingen inget inga jag man min mina mitt ni någon något några numret ord ordet sekretess svaret vi åtgärden
ärende ärenden ärendet
"""
# Or a noun in its definite form, or what is filled in.
VERBS = _VERBS.split()
_SUBJECT = rf"(?:(?:{'|'.join(_SUBJECTS.split())})\b|%\(\w+\)s|[\w-]{{3,}}(?:en|et|an|na)\b)"
# These may be requests: "Gör en felanmälan", "Hör av dig".
_ASKING = "(?:Gör|Hör|Kör|Rör) (?:inte )?(?:du|vi|ni|han|hon|de|någon)"
CONDITION = re.compile(rf"(?:{'|'.join(VERBS)}) (?:inte )?{_SUBJECT}|{_ASKING}\b")

# Words that no text may use, with their replacements.
PLAIN = {
    r"återstår": "kvar",
    r"erhåll\w*": "få",
    r"inkom(?:mer|mit|men|met|na)?": "kom in",
    r"vänligen": "(stryk)",
    r"observera": "(stryk)",
    r"ej": "inte",
    r"skall": "ska",
    r"samt": "och",
    r"samtliga": "alla",
    r"dock": "men",
    r"tillse": "se till",
    r"vidta\w*": "gör",
    r"erfordr\w*": "behövs",
    r"avseende|beträffande|angående": "om",
    r"återkoppling\w*": "svar",
    r"(?:mail|mejla? in|e-mail)\w*": "mejl",
    r"klicka\w*": "tryck, välj",
    r"ogiltig\w*": "säg vad som är fel",
    r"misslyckades?": "gick inte",
    r"eventuell\w*": "(stryk)",
    r"t\.ex\.|bl\.a\.|m\.m\.|dvs\.?|osv\.?|etc\.?|pga\.?": "skriv ut orden",
    r"[Pp]röva": "prova",
    r"inloggad hos|loggar in hos|logga in till": "på",
    r"märket är ändrat|ansvaret är sparat": "säg vad som händer nu",
    r"[Ll]ägg undan|undanlagd\w*": "arkivera",
    r"ditt att se": "du kan inte se",
    r"se efter att": "kontrollera att",
}
FORBIDDEN = {
    re.compile(rf"(?<![\w-])(?:{word})(?![\w-])", re.IGNORECASE): right for word, right in PLAIN.items()
}
_SENTENCE_END = re.compile(r"(?<=[.?!:])\s+|\n\s*\n|\n(?=[-*] )")
_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"%\(\w+\)s|\{[\wåäö ]+\}")


def sentences(text: str) -> list[str]:
    """The sentences of a text, its tags aside."""
    return [" ".join(part.split()) for part in _SENTENCE_END.split(_TAG.sub("", text)) if part.strip()]


def inverted(text: str) -> list[str]:
    """Conditions that begin a sentence with their verb, as in "Blir det fel flyttar vi ärendet"."""
    return [one for one in sentences(text) if CONDITION.match(one) and not one.endswith("?")]


def forbidden(text: str) -> list[str]:
    """Words of an office, each with the one that is meant."""
    plain = _TAG.sub("", text)
    return [f"{match[0]} → {right}" for word, right in FORBIDDEN.items() for match in word.finditer(plain)]


def long_sentences(text: str) -> list[str]:
    """Sentences of more words than one reads at once."""
    return [one for one in sentences(text) if words_of(one) > MOST_WORDS]


def words_of(sentence: str) -> int:
    """How many words a sentence has; what is filled in counts as one."""
    return len([word for word in _NUMBER.sub("x", sentence).split() if re.search(r"\w", word)])


def of_citizens() -> Iterator[tuple[str, str]]:
    """The source file and the text of everything that citizens read."""
    # Every text has its translation, as test_translations.py sees to, and is quickly read from there.
    yield from _messages(catalogues.translated("en"))
    for file in sorted((PORTAL / "organisation/profiles").glob("*.toml")):
        profile = tomllib.loads(file.read_text(encoding="utf-8"))
        profile.pop("translations")
        yield from ((file.name, text) for text in _strings(profile))
    for name, source in markup.templates(PORTAL / "testlegitimering/templates"):
        for _line, text in markup.Markup(markup.without_jinja(source, translated=True)).texts:
            yield name, text


def of_all() -> Iterator[tuple[str, str]]:
    """The same, and what staff read."""
    yield from of_citizens()
    yield from _messages(catalogues.asked(staff=True))


def _messages(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for message in catalogues.messages(catalog):
        place = message.locations[0][0] if message.locations else "messages.po"
        for form in message.id if isinstance(message.id, tuple) else (message.id,):
            yield Path(place).as_posix(), form


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if value.get("language") == "en":
            return
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, str):
        yield value
