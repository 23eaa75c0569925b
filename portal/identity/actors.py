"""The actor of a query or a command: exactly one of Citizen, Staff, CodeHolder and System.

Never a bare person id: one human may be both citizen and staff, and each capacity has its own permissions.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The role (roll) of a membership; it decides permissions and scope."""

    OFFICER = "officer"
    HEAD_OF_UNIT = "head_of_unit"
    HEAD_OF_ADMINISTRATION = "head_of_administration"
    REGISTRAR = "registrar"
    RECORDS_OFFICER = "records_officer"
    ANALYST = "analyst"
    PROCESS_OWNER = "process_owner"
    # Elected to a board or the council: reads figures and what is public, and is not employed.
    ELECTED = "elected"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Citizen:
    """A signed-in person. Writing on behalf of another (Representation) gives no access."""

    person: int


@dataclass(frozen=True)
class Staff:
    """A member of staff acting under one membership; without one they have no role and no scope.

    `common_registry`: a records officer without a board keeps the registers of all boards.
    """

    person: int
    membership: int | None = None
    role: Role | None = None
    unit: int | None = None
    board: int | None = None
    administration: int | None = None
    common_registry: bool = False


@dataclass(frozen=True)
class CodeHolder:
    """The holder of the code of one case; otherwise unidentified."""

    case: int


@dataclass(frozen=True)
class System:
    """The portal itself: the worker or a CLI command."""


Actor = Citizen | Staff | CodeHolder | System
