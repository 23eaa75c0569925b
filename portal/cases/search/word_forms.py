"""Folded words and their stems: characters in one form, and Swedish endings removed. Pure."""

import re
import unicodedata
from functools import lru_cache

from snowballstemmer.swedish_stemmer import SwedishStemmer

from portal.formats import cleaning

MAX_LETTERS = 64
# Characters of a word that are read for its letters: what follows them never counts.
MAX_FOLDED = 256
# Inflections that the Snowball stemmer misses: idén, gatan (but not gata), lekplats (stem lekplat), cykeln.
ACUTE = re.compile("é(?:ns?|ets?|ers?|ernas?)$")
DEFINITE = re.compile("(?<=...)an$")
ENDINGS = (
    (re.compile("(?<=...)(?<=[bcdfghjklmnoprtvy])s$"), ""),
    (re.compile("(?<=..)(?<=[bdfgkptvx])eln?$"), "l"),
)
# Letters of their own in Swedish. Other marks are folded: Linnéa is linnea, Müller is muller.
SWEDISH = frozenset("åäö")
# Letters that Unicode does not take apart, and those of our neighbours that are our ä and ö.
NEIGHBOURS = str.maketrans({"æ": "ä", "ø": "ö", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def fold(word: str) -> str:
    """A word casefolded and in Unicode form NFKC, its letters and digits only, at most MAX_LETTERS.

    Marks on Latin letters are left out, except those of å, ä and ö.
    """
    # Cut first, so that the cache holds nothing long.
    return _fold(word[:MAX_FOLDED])


@lru_cache(20_000)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKC", cleaning.cap_marks(word)).casefold()
    # Casefolding can undo the normal form (Unicode Standard, 3.13), so normalise once more.
    letters = unicodedata.normalize("NFKC", plain)
    if not letters.isascii():
        letters = "".join(map(_base_letter, ACUTE.sub("e", letters).translate(NEIGHBOURS)))
    return "".join(letter for letter in letters if letter.isalnum())[:MAX_LETTERS]


def _base_letter(letter: str) -> str:
    """A Latin letter without its marks; any other character as it is."""
    if letter.isascii() or letter in SWEDISH:
        return letter
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


@lru_cache(20_000)
def stem(word: str) -> str:
    """The stem of a folded word; a word with a digit is its own stem."""
    if not word.isalpha():
        return word
    # A stemmer of its own: the object is not thread-safe, and lru_cache makes calls rare.
    stemmed: str = SwedishStemmer().stemWord(word)
    # Only an ending of the word itself: the an of cykelbana is its own.
    if word.removesuffix("s").endswith("an"):
        stemmed = DEFINITE.sub("", stemmed)
    for ending, replacement in ENDINGS:
        stemmed = ending.sub(replacement, stemmed)
    return stemmed
