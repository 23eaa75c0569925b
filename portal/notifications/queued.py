"""Tell the workers of a message that is queued, in the transaction that queues it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import object_session

from portal.config import settings
from portal.notifications.models import OutboxMessage, State

CHANNEL = "outbox"
_NOTIFY = sa.select(sa.func.pg_notify(CHANNEL, ""))


def notify_on_insert() -> None:
    """From now on, notify the listening workers of each transaction that queues a message."""
    if not sa.event.contains(OutboxMessage, "after_insert", _notify):
        sa.event.listen(OutboxMessage, "after_insert", _notify)


def _notify(_mapper: Any, connection: sa.Connection, row: OutboxMessage) -> None:
    # It is sent when the transaction is committed. Without a listener it would cost a statement.
    if row.state is not State.QUEUED or not settings().listen_url or connection.dialect.name != "postgresql":
        return
    session = object_session(row)
    if session is not None and not session.info.get("notified"):
        session.info["notified"] = True
        connection.execute(_NOTIFY)
