"""What a worker had begun to send when the database was migrated to the worker that notes the beginning."""

import pytest
import sqlalchemy as sa

from portal import crypto, db
from portal.cases.enums import TaskKind
from portal.cases.models import Task
from portal.notifications.delivery import settlement
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium
from portal.operations import migrations
from tests.integration.test_migrated_dates import COMMON, NO_DAYS, units
from tests.integration.test_migrations import NOW, insert, nothing

__all__ = ["nothing"]
MESSAGES = {1: ("sms", "sending"), 2: ("sms", "queued"), 3: ("email", "sending")}


@pytest.fixture
def earlier(nothing: None) -> None:
    """A database whose worker was stopped in the middle of its messages."""
    migrations.upgrade("0040")
    with db.engine().begin() as writer:
        units(writer)
        for number, (medium, state) in MESSAGES.items():
            insert(writer, "case", **COMMON | {"promise": NO_DAYS}, id=number, number=number)
            texts = {"recipient": crypto.encrypt("+46701740605"), "text": crypto.encrypt("Nytt")}
            fixed = {"name": "answered", "language": "sv", "message_id": f"<{number}@kommun.exempel>"}
            times = {"tries": 0, "created_at": NOW, "next_try_at": NOW}
            ids = {"id": number, "case_id": number}
            insert(writer, "outbox", **ids, medium=medium, state=state, **texts, **fixed, **times)
    migrations.upgrade()


def test_a_text_message_that_was_begun_before_is_left_to_a_person_and_not_sent_again(earlier: None) -> None:
    begun = dict(db.session().execute(sa.select(OutboxMessage.id, OutboxMessage.begun_at)).all())
    assert begun == {1: NOW, 2: None, 3: None}
    for medium in Medium:
        settlement.settle_lost(medium)
    found = dict(db.session().execute(sa.select(OutboxMessage.id, OutboxMessage.state)).all())
    assert found == {1: State.UNCERTAIN, 2: State.QUEUED, 3: State.QUEUED}
    tasks = db.session().execute(sa.select(Task.case_id, Task.kind)).all()
    assert [tuple(row) for row in tasks] == [(1, TaskKind.UNCERTAIN)]
