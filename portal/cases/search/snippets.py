"""The sentence in which something that was searched for stands. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.cases.enums import Piece
from portal.cases.search import analysis
from portal.cases.search.analysis import Term

LONGEST, BEFORE = 200, 60
# "kl. 10" ends no sentence.
STOPS = re.compile(r"[.!?]+(?=\s+[A-ZÅÄÖÉ\"”(–-])|\n")


@dataclass(frozen=True)
class Snippet:
    """A sentence that was found: pieces of plain text, each with whether it is a hit."""

    piece: Piece
    parts: tuple[tuple[str, bool], ...]


def snippet(piece: Piece, text: str, terms: Sequence[Term]) -> Snippet | None:
    """The sentence with the most hits, the first of those; None if nothing is there."""
    text = analysis.clean(text)
    hits = analysis.places(text, terms)
    if not hits:
        return None
    stops = [0, *(each.end() for each in STOPS.finditer(text)), len(text)]
    sentences = (_bare(text, *each) for each in pairwise(stops))
    whole = max(sentences, key=lambda each: sum(each[0] <= start < each[1] for start, _end in hits))
    first = next(start for start, _end in hits if start >= whole[0])
    pieces = _pieces(text, whole, _cut(text, whole, first), hits)
    return Snippet(piece, tuple((said, hit) for said, hit in pieces if said))


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the spaces around it."""
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())


def _cut(text: str, whole: tuple[int, int], first: int) -> tuple[int, int]:
    """A long sentence is cut between words, from some way before its first hit."""
    start, end = whole
    if first - start > BEFORE and end - start > LONGEST:
        start = text.find(" ", first - BEFORE, first) + 1 or first
    if end - start > LONGEST:
        last = text.rfind(" ", first + LONGEST // 2, start + LONGEST)
        end = last if last > 0 else start + LONGEST
    return start, end


def _pieces(
    text: str, whole: tuple[int, int], shown: tuple[int, int], hits: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    """The text that is shown, parted at the hits, with a mark where something is left out."""
    at, end = shown
    plain = "… " if at > whole[0] else ""
    for start, stop in hits:
        if at <= start < end:
            yield plain + text[at:start], False
            at, plain = min(stop, end), ""
            yield text[start:at], True
    yield text[at:end] + (" …" if end < whole[1] else ""), False
