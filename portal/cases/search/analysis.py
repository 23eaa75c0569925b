"""Swedish words and their stems, and what somebody searches for: one for both databases. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.swedish_stemmer import SwedishStemmer

LONGEST = 10_000
MAX_WORDS = 20
# Fewer letters begin too much: "bil" is not "biljett".
BEGINS_FROM = 4
MAX_LETTERS = 64
# A row of the index: PostgreSQL keeps 255 places of a word, and a phrase must lie whole in some row.
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

# Words that nearly every text holds: what is searched for says nothing by them.
_COMMON = """
    alla allt att av blev bli blir de dem den denna deras dess dessa det detta dig din dina ditt du där då
    efter ej eller en er era ert ett från för ha hade han hans har hen henne hennes hon honom hur här i
    icke ingen inom inte jag ju kan kunde man med mellan men mig min mina mitt mot mycket ni nu när någon
    något några och om oss på samma sedan sig sin sina sitt skulle som så sådan till under upp ut utan vad
    var vara varför varit varje vars vart vem vi vid vilka vilken vilket vår våra vårt än är åt över
"""
STOP = frozenset(_COMMON.split())

# What the stemmer leaves: idén, gatan (it knows gata), lekplatsen (lekplats is lekplat to it), cykeln.
ACUTE = re.compile("é(?:ns?|ets?|ers?|ernas?)$")
ENDINGS = (
    (re.compile("(?<=...)an$"), ""),
    (re.compile("(?<=...)(?<=[bcdfghjklmnoprtvy])s$"), ""),
    (re.compile("(?<=..)(?<=[bdfgkptvx])eln?$"), "l"),
)


@dataclass(frozen=True)
class Word:
    """A word of a text: its stem, and where it stands."""

    stem: str
    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """Stems that stand side by side; the last may be the beginning of a longer one."""

    stems: tuple[str, ...]
    begins: bool = False


Term = tuple[Match, ...]  # any one of them will do


@dataclass(frozen=True)
class Query:
    """What is searched for: every term must be there. What was passed over: common words, too many words."""

    terms: tuple[Term, ...] = ()
    common: tuple[str, ...] = ()
    over: int = 0


def clean(text: str) -> str:
    """A text in the form in which places in it are counted."""
    return unicodedata.normalize("NFC", text)


def fold(word: str) -> str:
    """A word without capitals and without different ways to write one sign."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(sign for sign in unicodedata.normalize("NFKC", plain) if sign.isalnum())[:MAX_LETTERS]


@lru_cache(20_000)
def stem(word: str) -> str:
    """The stem of a folded word; what holds a figure is its own."""
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
    """What a clean text says in one piece too: e-post is epost, and a telephone number is one number."""
    for each in COMPOUND.finditer(text):
        if joined := fold(each[0]):
            yield Word(stem(joined), *each.span())
    for each in PHONE.finditer(text):
        if number := _phone(each[0]):
            yield Word(number, *each.span())


def _phone(text: str) -> str:
    """+46701234567, however it is written; nothing if it is too short or too long for one."""
    digits = re.sub(r"[^0-9]", "", text.replace("(0)", ""))
    if not text.startswith("+"):
        digits = digits[2:] if digits.startswith("00") else f"46{digits[1:]}"
    return f"+{digits}" if 7 <= len(digits) <= 15 else ""


def stored(*texts: str) -> list[str]:
    """The rows of the index for these texts. What stands on each side of a 0 is not side by side."""
    signs: list[str] = []
    for text in map(clean, texts):
        signs += [*(code(each.stem) for each in words(text)), "0"]
        for each in besides(text):
            signs += [code(each.stem), "0"]
    starts = range(0, max(len(signs) - OVERLAP, 1), ROW - OVERLAP)
    rows = [signs[start : start + ROW] for start in starts]
    return [" ".join(row) for row in rows if any(sign != "0" for sign in row)]


def code(stem: str) -> str:
    """A stem in letters that every database takes for one word, beginnings kept: får is wfxe5xr."""
    return "w" + "".join(sign if sign in PLAIN else f"x{ord(sign):x}x" for sign in stem)


def parse(text: str) -> Query:
    """What somebody searches for: words, "words side by side", numbers in any way of writing."""
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
    """The first word as it was written, but for capitals."""
    return next(filter(None, (fold(each[1]) for each in WORD.finditer(lump))), "")


def _term(part: re.Match[str], found: Sequence[Word]) -> Term:
    """What a part of the query means: as it stands, or the same in another way of writing."""
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
    """Where in a clean text something searched for stands, in order and apart."""
    said, more = words(text), list(besides(text))
    found = [
        place
        for term in terms
        for match in term
        for place in (*_runs(said, match), *(_runs(more, match) if len(match.stems) == 1 else ()))
    ]
    return _apart(sorted(found))


def _runs(said: Sequence[Word], match: Match) -> Iterator[tuple[int, int]]:
    """Where the stems of a match stand side by side."""
    *before, last = match.stems
    for first in range(len(said) - len(before)):
        run = said[first : first + len(match.stems)]
        end = run[-1].stem
        if [each.stem for each in run[:-1]] == before and (
            end == last or (match.begins and end.startswith(last))
        ):
            yield run[0].start, run[-1].end


def _apart(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that overlap are one."""
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return apart
