"""The kept counts of the statistics beside what is counted from the cases themselves."""

from portal import clock, db
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.statistics.kept import kept_tallies, period_start
from portal.statistics.records import promise_records
from portal.statistics.tallies import KindMonth, Month, Tallies

Counts = dict[KindMonth, Month]


def from_cases() -> Counts:
    """The counts of every promise, counted now."""
    db.close_read_session()
    today = clock.today()
    tallies = Tallies(today, organisation.closed_days())
    tallies.count(promise_records(System(), period_start(today)))
    return tallies.as_of(today)


def kept() -> Counts | None:
    """The counts that a page would show; None if it had to count from the cases."""
    db.close_read_session()
    today = clock.today()
    tallies = kept_tallies(today)
    return tallies.as_of(today, period_start(today)) if tallies else None
