"""Words of texts, counted in cases, and those that have become more usual. Pure."""

import re
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from portal.cases.search.analysis import STOP, WORD
from portal.cases.search.word_forms import fold, stem
from portal.statistics.rules import MIN_CASES

MIN_LETTERS = 3
MAX_SHOWN = 10
# A word of more than one case of so many says nothing of what is new.
USUAL = 3
# So many different words are counted at a time: then those that only one case has had are forgotten.
MAX_DIFFERENT = 200_000
# Before a word that begins a sentence, which has a capital letter whatever it is.
BEGINS = re.compile(r"[.!?:\n\"”»–-]\s*\Z")


class GrownWord(NamedTuple):
    """A word in its most common form, and the number of its cases now and before."""

    form: str
    now: int
    before: int


class WordCounts:
    """In how many cases each stem and each form of a word is, and how often it is written as a name is."""

    def __init__(self) -> None:
        self.cases = 0
        self.stems: Counter[str] = Counter()
        self.forms: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.capital: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Count the words of a case once each."""
        forms = set()
        for match in WORD.finditer(text):
            form = fold(match[1])
            if len(form) < MIN_LETTERS or not form.isalpha() or form in STOP:
                continue
            forms.add(form)
            self._note_capital(text, match, stem(form))
        self.cases += 1
        self.forms.update(forms)
        self.stems.update(set(map(stem, forms)))
        self._forget_rare()

    def _note_capital(self, text: str, match: re.Match[str], own: str) -> None:
        start = match.start()
        if start and not BEGINS.search(text, max(0, start - 4), start):
            self.inside[own] += 1
            self.capital[own] += match[1][0].isupper()

    def _forget_rare(self) -> None:
        if len(self.forms) <= MAX_DIFFERENT:
            return
        for counts in (self.stems, self.forms, self.inside, self.capital):
            for word in [word for word, count in counts.items() if count == 1]:
                del counts[word]

    def looks_like_name(self, own: str) -> bool:
        """Whether a stem mostly has a capital letter within a sentence, or is never within one."""
        return 2 * self.capital[own] >= self.inside[own]

    def common_forms(self, stems: Collection[str]) -> dict[str, str]:
        """The form that most cases have of each stem; of several the shortest, then the first."""
        best: dict[str, str] = {}
        for form in sorted(self.forms, key=lambda form: (-self.forms[form], len(form), form)):
            own = stem(form)
            if own in stems:
                best.setdefault(own, form)
        return best


def grown_words(now: WordCounts, before: WordCounts, names: Collection[str]) -> list[GrownWord]:
    """The words of at least five cases and twice as many as before; no folded `names` of people."""
    candidates = [own for own, count in now.stems.items() if _has_grown(now, before, own, count)]
    forms = now.common_forms(frozenset(candidates))
    grown = []
    for own in candidates:
        form = forms.get(own, own)
        if form not in names and form.removesuffix("s") not in names:
            grown.append(GrownWord(form, now.stems[own], before.stems[own]))
    return sorted(grown, key=lambda word: (word.before - word.now, word.form))[:MAX_SHOWN]


def _has_grown(now: WordCounts, before: WordCounts, own: str, count: int) -> bool:
    is_usual = USUAL * count > now.cases
    if count < MIN_CASES or is_usual or count < 2 * before.stems[own]:
        return False
    return not now.looks_like_name(own)
