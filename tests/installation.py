"""An installation with a profile of the test's own: its database is new, and its file may change."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from portal import create_app, db
from portal.operations import migrations
from portal.organisation import queries as organisation
from portal.organisation.loading import SHIPPED
from tests import migrated
from tests.conftest import settings

BURLOV = (SHIPPED / "burlov.toml").read_text(encoding="utf-8")


def without_the_unit(key: str) -> str:
    """Burlöv without a unit, its topics and its routines."""
    tables = BURLOV.split("\n[[")
    own = (f'key = "{key}"', f'responsible_unit = "{key}"', f'unit = "{key}"')
    return "\n[[".join(table for table in tables if not any(f"\n{mark}\n" in table for mark in own))


class Installation:
    """Its application, and the profile that it reads."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "own.toml"
        self.file.write_text(BURLOV, encoding="utf-8")
        (folder / "own.db").write_bytes(migrated.sqlite_file())
        self.settings = settings(f"sqlite:///{folder}/own.db", profile=str(self.file))
        self.app: Flask = create_app(self.settings)
        with self.app.app_context():
            migrations.prepare()

    def becomes(self, text: str) -> None:
        """The profile has changed and was applied."""
        self.file.write_text(text, encoding="utf-8")
        organisation._load_profile.cache_clear()
        migrations.prepare()
        db.close_read_session()


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """An installation for the time of a test, in its context."""
    organisation._load_profile.cache_clear()
    made = Installation(folder)
    with made.app.app_context():
        yield made
    organisation._load_profile.cache_clear()
    db.close_read_session()
    db.engine().dispose()
