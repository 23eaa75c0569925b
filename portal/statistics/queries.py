"""The public statistics of what an actor may see."""

from portal import clock
from portal.cases.access import is_system, scope
from portal.identity.actors import Actor
from portal.organisation import queries as organisation
from portal.statistics.kept import kept_tallies, period_start
from portal.statistics.records import promise_records
from portal.statistics.rules import Statistics, summarise_months
from portal.statistics.tallies import Tallies


def statistics(actor: Actor) -> Statistics:
    """The statistics of the last twelve full months and the current one."""
    today = clock.today()
    first = period_start(today)
    # The kept counts are of all cases.
    tallies = kept_tallies(today) if is_system(scope(actor)) else None
    if tallies is None:
        tallies = Tallies(today, organisation.closed_days())
        tallies.count(promise_records(actor, first))
    return summarise_months(tallies.as_of(today, first), today)
