"""What the house rules ask of the translations, read with Babel. Each answer names the text."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.tree import PORTAL, ROOT

FOLDER = PORTAL / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
# What a translation must carry over as it stands: %(name)s, a lone percent sign, a tag.
MARKS = re.compile(r"%(?:\(\w+\)s)?|<[^>]+>")


@cache
def asked(root: Path = ROOT, *, staff: bool = False) -> Catalog:
    """Every text that a citizen reads, as `make messages` collects it; with staff=True, theirs too."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = [
        each for each in settings["tool"]["babel"]["mappings"] if not staff or each["method"] != "ignore"
    ]
    methods = [(each["pattern"], each["method"]) for each in mappings]
    options = {each.pop("pattern"): each for each in mappings}
    keywords = KEYWORDS | ({"_staff": None} if staff else {})
    catalog = Catalog()
    for file, line, text, _comments, context in extract_from_dir(root, methods, options, keywords):
        catalog.add(text, locations=[(file, line)], context=context)
    return catalog


@cache
def translated(language: str) -> Catalog:
    """The translations of one language."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def po_file(language: str) -> Path:
    """Where a language's translations are written."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def untranslated(wanted: Catalog, found: Catalog) -> list[str]:
    """Texts that a reader of the language would meet in Swedish."""
    missing = [each for each in messages(wanted) if not _complete(found.get(*_key(each)))]
    return [f"{_place(each)}: {_name(each)}" for each in missing]


def unused(wanted: Catalog, found: Catalog) -> list[str]:
    """Translations of what no citizen reads any more."""
    return [_name(each) for each in messages(found) if wanted.get(*_key(each)) is None]


def fuzzy(found: Catalog) -> list[str]:
    """Translations that were guessed, and are not used until somebody has looked at them."""
    return [_name(each) for each in messages(found) if each.fuzzy]


def changed_marks(catalog: Catalog) -> list[str]:
    """Translations that lack a mark of their text, or have one more."""
    pairs = ((each, pair) for each in messages(catalog) for pair in _pairs(each))
    return [f"{_name(each)}: {found}" for each, (text, found) in pairs if _marks(text) != _marks(found)]


def shouting(catalog: Catalog) -> list[str]:
    """Texts and translations with an exclamation mark."""
    return [each for each in (*texts(catalog), *translations(catalog)) if "!" in each]


def texts(catalog: Catalog) -> Iterator[str]:
    """What is translated, in each of its forms."""
    return (form for each in messages(catalog) for form in _forms(each.id))


def translations(catalog: Catalog) -> Iterator[str]:
    """What it is translated to, in each of its forms."""
    return (form for each in messages(catalog) for form in _forms(each.string))


def contents(catalog: Catalog) -> dict[tuple[str, str | None], tuple[str, ...]]:
    """What a catalogue says, its header aside."""
    return {_key(each): _forms(each.string) for each in messages(catalog)}


def messages(catalog: Iterable[Message]) -> Iterator[Message]:
    """The texts of a catalogue; its first entry is its header."""
    return (each for each in catalog if each.id)


def _complete(found: Message | None) -> bool:
    return found is not None and all(_forms(found.string))


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each form of a translation with the form that it translates."""
    texts = _forms(message.id)
    for place, found in enumerate(_forms(message.string)):
        yield texts[min(place, len(texts) - 1)], found


def _marks(text: str) -> Counter[str]:
    return Counter(MARKS.findall(text))


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _key(message: Message) -> tuple[str, str | None]:
    return _name(message), message.context


def _name(message: Message) -> str:
    return _forms(message.id)[0]


def _place(message: Message) -> str:
    return ", ".join(f"{file}:{line}" for file, line in message.locations)
