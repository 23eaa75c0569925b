"""Events of memberships, for the security log. Ids and codes only: no personal data."""

from dataclasses import dataclass

from portal.events import SecurityEvent
from portal.identity.actors import Role


@dataclass(frozen=True, kw_only=True)
class MembershipEvent(SecurityEvent):
    """A security event about a membership, by id, and its role."""

    membership: int
    role: Role


@dataclass(frozen=True, kw_only=True)
class MembershipAdded(MembershipEvent):
    """A person was given a role; the unit, board or administration by id, if it is limited to one."""

    unit: int | None = None
    board: int | None = None
    administration: int | None = None
    substitute_for: int | None = None


class MembershipEnded(MembershipEvent):
    """A membership was ended, an emergency access before its time included."""


class EmergencyOpened(MembershipEvent):
    """Emergency access was opened; the reason is in its own log."""


@dataclass(frozen=True, kw_only=True)
class AbsenceEvent(SecurityEvent):
    """A security event about an absence, by the ids of memberships; on which days is not logged."""

    membership: int
    substitute: int | None = None
    by: int | None = None


class AbsenceRegistered(AbsenceEvent):
    """An absence was registered, by its member or their head."""


class AbsenceRemoved(AbsenceEvent):
    """An absence was removed before it was over."""
