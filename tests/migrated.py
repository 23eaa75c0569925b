"""Databases that every migration has run on, without a profile: made once in a worker, then copied."""

import tempfile
from functools import cache
from pathlib import Path

from portal import config, db
from portal.operations import migrations
from tests import postgres


@cache
def sqlite_file() -> bytes:
    """The content of such an SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kontakt.db"
        _migrate(f"sqlite:///{file}")
        return file.read_bytes()


def postgres_url(name: str, worker_id: str) -> str:
    """The URL of a new PostgreSQL database of this name."""
    return postgres.fresh_database(name, template=_postgres_template(worker_id))


@cache
def _postgres_template(worker_id: str) -> str:
    name = f"kontakt_test_migrated_{worker_id}"
    _migrate(postgres.fresh_database(name))
    return name


def _migrate(url: str) -> None:
    config.use(config.load(env="development", limits="off", database_url=url))
    db.bind(url)
    migrations.upgrade()
    db.engine().dispose()
