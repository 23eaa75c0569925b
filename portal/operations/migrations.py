"""Alembic, called from the commands, from readiness and from the tests."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal import db
from portal.cases.answers import profile_templates
from portal.cases.search import index as search_index
from portal.organisation import commands as organising
from portal.organisation import queries as organisation

FOLDER = Path(__file__).parents[2] / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def upgrade(revision: str = "head") -> None:
    """Bring the database forward."""
    config = _config()
    with db.engine().begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def prepare() -> organising.Applied | None:
    """Bring the database forward and apply the profile; tells what the profile changed, None if nothing.

    What came in before there was an index of words goes into it.
    """
    upgrade()
    applied = apply_profile()
    search_index.fill()
    return applied


def apply_profile() -> organising.Applied | None:
    """Apply the profile alone, and put its answer templates in."""
    with db.transaction():
        applied = organising.apply(organisation.profile())
        if applied:
            profile_templates.install(organisation.profile())
        return applied


def make(message: str) -> None:
    """Write a new migration from what the models say and the database lacks."""
    config = _config()
    with db.engine().begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def is_current() -> bool:
    """Whether the database stands at the newest migration."""
    here = MigrationContext.configure(db.session().connection()).get_current_heads()
    return set(here) == set(ScriptDirectory.from_config(_config()).get_heads())


def tables() -> sa.MetaData:
    """Every table of every room."""
    import portal.audit.models
    import portal.cases.answers.models
    import portal.cases.measures.models
    import portal.cases.models
    import portal.cases.queue.saved_filters
    import portal.notifications.models  # noqa: F401

    return db.Base.metadata


def by_hand(name: str | None) -> bool:
    """Whether a table or an index is made by a migration alone: the models do not know it."""
    return bool(name and name.startswith("search_fts"))
