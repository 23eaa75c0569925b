"""The promises that the figures of an actor are made of, one by one."""

from datetime import date

from portal import clock
from portal.identity.actors import Actor
from portal.statistics.figures.records import counted_records
from portal.statistics.figures.selection import Question, Selection
from portal.statistics.figures.sums import PromiseRecord


def answer_promises(actor: Actor, first: date) -> list[PromiseRecord]:
    """Those that began from a day on."""
    promises = []
    for row in counted_records(actor, Question(Selection(first, clock.today()), (), clock.today())):
        if isinstance(row.record, PromiseRecord):
            promises += [row.record] * row.number
    return promises
