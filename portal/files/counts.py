"""How many files messages have, for lists that show no text."""

from collections.abc import Collection

from sqlalchemy import func, select

from portal.db import session
from portal.files.models import StoredFile


def files_of_messages(message_ids: Collection[int]) -> dict[int, int]:
    """The number of files of each message that has any. Only for messages that the reader sees in a list."""
    if not message_ids:
        return {}
    query = select(StoredFile.message_id, func.count()).where(StoredFile.message_id.in_(message_ids))
    rows = session().execute(query.group_by(StoredFile.message_id))
    return {message: count for message, count in rows if message is not None}
