"""Streets in what people write of a place, so that "Storg. 12" and "vid Stor gatan" are the same street."""

import re
import unicodedata
from dataclasses import dataclass

# More text than an address has is not looked at.
MAX_LENGTH = 200
# Houses of one block of numbers are near each other.
BLOCK = 10
# The last word of a street, with and without its article, and how it is cut short before a number. Endings
# that usual words have too, as "parkering" and "ingång" do, are left out.
ENDINGS = {
    "gata": ("gatan", "gata", "gat.", "g."),
    "väg": ("vägen", "väg", "väg.", "v."),
    "stig": ("stigen", "stig"),
    "gränd": ("gränden", "gränd"),
    "torg": ("torget", "torg"),
    "plan": ("planen", "plan"),
    "alle": ("allen", "alle"),
    "led": ("leden", "led"),
    "plats": ("platsen", "plats"),
    "backe": ("backen", "backe"),
    "park": ("parken", "park"),
    "bro": ("bron", "bro"),
    "rondell": ("rondellen", "rondell"),
    "esplanad": ("esplanaden", "esplanad"),
}
# Where one place ends and another begins.
BETWEEN = frozenset(
    (
        *("vid", "på", "i", "av", "och", "utanför", "nära", "hörnet", "korsningen", "framför", "mittemot"),
        *("mitt", "emot", "längs", "bakom", "intill", "bredvid", "mellan", "mot", "från", "till", "strax"),
        *("före", "efter", "under", "över", "near", "at", "on", "in", "by", "of", "the", "and"),
    )
)
# Kinds of places that people describe by a word with such an ending.
NOT_STREETS = frozenset({"lekplats", "parkeringsplats", "cykelväg", "gångväg", "trottoar", "busshållplats"})
# Words that a street has before its own, as in "Norra Storgatan".
PREFIXES = frozenset(
    (
        *("norra", "södra", "östra", "västra", "nordöstra", "nordvästra", "sydöstra", "sydvästra", "n", "s"),
        *("stora", "lilla", "gamla", "nya", "övre", "nedre", "inre", "yttre", "mellersta", "sankt", "sankta"),
    )
)
# Letters that a diacritic belongs to.
_OWN_LETTERS = frozenset("åäö")
_TOKEN = re.compile(r"[^\W\d_]+\.?|\d+|[^\w\s]")


@dataclass(frozen=True)
class Street:
    """A street as it was written, the key by which it is compared, and the number of the house if any."""

    name: str
    key: str
    house: int | None = None

    @property
    def block(self) -> int | None:
        """The block of house numbers."""
        return None if self.house is None else self.house // BLOCK


def find(text: str) -> Street | None:
    """The first street of a text; without a known ending, the first words before a number."""
    chunks = _chunks(text[:MAX_LENGTH])
    for words, house in chunks:
        if _has_ending(words[-1], house) and not _is_description(words):
            return _street(words, house)
    for words, house in chunks:
        if house is not None:
            return _street(words, house)
    return None


def _chunks(text: str) -> list[tuple[list[str], int | None]]:
    """Words that belong together, each with the number after them."""
    chunks: list[tuple[list[str], int | None]] = []
    words: list[str] = []
    for token in [*_TOKEN.findall(text), ","]:
        if token[0].isalpha() and token.casefold() not in BETWEEN:
            words.append(token)
            continue
        if words:
            # Longer numbers are those of lampposts and telephones; "²" is a digit and no number.
            house = int(token) if token.isdecimal() and len(token) <= 3 else None
            chunks.append((_own_words(words), house))
        words = []
    return chunks


def _own_words(words: list[str]) -> list[str]:
    """The words of the street itself: those before it may be anything, such as a name."""
    start = len(words) - 1
    if start and _key(words[start:]) in ENDINGS:
        # "Stor gatan", "Kungs väg".
        start -= 1
    if start and _folded(words[start - 1]).rstrip(".") in PREFIXES:
        start -= 1
    return words[start:]


def _street(words: list[str], house: int | None) -> Street:
    return Street(" ".join(words), _key(words), house)


def _has_ending(word: str, house: int | None) -> bool:
    # Any word may be the last of its sentence.
    return _ending(word) is not None and (house is not None or not word.endswith("."))


def _is_description(words: list[str]) -> bool:
    """Whether the words name no certain street: "gatan" alone, or "cykelvägen"."""
    key = _key(words)
    return key in ENDINGS or key in NOT_STREETS


def _key(words: list[str]) -> str:
    last = words[-1]
    ending = _ending(last)
    folded = [_folded(word).rstrip(".") for word in words[:-1]]
    if ending is None:
        return "".join([*folded, _folded(last).rstrip(".")])
    base, written = ending
    return "".join([*folded, _folded(last).removesuffix(written), base])


def _ending(word: str) -> tuple[str, str] | None:
    """The ending of a street that a word has: its base, and as it is written."""
    folded = _folded(word)
    for base, forms in ENDINGS.items():
        for form in forms:
            if folded.endswith(form):
                return base, form
    return None


def _folded(word: str) -> str:
    """Lower case, and no diacritics but those of å, ä and ö."""
    letters = []
    for letter in unicodedata.normalize("NFC", word).casefold():
        own = letter in _OWN_LETTERS
        letters.append(letter if own else unicodedata.normalize("NFD", letter)[0])
    return "".join(letters)
