"""Mark the cases whose promises have changed, in the transaction of the change.

A mapper event and not the events of a case, so that it sees every change of a row.
"""

from typing import Any

from sqlalchemy import Connection, event, insert, inspect

from portal.cases.models import Case, PastClock
from portal.statistics.models import StatisticsPending

# What the statistics read of a case.
READ = (
    "kind",
    "close_reason",
    "clock_started_on",
    "due_answer",
    "answered_at",
    "due_contact",
    "contacted_at",
    "extended_to",
    "paused_on",
)
_mark = insert(StatisticsPending.__table__)  # type: ignore[arg-type]


@event.listens_for(Case, "after_insert")
@event.listens_for(Case, "after_delete")
def _changed(_mapper: Any, connection: Connection, case: Case) -> None:
    connection.execute(_mark, {"case_id": case.id})


@event.listens_for(Case, "after_update")
def _updated(_mapper: Any, connection: Connection, case: Case) -> None:
    attributes = inspect(case).attrs
    if any(attributes[name].history.has_changes() for name in READ):
        connection.execute(_mark, {"case_id": case.id})


@event.listens_for(PastClock, "after_insert")
@event.listens_for(PastClock, "after_delete")
def _past_changed(_mapper: Any, connection: Connection, past: PastClock) -> None:
    connection.execute(_mark, {"case_id": past.case_id})
