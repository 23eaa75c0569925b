"""Events of keys, for the security log. No key and no value of one."""

from dataclasses import dataclass
from enum import StrEnum

from portal.events import SecurityEvent


class KeyChange(StrEnum):
    """What happened to one of our own keys at the providers."""

    ADDED = "added"
    USED = "used"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True)
class KeysRotated(SecurityEvent):
    """Stored values were moved to the newest keys: how many rows of how many."""

    changed: int
    seen: int


@dataclass(frozen=True, kw_only=True)
class ClientKeyChanged(SecurityEvent):
    """One of our own keys at the providers (private_key_jwt) was changed."""

    change: KeyChange
