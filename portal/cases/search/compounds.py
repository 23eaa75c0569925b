"""Splitting of Swedish compounds into the words that they are made of, by a list of base words. Pure.

Only what consists of listed words from its first letter to its last is split: a word that is not known whole
says nothing of its parts.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from portal.cases.search.word_forms import fold, stem

LIST = Path(__file__).with_name("compound_words.txt")
MIN_FIRST = 2
MIN_LAST = 3


@cache
def _base_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The listed words, each with its own forms before another part."""
    entries = []
    for line in LIST.read_text(encoding="utf-8").splitlines():
        for entry in () if line.startswith("#") else line.split():
            word, *forms = entry.split("/")
            entries.append((fold(word), tuple(fold(form) for form in forms)))
    return tuple(entries)


@cache
def _first_forms() -> dict[str, str]:
    """The stem of each form of a word before another part: gatu, lamp, förskole, parkerings."""
    forms: dict[str, str] = {}
    for word, special in _base_words():
        for form in (*special, *_usual_forms(word)):
            if len(form) >= MIN_FIRST:
                forms.setdefault(form, stem(word))
    return forms


def _usual_forms(word: str) -> Iterator[str]:
    yield word
    yield f"{word}s"
    if word[-1] in "ae":
        yield word[:-1]


@cache
def _last_stems() -> frozenset[str]:
    return frozenset(stem(word) for word, _forms in _base_words() if len(word) >= MIN_LAST)


@cache
def _longest_form() -> int:
    return max(map(len, _first_forms()))


@lru_cache(20_000)
def parts(word: str) -> tuple[str, ...]:
    """The stems of the parts of a folded word, in order; none if it is no compound of listed words.

    Of several ways to split the one with the fewest parts is taken, then the one with the longest last part.
    """
    if not word.isalpha():
        return ()
    # The fewest parts that lead to each position: each has a bounded number of forms that begin there.
    ways: dict[int, tuple[str, ...]] = {0: ()}
    best: tuple[str, ...] = ()
    for start in range(len(word) - MIN_LAST + 1):
        before = ways.get(start)
        if before is None:
            continue
        last = stem(word[start:])
        if before and last in _last_stems() and (not best or len(before) + 1 < len(best)):
            best = (*before, last)
        _extend(word, start, ways)
    return best


def _extend(word: str, start: int, ways: dict[int, tuple[str, ...]]) -> None:
    """Add the positions that one more part leads to."""
    before = ways[start]
    for end in range(start + MIN_FIRST, min(start + _longest_form(), len(word) - MIN_LAST) + 1):
        part = _first_forms().get(word[start:end])
        if part is not None and (end not in ways or len(before) + 1 < len(ways[end])):
            ways[end] = (*before, part)
