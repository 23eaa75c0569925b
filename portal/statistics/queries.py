"""The public statistics of what an actor may see."""

import json
from datetime import date
from functools import lru_cache

from portal import clock
from portal.cases.access import is_system, scope
from portal.identity.actors import Actor
from portal.organisation import queries as organisation
from portal.statistics.kept import kept_tallies, kept_text, period_start
from portal.statistics.records import promise_records
from portal.statistics.rules import Statistics, summarise_months
from portal.statistics.tallies import Tallies


def statistics(actor: Actor) -> Statistics:
    """The statistics of the last twelve full months and the current one."""
    today = clock.today()
    first = period_start(today)
    # The kept counts are of all cases.
    of_all = is_system(scope(actor))
    if of_all and (text := kept_text(today)):
        return _of_kept(text, tuple(organisation.closed_days().items()), today, first)
    tallies = kept_tallies(today) if of_all else None
    if tallies is None:
        tallies = Tallies(today, organisation.closed_days())
        tallies.count(promise_records(actor, first))
    return summarise_months(tallies.as_of(today, first), today)


# By the counts themselves: as long as these are the same, what they say is too.
@lru_cache(maxsize=4)
def _of_kept(text: str, closed: tuple[tuple[date, str], ...], today: date, first: date) -> Statistics:
    tallies = Tallies.load(json.loads(text), dict(closed))
    return summarise_months(tallies.as_of(today, first), today)
