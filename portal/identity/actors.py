"""Who is asking: exactly one of four, never a person alone, so that one human's two hats never mix."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a membership lets a member of staff do (roll)."""

    OFFICER = "officer"
    HEAD_OF_UNIT = "head_of_unit"
    HEAD_OF_ADMINISTRATION = "head_of_administration"
    REGISTRAR = "registrar"
    RECORDS_OFFICER = "records_officer"
    ANALYST = "analyst"
    PROCESS_OWNER = "process_owner"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Citizen:
    """A signed-in person. For whom they say that they write opens nothing: see Representation."""

    person: int


@dataclass(frozen=True)
class Staff:
    """A member of staff wearing one membership; no membership means no role and no reach."""

    person: int
    membership: int | None = None
    role: Role | None = None
    unit: int | None = None
    board: int | None = None
    administration: int | None = None


@dataclass(frozen=True)
class CodeHolder:
    """Somebody who has shown the code of one case; who they are is not known."""

    case: int


@dataclass(frozen=True)
class System:
    """The portal itself: the worker, a command."""


Actor = Citizen | Staff | CodeHolder | System
