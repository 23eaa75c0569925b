"""Texts and people to make cases of, each analysed and encrypted once: rows of a million cases share them."""

from dataclasses import dataclass

from portal import crypto
from portal.cases.search import analysis
from tests.bench.filling.words import Author, words_of

GIVEN = words_of("given_names")
FAMILY = words_of("family_names")


@dataclass(frozen=True)
class Text:
    """A text as COPY writes it, and its rows in the index."""

    copied: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Sender:
    """A name with its addresses: encrypted, as COPY writes them, and its rows in the index."""

    name: str
    email: str
    phone: str
    by_email: tuple[str, ...]
    by_phone: tuple[str, ...]


@dataclass(frozen=True)
class Pool:
    """What rows are made of."""

    subjects: list[str]
    bodies: list[Text]
    answers: list[Text]
    notes: list[Text]
    senders: list[Sender]


def make(bodies: int) -> Pool:
    """A pool with so many texts of citizens, and fewer of the rest."""
    author = Author(14)
    return Pool(
        subjects=[author.subject() for _ in range(bodies)],
        bodies=[text(author.body()) for _ in range(bodies)],
        answers=[text(author.answer()) for _ in range(bodies // 4)],
        notes=[text(author.note()) for _ in range(bodies // 10)],
        senders=[_sender(number) for number in range(min(len(GIVEN) * len(FAMILY), bodies))],
    )


def text(written: str) -> Text:
    """A text with its rows in the index."""
    return Text(escaped(written), tuple(analysis.stored(written)))


def escaped(written: str) -> str:
    """A text in PostgreSQL's text format of COPY."""
    return written.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def binary(content: bytes) -> str:
    """Bytes in the same format."""
    return f"\\\\x{content.hex()}"


def encrypted(written: str) -> str:
    """A text as the portal encrypts it, in the same format."""
    return binary(crypto.encrypt(written))


def name_of(number: int) -> str:
    """The name of a person: every pair of a given and a family name, and then the same again."""
    family = number // len(GIVEN) % len(FAMILY)
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[family]}"


def _sender(number: int) -> Sender:
    name, email, phone = name_of(number), f"person{number}@exempel.se", f"+4670174{number:04d}"
    return Sender(
        name=encrypted(name),
        email=encrypted(email),
        phone=encrypted(phone),
        by_email=tuple(analysis.stored(name, email)),
        by_phone=tuple(analysis.stored(name, phone)),
    )
