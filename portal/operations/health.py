"""What is not in order: the database, its migrations, the outbox."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.db import session
from portal.notifications.delivery import waiting_too_long
from portal.operations import migrations


def problems() -> list[str]:
    """A word for each part that is not in order; empty when all is well."""
    try:
        session().execute(text("SELECT 1"))
        if not migrations.is_current():
            return ["migrations"]
        return ["outbox"] if waiting_too_long() else []
    except SQLAlchemyError:
        return ["database"]
