"""The security log: memberships, keys and profiles, as rows that are only added and sealed in a chain."""

from collections.abc import Sequence
from dataclasses import fields
from enum import Enum
from typing import Any

from sqlalchemy import select

from portal import clock, crypto, hash_chain
from portal.audit.models import SecurityEntry
from portal.db import advisory_lock, session
from portal.events import SecurityEvent


def append_to_security_log(event: SecurityEvent) -> None:
    """Listener: add the event to the security log."""
    # One writer at a time: two rows that seal the same predecessor would break the chain.
    advisory_lock(crypto.fingerprint("security log", ""))
    last = session().scalars(select(SecurityEntry).order_by(SecurityEntry.id.desc()).limit(1)).first()
    entry = SecurityEntry(at=clock.now(), event=type(event).__name__, details=_details(event))
    entry.seal = _seal(last.seal if last else hash_chain.GENESIS_SEAL, entry)
    session().add(entry)
    session().flush()


def _details(event: SecurityEvent) -> dict[str, Any]:
    """Ids, numbers and codes of the event. A free text could hold personal data, so none goes in."""
    details = {}
    for field in fields(event):
        value = getattr(event, field.name)
        if isinstance(value, int | Enum):
            details[field.name] = value
    return details


def _seal(previous: bytes, entry: SecurityEntry) -> bytes:
    return hash_chain.seal(previous, [entry.at.isoformat(), entry.event, entry.details])


def entries() -> Sequence[SecurityEntry]:
    """Return the whole log, oldest first."""
    return session().scalars(select(SecurityEntry).order_by(SecurityEntry.id)).all()


def is_intact(rows: Sequence[SecurityEntry]) -> bool:
    """Whether every seal matches; False if a row was changed, or deleted before the last one."""
    return hash_chain.is_intact(rows, _seal)
