"""Swedish words with a natural distribution, and the texts of cases. Pure: the same seed, the same text."""

import random
import tomllib
from itertools import accumulate, product
from pathlib import Path

FILE = Path(__file__).parent / "words.toml"
WORDS = tomllib.loads(FILE.read_text())
# Words that a search of the benchmark asks for. The rare one is in three cases, however many there are.
COMMON = "gatubelysning"
RARE = "grävlingsgryt"
PHRASE = "trasig gatubelysning"
NO_HIT = "zebrafinkar"
RARE_SENTENCE = f"Ett {RARE} har rasat vid slänten."
# How many sentences a citizen writes.
LENGTHS = (2, 3, 3, 4, 4, 5, 6, 8, 12)
MAX_LONG_COMPOUNDS = 40_000


def words_of(name: str) -> list[str]:
    """A list of words in the file."""
    return str(WORDS[name]).split()


def vocabulary() -> list[str]:
    """All words, the common first: plain ones, compounds of two parts, and then of three."""
    two = [first + last for first, last in product(words_of("first"), words_of("last"))]
    three = [first + rest for first, rest in product(words_of("first")[:40], two)]
    # In an order of chance, the same each time: neighbours in rank should not share a part.
    random.Random(1).shuffle(two)
    random.Random(2).shuffle(three)
    return list(dict.fromkeys([*words_of("plain"), *two, *three[:MAX_LONG_COMPOUNDS]]))


class Author:
    """Writes texts of words that are drawn by Zipf's law: the word of rank r with a weight of 1/(r + 3)."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = vocabulary()
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        parts = product(words_of("street_first"), words_of("street_last"))
        self.streets = [first + last for first, last in parts]

    def body(self) -> str:
        """What a citizen writes."""
        return self._text("citizens", self.random.choice(LENGTHS))

    def answer(self) -> str:
        """What an officer answers."""
        return self._text("answers", self.random.choice((3, 4, 5, 6)))

    def note(self) -> str:
        """What an officer notes for colleagues."""
        return self._text("notes", self.random.choice((1, 1, 2)))

    def subject(self) -> str:
        """The subject of a case."""
        line = self._filled(self.random.choice(WORDS["subjects"]))
        return line[0].upper() + line[1:]

    def _text(self, name: str, count: int) -> str:
        return "\n".join(map(self._filled, self.random.sample(WORDS[name], count)))

    def _filled(self, sentence: str) -> str:
        a, b = self.random.choices(self.words, cum_weights=self.weights, k=2)
        street = self.random.choice(self.streets)
        return sentence.format(a=a, b=b, street=street, n=self.random.randint(1, 98))
