"""Readiness: the database, its migrations and the outbox."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.db import session
from portal.notifications.delivery import overdue_count
from portal.operations import migrations


def problems() -> list[str]:
    """The names of the failing parts: "database", "migrations" or "outbox"."""
    try:
        session().execute(text("SELECT 1"))
        if not migrations.is_current():
            # The outbox may not even have its table yet.
            return ["migrations"]
        return ["outbox"] if overdue_count() else []
    except SQLAlchemyError:
        return ["database"]
