"""Swedish words and stems, and search queries: the same analysis for both databases. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.swedish_stemmer import SwedishStemmer

LONGEST = 10_000
MAX_WORDS = 20
# Shorter words are not matched by prefix: "bil" would match "biljett".
BEGINS_FROM = 4
MAX_LETTERS = 64
# Words in a row of the index. PostgreSQL keeps at most 255 positions of a lexeme, so long texts are split;
# rows overlap by the longest query so that every phrase lies whole in one of them.
ROW, OVERLAP = 200, MAX_WORDS

_ENDING = r"(?::(?:s|n|t|ns|ts|en|et|ar|er|na|arna|erna)(?![^\W_]))?"
WORD = re.compile(rf"([^\W_]+){_ENDING}")
_DASH = r"[-\u00ad\u2010-\u2015\u2212]"
COMPOUND = re.compile(rf"[^\W_]+(?:{_DASH}[^\W_]+)+")
PHONE = re.compile(
    rf"(?<![\w.])(?<!{_DASH})(?:\+|0)(?:(?:[^\S\n]|[().\/]|{_DASH}){{0,3}}[0-9]){{6,16}}(?!\w)"
)
QUOTES = re.compile("[\u201c-\u201f\u00ab\u00bb]")
PART = re.compile(rf'"(?P<quoted>[^"]*)"|(?P<phone>{PHONE.pattern})|(?P<lump>[^\s"]+)')
PLAIN = frozenset("abcdefghijklmnopqrstuvwyz0123456789")

# Stop words: nearly every text has them, so they select nothing.
_COMMON = """
    alla allt att av blev bli blir de dem den denna deras dess dessa det detta dig din dina ditt du där då
    efter ej eller en er era ert ett från för ha hade han hans har hen henne hennes hon honom hur här i
    icke ingen inom inte jag ju kan kunde man med mellan men mig min mina mitt mot mycket ni nu när någon
    något några och om oss på samma sedan sig sin sina sitt skulle som så sådan till under upp ut utan vad
    var vara varför varit varje vars vart vem vi vid vilka vilken vilket vår våra vårt än är åt över
"""
STOP = frozenset(_COMMON.split())

# Inflections that the Snowball stemmer misses: idén, gatan (but not gata), lekplats (stem lekplat), cykeln.
ACUTE = re.compile("é(?:ns?|ets?|ers?|ernas?)$")
ENDINGS = (
    (re.compile("(?<=...)an$"), ""),
    (re.compile("(?<=...)(?<=[bcdfghjklmnoprtvy])s$"), ""),
    (re.compile("(?<=..)(?<=[bdfgkptvx])eln?$"), "l"),
)


@dataclass(frozen=True)
class Word:
    """A word of a text: its stem, and its start and end as string offsets."""

    stem: str
    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """A phrase of adjacent stems; with `begins` the last is a prefix."""

    stems: tuple[str, ...]
    begins: bool = False


Term = tuple[Match, ...]  # Alternatives: one of them must match.


@dataclass(frozen=True)
class Query:
    """A parsed query: terms that must all match, ignored stop words, and how many words too many."""

    terms: tuple[Term, ...] = ()
    common: tuple[str, ...] = ()
    over: int = 0


def clean(text: str) -> str:
    """A text in Unicode form NFC; all offsets refer to this form."""
    return unicodedata.normalize("NFC", text)


def fold(word: str) -> str:
    """A word casefolded and in Unicode form NFKC, its letters and digits only."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(sign for sign in unicodedata.normalize("NFKC", plain) if sign.isalnum())[:MAX_LETTERS]


@lru_cache(20_000)
def stem(word: str) -> str:
    """The stem of a folded word; a word with a digit is its own stem."""
    if not word.isalpha():
        return word
    found: str = SwedishStemmer().stemWord(ACUTE.sub("é", word))
    for ending, instead in ENDINGS:
        found = ending.sub(instead, found)
    return found


def words(text: str) -> list[Word]:
    """The words of a clean text, in order."""
    found = ((fold(each[1]), each) for each in WORD.finditer(text))
    return [Word(stem(folded), *each.span()) for folded, each in found if folded]


def besides(text: str) -> Iterator[Word]:
    """Words of a clean text that are also written together: e-post as epost, a phone number as one number."""
    for each in COMPOUND.finditer(text):
        if joined := fold(each[0]):
            yield Word(stem(joined), *each.span())
    for each in PHONE.finditer(text):
        if number := _phone(each[0]):
            yield Word(number, *each.span())


def _phone(text: str) -> str:
    """A phone number in E.164 form (+46701234567); empty if it has fewer than 7 or more than 15 digits."""
    digits = re.sub(r"[^0-9]", "", text.replace("(0)", ""))
    if not text.startswith("+"):
        digits = digits[2:] if digits.startswith("00") else f"46{digits[1:]}"
    return f"+{digits}" if 7 <= len(digits) <= 15 else ""


def stored(*texts: str) -> list[str]:
    """The index rows of these texts. A "0" separates words that are not adjacent, so no phrase crosses it."""
    signs: list[str] = []
    for text in map(clean, texts):
        signs += [*(code(each.stem) for each in words(text)), "0"]
        for each in besides(text):
            signs += [code(each.stem), "0"]
    starts = range(0, max(len(signs) - OVERLAP, 1), ROW - OVERLAP)
    rows = [signs[start : start + ROW] for start in starts]
    return [" ".join(row) for row in rows if any(sign != "0" for sign in row)]


def code(stem: str) -> str:
    """A stem in ASCII, one word to the tokenizers of both databases; prefixes stay: får is wfxe5xr."""
    return "w" + "".join(sign if sign in PLAIN else f"x{ord(sign):x}x" for sign in stem)


def parse(text: str) -> Query:
    """Parse a query: words, "quoted phrases", and phone numbers in any notation."""
    terms, common, left, over = [], [], MAX_WORDS, 0
    for part in PART.finditer(QUOTES.sub('"', clean(text[:LONGEST]))):
        found = words(part[0])
        if part["lump"] and len(found) == 1 and _written(part[0]) in STOP:
            common.append(_written(part[0]))
            continue
        used, left = found[:left], max(left - len(found), 0)
        over += len(found) - len(used)
        if used:
            terms.append(_term(part, used))
    return Query(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(common)), over)


def _written(lump: str) -> str:
    """The first word, folded but not stemmed."""
    return next(filter(None, (fold(each[1]) for each in WORD.finditer(lump))), "")


def _term(part: re.Match[str], found: Sequence[Word]) -> Term:
    """The term of a part of a query: its words as a phrase or, unless quoted, in another spelling."""
    as_it_stands = Match(tuple(each.stem for each in found))
    return as_it_stands, *({} if part["quoted"] is not None else dict.fromkeys(_otherwise(part, found)))


def _otherwise(part: re.Match[str], found: Sequence[Word]) -> Iterator[Match]:
    if part["phone"]:
        if number := _phone(part[0]):
            yield Match((number,), begins=True)
    elif len(found) == 1:
        if len(written := _written(part[0])) >= BEGINS_FROM:
            yield Match((written,), begins=True)
    else:
        whole = found[0].start, found[-1].end
        yield from (Match((each.stem,)) for each in besides(part[0]) if (each.start, each.end) == whole)


def places(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Start and end of every hit of the terms in a clean text, in order, without overlaps."""
    said, more = words(text), list(besides(text))
    found = [
        place
        for term in terms
        for match in term
        for place in (*_runs(said, match), *(_runs(more, match) if len(match.stems) == 1 else ()))
    ]
    return _apart(sorted(found))


def _runs(said: Sequence[Word], match: Match) -> Iterator[tuple[int, int]]:
    """Start and end of each run of words that matches the phrase."""
    *before, last = match.stems
    for first in range(len(said) - len(before)):
        run = said[first : first + len(match.stems)]
        end = run[-1].stem
        if [each.stem for each in run[:-1]] == before and (
            end == last or (match.begins and end.startswith(last))
        ):
            yield run[0].start, run[-1].end


def _apart(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge overlapping spans; they must be sorted."""
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return apart
