"""Whether the files of a form are those of a message already: a second click sends them a second time."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from portal.cases.models import Case, Message
from portal.db import session
from portal.files import uploads
from portal.files.models import StoredFile


def are_of_latest(case: Case, handles: Sequence[str]) -> bool:
    """Whether the uploads have the contents of the files of the latest message of the case."""
    return _are_of(func.max(Message.id), case.id, handles)


def are_of_first(case_id: int, handles: Sequence[str]) -> bool:
    """The same of its first message."""
    return _are_of(func.min(Message.id), case_id, handles)


def _are_of(which: ColumnElement[int], case_id: int, handles: Sequence[str]) -> bool:
    posted = [row for _handle, row in uploads.staged_rows(handles)]
    # A handle that is gone was attached by the first click.
    if not posted:
        return True
    message = select(which).where(Message.case_id == case_id).scalar_subquery()
    stored = session().scalars(select(StoredFile).where(StoredFile.message_id == message))
    return not _contents(posted) - _contents(stored.all())


def _contents(files: Sequence[StoredFile]) -> Counter[str]:
    """The digests of what is shown: what arrived may have been kept without its traces."""
    return Counter(file.shown.digest for file in files)
