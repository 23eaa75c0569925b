"""The event of an applied profile, for the security log."""

from dataclasses import dataclass

from portal.events import SecurityEvent


@dataclass(frozen=True, kw_only=True)
class ProfileApplied(SecurityEvent):
    """A profile was applied: its version, and how many parts it opened, changed and closed."""

    version: int
    changes: int
