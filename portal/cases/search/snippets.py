"""Snippets: the sentence of a text with a search hit. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.cases.enums import Piece
from portal.cases.search import analysis
from portal.cases.search.analysis import Term

MAX_LENGTH = 200
MAX_LEAD = 60
# A full stop ends a sentence only before a capital: not in "kl. 10".
# Possessive, and only from the first of several: a long row of full stops is read once.
STOPS = re.compile(r"(?<![.!?])[.!?]++(?=\s+[A-ZÅÄÖÉ\"”(–-])|\n")


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
    starts = [start for start, _end in hits]
    # max() returns the first of equals.
    sentence = max(
        _sentences(text), key=lambda span: bisect_left(starts, span[1]) - bisect_left(starts, span[0])
    )
    first = next(start for start in starts if start >= sentence[0])
    parts = _parts(text, sentence, _cut(text, sentence, first), hits)
    return Snippet(piece, tuple(part for part in parts if part[0]))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    stops = [stop.end() for stop in STOPS.finditer(text)]
    for start, end in pairwise([0, *stops, len(text)]):
        yield _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the whitespace around it."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _cut(text: str, sentence: tuple[int, int], first: int) -> tuple[int, int]:
    """The part of a sentence to show: a long one is cut between words, from shortly before its first hit."""
    start, end = sentence
    if first - start > MAX_LEAD and end - start > MAX_LENGTH:
        start = text.find(" ", first - MAX_LEAD, first) + 1 or first
    if end - start > MAX_LENGTH:
        last = text.rfind(" ", first + MAX_LENGTH // 2, start + MAX_LENGTH)
        # A text without spaces is cut inside a word rather than shown whole.
        end = last if last > 0 else start + MAX_LENGTH
    return start, end


def _parts(
    text: str, sentence: tuple[int, int], shown: tuple[int, int], hits: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    """The text to show, split at the hits, with an ellipsis where it is cut."""
    at, end = shown
    ellipsis = "… " if at > sentence[0] else ""
    for start, stop in hits:
        if at <= start < end:
            yield ellipsis + text[at:start], False
            ellipsis = ""
            at = min(stop, end)
            yield text[start:at], True
    yield text[at:end] + (" …" if end < sentence[1] else ""), False
