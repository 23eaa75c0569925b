"""Words of texts, counted once for each sender, and those that have become more usual. Pure."""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from portal.cases.search.analysis import STOP, WORD
from portal.cases.search.word_forms import fold, stem
from portal.statistics.rules import MIN_CASES

MIN_LETTERS = 3
MAX_SHOWN = 10
# A word of more than one sender of so many says nothing of what is new.
USUAL = 3
# So many different words are counted at a time: then those that only one sender has had are forgotten.
MAX_DIFFERENT = 200_000
# Before a word that begins a sentence, which has a capital letter whatever it is; at most some spaces follow.
BEGINS = frozenset('.!?:\n"”»–-')
MAX_SPACES = 3


class GrownWord(NamedTuple):
    """A word in its most common form, and the number of its senders now and before."""

    form: str
    now: int
    before: int


class WordCounts:
    """How many senders write each stem and each form of a word, and how often it is written as a name is."""

    def __init__(self) -> None:
        self.senders = 0
        self.stems: Counter[str] = Counter()
        self.forms: Counter[str] = Counter()
        self.lower: Counter[str] = Counter()
        self.capital: Counter[str] = Counter()
        # Each word as it is written, with its form and its stem; the same ones come again and again.
        self.known: dict[str, tuple[str, str] | None] = {}
        self.most = MAX_DIFFERENT

    def add(self, text: str) -> None:
        """Count the words of all texts of a sender once each."""
        words, lower, capital = set(), [], []
        for match in WORD.finditer(text):
            word = self._word(match[1])
            if word is None:
                continue
            words.add(word)
            if not match[1][0].isupper():
                lower.append(word[1])
            elif _is_within(text, match.start()):
                capital.append(word[1])
        self.senders += 1
        self.forms.update(form for form, _stem in words)
        self.stems.update({own for _form, own in words})
        self.lower.update(lower)
        self.capital.update(capital)
        self._forget_rare()

    def _word(self, written: str) -> tuple[str, str] | None:
        """The form and the stem of a word; None if it is none that is counted."""
        if written not in self.known:
            form = fold(written)
            is_counted = len(form) >= MIN_LETTERS and form.isalpha() and form not in STOP
            self.known[written] = (form, stem(form)) if is_counted else None
        return self.known[written]

    def _forget_rare(self) -> None:
        if len(self.known) > MAX_DIFFERENT:
            self.known.clear()
        if len(self.forms) <= self.most:
            return
        for counts in (self.stems, self.forms, self.lower, self.capital):
            for word in [word for word, count in counts.items() if count == 1]:
                del counts[word]
        # What is left may be many too: not to be gone through again for each case.
        self.most = max(MAX_DIFFERENT, 2 * len(self.forms))

    def looks_like_name(self, own: str) -> bool:
        """Whether a stem has a capital letter within a sentence as often as it has none, or is in none."""
        return self.capital[own] >= self.lower[own]

    def common_forms(self, stems: Collection[str]) -> dict[str, str]:
        """The form that most senders write of each stem; of several the shortest, then the first."""
        best: dict[str, str] = {}
        for form in sorted(self.forms, key=lambda form: (-self.forms[form], len(form), form)):
            own = stem(form)
            if own in stems:
                best.setdefault(own, form)
        return best


def _is_within(text: str, start: int) -> bool:
    """Whether a word is within a sentence, and not its first."""
    before = text[max(0, start - MAX_SPACES - 1) : start].rstrip(" ")
    return bool(before) and before[-1] not in BEGINS


def grown_words(now: WordCounts, before: WordCounts, names: Collection[str]) -> list[GrownWord]:
    """The words of at least five senders and twice as many as before; no folded `names` of people."""
    candidates = [own for own, count in now.stems.items() if _has_grown(now, before, own, count)]
    forms = now.common_forms(frozenset(candidates))
    grown = []
    for own in candidates:
        form = forms.get(own, own)
        if form not in names and form.removesuffix("s") not in names:
            grown.append(GrownWord(form, now.stems[own], before.stems[own]))
    return sorted(grown, key=lambda word: (word.before - word.now, word.form))[:MAX_SHOWN]


def _has_grown(now: WordCounts, before: WordCounts, own: str, count: int) -> bool:
    is_usual = USUAL * count > now.senders
    if count < MIN_CASES or is_usual or count < 2 * before.stems[own]:
        return False
    return not now.looks_like_name(own)
