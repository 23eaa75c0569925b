"""The lexemes of a case in the index: its stems, how they begin, when it came in, and who may have it. Pure.

Both databases find cases by them, so the same expression gives the same cases. They are a first selection:
that a case matches is then read from its stems, as they are stored with their order and their texts.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zlib import crc32

from portal.cases.search import analysis
from portal.cases.search.analysis import Match, Term

LETTER = re.compile("x[0-9a-f]+x|[a-z0-9]")
# Words are also found by their first letters: as many of these as a prefix has.
PREFIXES = (4, 6, 9)
# Moments are counted in units of 16 hours; a lexeme of the next level covers FACTOR of the one below.
UNIT_SECONDS = 16 * 3600
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FACTOR = 4
LEVELS = 7
OPEN = "o"


def of_rows(rows: Iterable[str]) -> set[str]:
    """The lexemes of the stems in rows of the index."""
    codes = set[str]().union(*(row.split() for row in rows)) - {"0"}
    return codes.union(*map(_prefixes, codes))


def _prefixes(code: str) -> Iterator[str]:
    letters = LETTER.findall(code[1:])
    for length in PREFIXES:
        if len(letters) > length:
            yield "p" + "".join(letters[:length])


def checksum(code: str) -> int:
    """A number for a stem, of 31 bits."""
    return crc32(code.encode("ascii")) >> 1


def of_moment(moment: datetime) -> Iterator[str]:
    """The lexemes of a moment, one for each level."""
    unit = unit_of(moment)
    for level in range(LEVELS):
        yield _step(level, unit // FACTOR**level)


def unit_of(moment: datetime) -> int:
    """The unit of time that a moment is in."""
    return int(moment.timestamp()) // UNIT_SECONDS


def _step(level: int, number: int) -> str:
    return f"t{level}n{number}"


def of_unit(unit: int) -> str:
    """The lexeme of an organisational unit."""
    return f"u{unit}"


def any_of(lexemes: Collection[str]) -> str:
    """The expression that a case has one of these lexemes."""
    return f"({' | '.join(lexemes)})"


def all_of(expressions: Iterable[str]) -> str:
    """The expression that all of these hold."""
    return " & ".join(expressions)


def of_terms(terms: Sequence[Term]) -> str:
    """The expression that holds for every case that may have the terms."""
    return all_of(any_of(list(dict.fromkeys(map(_of_match, term)))) for term in terms)


def _of_match(match: Match) -> str:
    codes = list(map(analysis.code, match.stems))
    if not match.begins:
        return f"({all_of(dict.fromkeys(codes))})" if len(codes) > 1 else codes[0]
    last = any_of([codes[-1], _longest_prefix(match.stems[-1])])
    return f"({all_of([*codes[:-1], last])})"


def _longest_prefix(word: str) -> str:
    length = max(prefix for prefix in PREFIXES if prefix <= len(word))
    return "p" + analysis.code(word[:length])[1:]


def for_sqlite(expression: str) -> str:
    """An expression in the syntax of FTS5; as it is, it is a tsquery of PostgreSQL."""
    return expression.replace("|", "OR").replace("&", "AND")


@dataclass(frozen=True)
class Span:
    """A span of time, and the moment where it begins or, going back in time, ends."""

    expression: str
    begins: datetime


def windows(unit: int, down: bool) -> Iterator[Span]:
    """Spans of time from a unit on, LEVELS of them, each longer than the one before, and then all the rest.

    What has been looked for and not been found in a short time is looked for in a longer one: a common word
    costs little, and a rare one a few steps.
    """
    first = unit
    for level in range(LEVELS):
        size = FACTOR**level
        number = first // size
        # At least one step, and on to where a step of the next level begins.
        if down:
            numbers = range((number - 1) // FACTOR * FACTOR, number + 1)
        else:
            numbers = range(number, (number + 1) // FACTOR * FACTOR + FACTOR)
        yield Span(any_of([_step(level, position) for position in numbers]), _begins(first, down))
        first = numbers[0] * size - 1 if down else (numbers[-1] + 1) * size
    yield Span("", _begins(first, down))


def _begins(unit: int, down: bool) -> datetime:
    return EPOCH + timedelta(seconds=(unit + 1 if down else unit) * UNIT_SECONDS)
