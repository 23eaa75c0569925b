"""Stored words in English: kinds, a close reason, and names of events in the trail.

Each entry of a trail is sealed together with its event and the seal before it. A new name of an event
therefore changes its seal and every later one of its case. They are computed again, but only where the old
seal fits: an entry that somebody has changed keeps its seal, and still shows as changed.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = {
    "fraga": "question",
    "klagomal": "complaint",
    "berom": "praise",
    "forslag": "suggestion",
    "felanmalan": "fault_report",
}
CLOSE_REASONS = {"moved": "transferred"}
EVENTS = {
    "CaseMoved": "CaseTransferred",
    "SupplementAsked": "SupplementRequested",
    "SupplementGiven": "SupplementReceived",
    "SupplementGivenUp": "SupplementWaived",
    "CodeLinkAsked": "CodeLinkRequested",
}
FIRST_SEAL = b"\0" * 32
TRAIL = sa.table(
    "trail",
    sa.column("id", sa.Integer()),
    sa.column("case_id", sa.Integer()),
    sa.column("sequence", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("event", sa.Text()),
    sa.column("actor_kind", sa.Text()),
    sa.column("actor_id", sa.Integer()),
    sa.column("details", sa.JSON()),
    sa.column("seal", sa.LargeBinary()),
)


def upgrade() -> None:
    """Forward."""
    _rename("case", "kind", KINDS)
    _rename("answer_template", "kind", KINDS)
    _rename("case", "close_reason", CLOSE_REASONS)
    renamed = sa.select(TRAIL.c.case_id).where(TRAIL.c.event.in_(EVENTS)).distinct()
    for case_id in op.get_bind().scalars(renamed).all():
        _rename_events(case_id)


def _rename(table: str, column: str, words: Mapping[str, str]) -> None:
    target = sa.table(table, sa.column(column, sa.Text()))
    for old, new in words.items():
        op.execute(target.update().where(target.c[column] == old).values({column: new}))


def _rename_events(case_id: int) -> None:
    rows = op.get_bind().execute(
        sa.select(TRAIL).where(TRAIL.c.case_id == case_id).order_by(TRAIL.c.sequence)
    )
    old_before = new_before = FIRST_SEAL
    for row in rows.mappings().all():
        event = EVENTS.get(row["event"], row["event"])
        intact = row["seal"] == _seal(old_before, row, row["event"])
        seal = _seal(new_before, row, event) if intact else row["seal"]
        op.execute(TRAIL.update().where(TRAIL.c.id == row["id"]).values(event=event, seal=seal))
        old_before = row["seal"]
        new_before = seal


def _seal(before: bytes, row: Mapping[str, Any], event: str) -> bytes:
    """As `seal` in portal/audit/trail.py when this was written: a migration does not change with the code."""
    # SQLite gives the time back without its zone, which is UTC; PostgreSQL in the zone of the connection.
    at = row["at"].astimezone(UTC) if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
    fields = [row["case_id"], row["sequence"], at.isoformat(), event, row["actor_kind"], row["actor_id"]]
    return hashlib.sha256(before + json.dumps([*fields, row["details"]], sort_keys=True).encode()).digest()
