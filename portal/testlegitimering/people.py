"""The test people: who can sign in here, read from a plain file."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PEOPLE = Path(__file__).with_name("people.toml")

ROLES = {
    "citizen": "Invånare",
    "officer": "Handläggare",
    "head_of_unit": "Enhetschef",
    "head_of_administration": "Förvaltningschef",
    "registrar": "Registrator",
    "records_officer": "Arkivarie",
    "analyst": "Analytiker",
    "process_owner": "Processägare",
    "administrator": "Systemförvaltare",
    "none": "Anställd utan roll i tjänsten",
}


@dataclass(frozen=True)
class Person:
    """Somebody invented, with an official test number."""

    key: str
    name: str
    number: str
    role: str
    unit: str = ""
    unit_key: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"{self.key}: there is no role called {self.role!r}")
        if not (len(self.number) == 12 and self.number.isdecimal()):
            raise ValueError(f"{self.key}: the number must have 12 digits")

    @property
    def is_citizen(self) -> bool:
        """Whether this person signs in as a citizen rather than as staff."""
        return self.role == "citizen"

    @property
    def title(self) -> str:
        """The role, and the unit when there is one, in words."""
        return ", ".join(filter(None, (ROLES[self.role], self.unit)))

    @property
    def given_name(self) -> str:
        """The first of the names."""
        return self.name.partition(" ")[0]

    @property
    def family_name(self) -> str:
        """The names after the first."""
        return self.name.partition(" ")[2]

    @property
    def birthdate(self) -> str:
        """The date of birth as OpenID Connect writes it."""
        return f"{self.number[:4]}-{self.number[4:6]}-{self.number[6:8]}"

    @property
    def written_number(self) -> str:
        """The number as people write it, with a hyphen."""
        return f"{self.number[:8]}-{self.number[8:]}"


def load_people(path: Path = PEOPLE) -> tuple[Person, ...]:
    """The people of a file, in its order."""
    return distinct(Person(**row) for row in tomllib.loads(path.read_text("utf-8"))["people"])


def distinct(people: Iterable[Person]) -> tuple[Person, ...]:
    """The same people, refused when two of them share a key or a number."""
    found = tuple(people)
    if len({person.key for person in found}) < len(found) or len({p.number for p in found}) < len(found):
        raise ValueError("two test people share a key or a number")
    return found
