"""Rules of handing a case over: whether it goes to another authority, on what ground, and what goes along."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.cases.enums import HandoverGround

# Secrecy in social services and the like: the general clause does not break it (OSL 10:27, second paragraph).
_CHAPTER_26 = re.compile(r"\b26\s*(:|kap)")


class Crossing(StrEnum):
    """Where a case goes: within its authority, to another, or to a unit that handles it by agreement."""

    WITHIN = "within"
    TO_AUTHORITY = "to_authority"
    BY_AGREEMENT = "by_agreement"


class GroundProblem(StrEnum):
    """Why a case cannot go to another authority on the ground that was chosen."""

    MISSING = "missing"
    UNDER_SECRECY = "under_secrecy"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Authority:
    """A board, or an independent branch of one (OSL 8:1-2)."""

    board: int
    branch: str = ""


@dataclass(frozen=True)
class Clause:
    """A provision that breaks secrecy, by its key in the profile."""

    key: str
    general: bool = False


@dataclass(frozen=True)
class Bounds:
    """What limits the grounds of a handover: who answers for the case, its secrecy, all its provisions."""

    secret: bool = False
    social_services: bool = False
    provisions: Collection[str] = ()

    @property
    def general_clause(self) -> bool:
        """Whether the general clause applies."""
        return not self.social_services and not any(map(_CHAPTER_26.search, self.provisions))


@dataclass(frozen=True)
class Ground:
    """The ground of a handover, and the key of the provision if that is one."""

    kind: HandoverGround
    provision: str | None = None


def crossing(responsible: Authority, destination: Authority, agreed: bool = False) -> Crossing:
    """What it means to hand a case over. `agreed`: its topic says that the destination handles it."""
    if agreed:
        return Crossing.BY_AGREEMENT
    return Crossing.WITHIN if responsible == destination else Crossing.TO_AUTHORITY


def offered(bounds: Bounds, clauses: Sequence[Clause]) -> list[Ground]:
    """The grounds that a case may go to another authority on."""
    open_case = [] if bounds.secret else [Ground(HandoverGround.NO_SECRECY)]
    grounds = [*open_case, Ground(HandoverGround.CONSENT)]
    for clause in clauses:
        if bounds.general_clause or not clause.general:
            grounds.append(Ground(HandoverGround.PROVISION, clause.key))
    return grounds


def missing(secret: bool) -> GroundProblem:
    """The problem of a case without a ground."""
    return GroundProblem.UNDER_SECRECY if secret else GroundProblem.MISSING


def problem(bounds: Bounds, clauses: Sequence[Clause], ground: Ground) -> GroundProblem | None:
    """The problem of a ground; None if the case may go on it."""
    if bounds.secret and ground.kind is HandoverGround.NO_SECRECY:
        return GroundProblem.UNDER_SECRECY
    return None if ground in offered(bounds, clauses) else GroundProblem.UNKNOWN


def goes_along(ground: HandoverGround, internal: bool, marked: bool) -> bool:
    """Whether a message goes along to the new authority.

    Internal notes are working papers and stay. One with a mark goes only with consent or by a provision.
    """
    if ground is HandoverGround.REORGANISED:
        return True
    return not internal and (not marked or ground is not HandoverGround.NO_SECRECY)
