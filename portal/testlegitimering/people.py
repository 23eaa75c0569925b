"""The test people, read from people.toml."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.testlegitimering.oidc.claims import EIDAS, NATIONAL

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
    "elected": "Förtroendevald",
    "administrator": "Administratör",
    "none": "Anställd utan roll i tjänsten",
}


@dataclass(frozen=True)
class Person:
    """A fictitious person with an official test number, or with a prid (eIDAS) instead of one."""

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
        """Whether the person signs in as a citizen; the others are staff."""
        return self.role == "citizen"

    @property
    def title(self) -> str:
        """Role, unit and note in words; a unit named as its role is written once."""
        parts = dict.fromkeys((ROLES[self.role], self.unit, self.note))
        return ", ".join(filter(None, parts))

    @property
    def identifier(self) -> str:
        """The number, or the prid; unique among the people."""
        return self.number or self.prid

    @property
    def has_coordination_number(self) -> bool:
        """Whether the number is a samordningsnummer, whose day of birth is increased by 60."""
        return self.number[6:8] > "60"

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of assurance that the person can sign in with."""
        return EIDAS if self.prid else NATIONAL

    @property
    def given_name(self) -> str:
        """The first part of the name."""
        return self.name.partition(" ")[0]

    @property
    def family_name(self) -> str:
        """The parts of the name after the first."""
        return self.name.partition(" ")[2]

    @property
    def birthdate(self) -> str:
        """The date of birth as YYYY-MM-DD (OpenID Connect Core 1.0, 5.1)."""
        day = int(self.number[6:8] or 0) - 60 * self.has_coordination_number
        return self.born or f"{self.number[:4]}-{self.number[4:6]}-{day:02}"

    @property
    def written_number(self) -> str:
        """The number with a hyphen, or the prid."""
        return self.prid or f"{self.number[:8]}-{self.number[8:]}"


def load_people(path: Path = PEOPLE) -> tuple[Person, ...]:
    """Read the people of a file, the unusual ones last. Raises ValueError for an invalid person."""
    read = tomllib.loads(path.read_text("utf-8"))
    unusual = [Person(**row, role="citizen", unusual=True) for row in read.get("unusual", [])]
    return require_unique([*(Person(**row) for row in read["people"]), *unusual])


def require_unique(people: Iterable[Person]) -> tuple[Person, ...]:
    """Return the people as a tuple. Raises ValueError if two of them share a key or a number."""
    people = tuple(people)
    keys = {person.key for person in people}
    identifiers = {person.identifier for person in people}
    if min(len(keys), len(identifiers)) < len(people):
        raise ValueError("two test people share a key or a number")
    return people
