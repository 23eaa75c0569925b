"""Seals of the two sealed logs: rows that were sealed before stay valid."""

from datetime import UTC, datetime

from portal import hash_chain
from portal.audit import trail
from portal.audit.models import TrailEntry
from portal.identity import emergency_access
from portal.identity.actors import Role
from portal.identity.models import BreakGlass, EmergencyEvent

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
# Sealed by the first release.
TRAIL_SEAL = "bae86180f23164356067e19e159e1f243e628cace22ff9a23307ba81f80b6168"
EMERGENCY_SEAL = "5c73b50baf706c04eb3fe901e902cc2e2b40d99393e573dbb04dbc7e60b4fcc5"


def emergency_row() -> BreakGlass:
    """A row of the log of emergency access, sealed as the first one."""
    row = BreakGlass(at=AT, event=EmergencyEvent.OPENED, membership_id=4, role=Role.ADMINISTRATOR)
    row.reason = "Inloggningen är nere"
    row.until = AT.replace(hour=12)
    row.seal = bytes.fromhex(EMERGENCY_SEAL)
    return row


def test_an_old_seal_of_the_trail_stays_valid() -> None:
    entry = TrailEntry(case_id=7, sequence=2, at=AT, event="CaseClosed", actor_kind="staff", actor_id=3)
    # Not in the order of their names, which is how they are sealed.
    entry.details = {"reason": "answered", "message": 9}
    assert trail.seal(hash_chain.GENESIS_SEAL, entry).hex() == TRAIL_SEAL


def test_an_old_seal_of_an_emergency_access_stays_valid() -> None:
    row = emergency_row()
    assert emergency_access.is_intact([row])
    row.reason = "Annat"
    assert not emergency_access.is_intact([row])


def test_a_text_cannot_pass_for_the_end_of_another() -> None:
    assert hash_chain.seal(b"", ["a", "b"]) != hash_chain.seal(b"", ["a,b"])
