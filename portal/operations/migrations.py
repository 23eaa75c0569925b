"""Alembic, called from the commands and the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import structlog
from alembic import command
from alembic.config import Config

from portal import db
from portal.cases.answers import profile_templates
from portal.cases.authority import reorganisation
from portal.cases.search import index as search_index
from portal.events import publish
from portal.operations import schema_version
from portal.organisation import commands as organisation_commands
from portal.organisation import queries as organisation
from portal.organisation.events import ProfileApplied

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def _config() -> Config:
    # Without alembic.ini: the connection comes from db.py, so there is one place for the URL.
    config = Config()
    config.set_main_option("script_location", str(schema_version.FOLDER))
    return config


def upgrade(revision: str = "head") -> None:
    """Migrate the database to a revision."""
    config = _config()
    with db.engine().connect() as connection, _foreign_keys_off(connection), connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        _require_references(connection)


@contextmanager
def _foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a column by copying its table; dropping the old one must not touch references to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # The pragma does nothing inside a transaction, and SQLAlchemy begins one with its first statement.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _require_references(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a migration left a reference to a row that does not exist")


def prepare() -> organisation_commands.Applied | None:
    """Migrate, apply the profile and index cases that are missing in the search index.

    Returns what applying the profile changed; None if it was applied already.
    """
    upgrade()
    applied = apply_profile()
    search_index.fill()
    return applied


def apply_profile() -> organisation_commands.Applied | None:
    """Apply the profile, install its answer templates and move open cases with units, in one transaction."""
    with db.transaction():
        applied = organisation_commands.apply(organisation.profile())
        if applied:
            profile_templates.install(organisation.profile())
            moved = reorganisation.follow_units()
            publish(ProfileApplied(version=applied.version.id, changes=len(applied.changes)))
            log.info("profile.applied", version=applied.version.id, changes=len(applied.changes), cases=moved)
        return applied


def create_revision(message: str) -> None:
    """Write a new migration file with the differences between the models and the database."""
    config = _config()
    with db.engine().begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def metadata() -> sa.MetaData:
    """The metadata of all tables."""
    # Importing a module of models registers its tables.
    import portal.audit.models
    import portal.board_reports.models
    import portal.budgets.models
    import portal.cases.answers.models
    import portal.cases.authority.models
    import portal.cases.desk.models
    import portal.cases.improvements.models
    import portal.cases.intake.models
    import portal.cases.models
    import portal.cases.queue.saved_filters
    import portal.cases.search.models
    import portal.files.models
    import portal.jobs.models
    import portal.notifications.inbound.models
    import portal.notifications.models
    import portal.routines.models
    import portal.statistics.models
    import portal.surveys.models  # noqa: F401

    return db.Base.metadata


def is_unmapped(name: str | None) -> bool:
    """Whether a table or index is created by a migration and has no model."""
    # The full-text index: an FTS5 table on SQLite, a GIN index on PostgreSQL. Autogenerate would drop it.
    return bool(name and name.startswith("search_fts"))
