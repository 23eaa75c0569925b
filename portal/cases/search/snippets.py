"""Snippets: the sentence of a text with a search hit. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.cases.enums import Piece
from portal.cases.search import analysis
from portal.cases.search.analysis import Term

LONGEST, BEFORE = 200, 60
# A full stop ends a sentence only before a capital: not in "kl. 10".
STOPS = re.compile(r"[.!?]+(?=\s+[A-ZÅÄÖÉ\"”(–-])|\n")


@dataclass(frozen=True)
class Snippet:
    """A sentence with hits, as plain text in parts, each with whether it is a hit."""

    piece: Piece
    parts: tuple[tuple[str, bool], ...]


def snippet(piece: Piece, text: str, terms: Sequence[Term]) -> Snippet | None:
    """The first sentence with the most hits; None if the text has none."""
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
    """A span without the whitespace around it."""
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())


def _cut(text: str, whole: tuple[int, int], first: int) -> tuple[int, int]:
    """The part of a sentence to show: a long one is cut between words, from shortly before its first hit."""
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
    """The text to show, split at the hits, with an ellipsis where it is cut."""
    at, end = shown
    plain = "… " if at > whole[0] else ""
    for start, stop in hits:
        if at <= start < end:
            yield plain + text[at:start], False
            at, plain = min(stop, end), ""
            yield text[start:at], True
    yield text[at:end] + (" …" if end < whole[1] else ""), False
