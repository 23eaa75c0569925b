"""Swedish words and stems, and search queries: the same analysis for both databases. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from portal.cases.search import compounds
from portal.cases.search.word_forms import fold, stem
from portal.formats import cleaning

MAX_QUERY = 10_000
MAX_WORDS = 20
# Shorter words are not matched by prefix: "bil" would match "biljett".
BEGINS_FROM = 4
# Words in a row of the index. PostgreSQL keeps at most 255 positions of a lexeme, so long texts are split;
# rows overlap by the longest query so that every phrase lies whole in one of them.
ROW = 200
OVERLAP = MAX_WORDS

_ENDING = r"(?::(?:s|n|t|ns|ts|en|et|ar|er|na|arna|erna)(?![^\W_]))?"
WORD = re.compile(rf"([^\W_]++){_ENDING}")
_DASH = r"[-\u00ad\u2010-\u2015\u2212]"
DASH, DIGIT = re.compile(_DASH), re.compile("[0-9]")
# From the start of a word and possessive: else each letter of a long word would start a search to its end.
COMPOUND = re.compile(rf"(?<![^\W_])[^\W_]++(?:{_DASH}[^\W_]++)+")
PHONE = re.compile(
    rf"(?<![\w.])(?<!{_DASH})(?:\+|0)(?:(?:[^\S\n]|[().\/]|{_DASH}){{0,3}}[0-9]){{6,16}}(?!\w)"
)
# 12 B is 12B. Not "12 i": i is a word.
HOUSE = rf"(?<![^\W_])[0-9]{{1,4}}[^\S\n]?[A-HJ-Za-hj-z](?![\w@])(?!{_DASH})"
# The last digits of a telephone number, which is stored from its end as well.
LAST_DIGITS = re.compile("[0-9]{4,12}")
FROM_THE_END = "-+"
# The number of a case, with or without its prefix and its zeros.
REFERENCE = re.compile(
    rf"(?<![^\W_])(?<!{_DASH})(?:([^\W_]{{1,10}}){_DASH})?([0-9]{{4}}){_DASH}0{{0,8}}([1-9][0-9]{{0,8}})(?!{_DASH})(?![^\W_])"
)
QUOTES = re.compile("[\u201c-\u201f\u00ab\u00bb]")
PART = re.compile(rf'"(?P<quoted>[^"]*)"|(?P<phone>{PHONE.pattern})|(?P<house>{HOUSE})|(?P<lump>[^\s"]+)')
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


class Word(NamedTuple):
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
Positions = dict[str, list[int]]  # Of each stem, its places in a list of words.


@dataclass(frozen=True)
class Query:
    """A parsed query: terms that must all match, ignored stop words, and how many words too many."""

    terms: tuple[Term, ...] = ()
    common: tuple[str, ...] = ()
    over: int = 0


def clean(text: str) -> str:
    """A text in Unicode form NFC, without invisible characters; all offsets refer to this form."""
    return cleaning.normalized(text)


def words(text: str) -> list[Word]:
    """The words of a clean text, in order."""
    result = []
    for match in WORD.finditer(text):
        # Group 1 is the word without a colon and its ending: "SL:s" is "SL".
        if folded := fold(match[1]):
            result.append(Word(stem(folded), *match.span()))
    return result


def besides(text: str) -> Iterator[Word]:
    """What else a clean text has at its words: e-post as epost, a phone number as one, parts of compounds."""
    for match in WORD.finditer(text):
        for part in compounds.parts(fold(match[1])):
            yield Word(part, *match.span())
    # Most texts have none of these: one look saves many.
    if DASH.search(text):
        yield from _hyphenated(text)
    if DIGIT.search(text):
        yield from _references(text)
        yield from _phones(text)


def _hyphenated(text: str) -> Iterator[Word]:
    """Words with hyphens in them as one: epost, and its parts."""
    for compound in COMPOUND.finditer(text):
        if joined := fold(compound[0]):
            yield Word(stem(joined), *compound.span())
            for part in compounds.parts(joined):
                yield Word(part, *compound.span())


def _phones(text: str) -> Iterator[Word]:
    for phone in PHONE.finditer(text):
        if number := _phone(phone[0]):
            yield Word(number, *phone.span())
            yield Word(_from_the_end(number), *phone.span())


def _references(text: str) -> Iterator[Word]:
    """The numbers of cases in a text in one form: kb-2026-21, and 2026-21."""
    for match in REFERENCE.finditer(text):
        number = f"{match[2]}-{match[3]}"
        if match[1]:
            yield Word(f"{fold(match[1])}-{number}", *match.span())
        yield Word(number, *match.span())


def _phone(text: str) -> str:
    """A phone number in E.164 form (+46701234567); empty if it has fewer than 7 or more than 15 digits."""
    # "+46 (0)70": the trunk prefix is not part of the international number.
    digits = re.sub(r"[^0-9]", "", text.replace("(0)", ""))
    if not text.startswith("+"):
        digits = digits[2:] if digits.startswith("00") else f"46{digits[1:]}"
    return f"+{digits}" if 7 <= len(digits) <= 15 else ""


def _from_the_end(digits: str) -> str:
    return FROM_THE_END + digits.removeprefix("+")[::-1]


def stored(*texts: str) -> list[str]:
    """The index rows of these texts. A "0" separates words that are not adjacent, so no phrase crosses it."""
    codes: list[str] = []
    for text in map(clean, texts):
        codes += [code(word.stem) for word in words(text)]
        codes.append("0")
        for word in besides(text):
            codes += [code(word.stem), "0"]
    rows = []
    for start in range(0, max(len(codes) - OVERLAP, 1), ROW - OVERLAP):
        row = codes[start : start + ROW]
        if set(row) - {"0"}:
            # With a space at both ends, so that " w " is a whole word anywhere.
            rows.append(f" {' '.join(row)} ")
    return rows


def code(stem: str) -> str:
    """A stem in ASCII, one word to the tokenizers of both databases; prefixes stay: får is wfxe5xr."""
    return "w" + "".join(letter if letter in PLAIN else f"x{ord(letter):x}x" for letter in stem)


def parse(text: str) -> Query:
    """Parse a query: words, "quoted phrases", and phone numbers in any notation."""
    terms = []
    common = []
    left = MAX_WORDS
    over = 0
    for part in PART.finditer(QUOTES.sub('"', clean(text[:MAX_QUERY]))):
        part_words = words(part[0])
        # A stop word inside quotation marks stays: there it is part of a phrase.
        if part["lump"] and len(part_words) == 1 and _first_word(part[0]) in STOP:
            common.append(_first_word(part[0]))
            continue
        used = part_words[:left]
        left -= len(used)
        over += len(part_words) - len(used)
        if used:
            terms.append(_term(part, used))
    return Query(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(common)), over)


def _first_word(lump: str) -> str:
    """The first word, folded but not stemmed."""
    for match in WORD.finditer(lump):
        if folded := fold(match[1]):
            return folded
    return ""


def _term(part: re.Match[str], used: Sequence[Word]) -> Term:
    """The term of a part of a query: its words as a phrase or, unless quoted, in another spelling."""
    phrase = Match(tuple(word.stem for word in used))
    if part["quoted"] is not None:
        return (phrase,)
    return phrase, *dict.fromkeys(_other_spellings(part, used))


def _other_spellings(part: re.Match[str], used: Sequence[Word]) -> Iterator[Match]:
    if part["phone"]:
        if number := _phone(part[0]):
            yield Match((number,), begins=True)
    elif part["house"]:
        yield from _house_numbers(part[0])
    elif len(used) == 1:
        # Unstemmed: a prefix is what has been typed so far, which the stemmer would shorten.
        if len(word := _first_word(part[0])) >= BEGINS_FROM:
            yield Match((word,), begins=True)
        if LAST_DIGITS.fullmatch(part[0]):
            yield Match((_from_the_end(part[0]),), begins=True)
    else:
        span = (used[0].start, used[-1].end)
        for compound in besides(part[0]):
            # Another prefix makes it another number: only what is written without one is found without one.
            same_start = compound.stem[0].isdigit() == part[0][used[0].start].isdigit()
            if (compound.start, compound.end) == span and same_start:
                yield Match((compound.stem,))


def _house_numbers(text: str) -> Iterator[Match]:
    """A house number with its letter, written together and apart."""
    number, letter = text[:-1].rstrip(), fold(text[-1])
    yield Match((number + letter,))
    yield Match((number, letter))


def places(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Start and end of every hit of the terms in a clean text, in order, without overlaps."""
    text_words = words(text)
    joined_words = list(besides(text))
    matches = list(chain.from_iterable(terms))
    text_positions, joined_positions = _positions(text_words, matches), _positions(joined_words, matches)
    spans: list[tuple[int, int]] = []
    for match in matches:
        spans += _runs(text_words, text_positions, match)
        # Joined words are not adjacent to each other, so no phrase runs over them.
        if len(match.stems) == 1:
            spans += _runs(joined_words, joined_positions, match)
    return _merged(sorted(spans))


def _runs(text_words: Sequence[Word], positions: Positions, match: Match) -> Iterator[tuple[int, int]]:
    """Start and end of each run of words that matches the phrase."""
    for first in _first_positions(positions, match):
        run = text_words[first : first + len(match.stems)]
        stems = tuple(word.stem for word in run)
        if stems == match.stems or _begins(stems, match):
            yield run[0].start, run[-1].end


def _positions(text_words: Sequence[Word], matches: Sequence[Match]) -> Positions:
    """The places of the stems with which a match may begin."""
    first = {match.stems[0] for match in matches}
    prefixes = tuple(match.stems[0] for match in matches if match.begins and len(match.stems) == 1)
    positions: Positions = {}
    for position, word in enumerate(text_words):
        if word.stem in first or word.stem.startswith(prefixes):
            positions.setdefault(word.stem, []).append(position)
    return positions


def _first_positions(positions: Positions, match: Match) -> Iterator[int]:
    """Where the first stem of a phrase is; a phrase of one prefix begins at every word that has it."""
    first = match.stems[0]
    if len(match.stems) > 1 or not match.begins:
        yield from positions.get(first, ())
        return
    for indexed, where in positions.items():
        if indexed.startswith(first):
            yield from where


def _begins(stems: tuple[str, ...], match: Match) -> bool:
    same_length = len(stems) == len(match.stems)
    return (
        match.begins
        and same_length
        and stems[:-1] == match.stems[:-1]
        and stems[-1].startswith(match.stems[-1])
    )


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge overlapping spans; they must be sorted."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
