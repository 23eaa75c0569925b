"""Migration 0021: what an older portal stored of sessions and people to the second is kept to the hour."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import clock, config, db
from portal.db import UtcDateTime
from portal.operations import migrations
from tests import postgres
from tests.conftest import settings

# As it is at that revision, whatever a later one adds.
PERSON = sa.table(
    "person",
    sa.column("name", sa.Text()),
    sa.column("protected", sa.Boolean()),
    sa.column("created_at", UtcDateTime()),
)
PRECISE = dt.datetime(2026, 5, 4, 9, 20, 31, 75_000, tzinfo=dt.UTC)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_time_to_the_second_is_rounded(kind: str, tmp_path: Path, worker_id: str) -> None:
    url = f"sqlite:///{tmp_path}/kontakt.db"
    if kind == "postgresql":
        url = postgres.fresh_database(f"kontakt_hours_{worker_id}")
    config.use(settings(url))
    db.bind(url)
    migrations.upgrade("0014")
    with db.engine().begin() as connection:
        connection.execute(sa.insert(PERSON).values(name="Maria", protected=False, created_at=PRECISE))
    migrations.upgrade()
    with db.engine().connect() as connection:
        assert connection.scalar(sa.select(PERSON.c.created_at)) == clock.to_hour(PRECISE)
    db.engine().dispose()
