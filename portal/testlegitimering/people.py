"""The test people: who can sign in here, read from a plain file."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.testlegitimering.claims import EIDAS, NATIONAL

PEOPLE = Path(__file__).with_name("people.toml")

# The words of ROLE in portal/words/labels.py, written again because nothing of the portal is imported here.
ROLES = {
    "citizen": "Invånare",
    "officer": "Handläggare",
    "head_of_unit": "Enhetschef",
    "head_of_administration": "Förvaltningschef",
    "registrar": "Medborgarservice",
    "records_officer": "Registrator",
    "analyst": "Analytiker",
    "process_owner": "Processägare",
    "administrator": "Administratör",
    "none": "Anställd utan roll i tjänsten",
}


@dataclass(frozen=True)
class Person:
    """Somebody invented, with an official test number; who comes from another country has a prid instead."""

    key: str
    name: str
    number: str
    role: str
    unit: str = ""
    unit_key: str = ""
    note: str = ""
    prid: str = ""
    born: str = ""
    level: str = ""
    previous: str = ""
    protected: bool = False
    organisation: str = ""
    organisation_number: str = ""
    unusual: bool = False

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"{self.key}: there is no role called {self.role!r}")
        if not self.prid and not (len(self.number) == 12 and self.number.isdecimal()):
            raise ValueError(f"{self.key}: the number must have 12 digits")

    @property
    def is_citizen(self) -> bool:
        """Whether this person signs in as a citizen rather than as staff."""
        return self.role == "citizen"

    @property
    def title(self) -> str:
        """Role, unit and note in words; a unit named as its role is written once."""
        parts = dict.fromkeys((ROLES[self.role], self.unit, self.note))
        return ", ".join(filter(None, parts))

    @property
    def identifier(self) -> str:
        """What tells this person from everybody else."""
        return self.number or self.prid

    @property
    def has_coordination_number(self) -> bool:
        """Whether the number is a samordningsnummer: 60 is added to the day."""
        return self.number[6:8] > "60"

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of assurance that this person can sign in with."""
        return EIDAS if self.prid else NATIONAL

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
        day = int(self.number[6:8] or 0) - 60 * self.has_coordination_number
        return self.born or f"{self.number[:4]}-{self.number[4:6]}-{day:02}"

    @property
    def written_number(self) -> str:
        """The number as people write it, with a hyphen."""
        return self.prid or f"{self.number[:8]}-{self.number[8:]}"


def load_people(path: Path = PEOPLE) -> tuple[Person, ...]:
    """The people of a file in its order, the unusual ones last."""
    read = tomllib.loads(path.read_text("utf-8"))
    unusual = [Person(**row, role="citizen", unusual=True) for row in read.get("unusual", [])]
    return distinct([*(Person(**row) for row in read["people"]), *unusual])


def distinct(people: Iterable[Person]) -> tuple[Person, ...]:
    """The same people, refused when two of them share a key or a number."""
    found = tuple(people)
    if any(len(set(each)) < len(found) for each in zip(*((p.key, p.identifier) for p in found), strict=True)):
        raise ValueError("two test people share a key or a number")
    return found
