"""The records of a period that an actor may see: those that are alike as one, with how many there are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from portal.cases.lifecycle import CloseReason, Status
from portal.cases.visibility import kind_of, scope_values
from portal.db import session
from portal.identity.actors import Actor
from portal.statistics.figures import statement
from portal.statistics.figures.selection import Question
from portal.statistics.figures.statement import PARTS, READ, Row
from portal.statistics.figures.sums import Fate, FirstContact, Outcome, Policies, PromiseRecord, Record

ROWS = 2000


class TooManyCases(Exception):
    """The period has more cases than are counted."""


class Counted(NamedTuple):
    """A record of a group, and how many there are like it."""

    group: tuple[Any, ...]
    record: Record
    number: int


def counted_records(actor: Actor, question: Question) -> Iterator[Counted]:
    """The records of the cases that the actor may see. One statement. Raises TooManyCases."""
    groups = len(question.by) + 1
    places = {name: number for number, name in enumerate(READ, groups)}
    read = {row: itemgetter(*map(places.__getitem__, part.columns)) for row, part in PARTS.items()}
    for row in _rows(actor, question):
        if row[0] == Row.TALLY:
            _require_few(row[-1], question.max_cases)
        else:
            record = RECORDS[row[0]](*read[row[0]](row))
            yield Counted(question.group(tuple(row[1:groups])), record, row[-1])


def _rows(actor: Actor, question: Question) -> Iterable[Sequence[Any]]:
    query = statement.of(kind_of(actor), question.shape())
    values = question.values() | scope_values(actor)
    if question.max_cases is not None:
        return session().execute(query, values).all()
    # A month of a large municipality has many: not all of them in memory at once.
    return session().execute(query.execution_options(yield_per=ROWS), values)


def _require_few(number: int, max_cases: int | None) -> None:
    if max_cases is not None and number > max_cases:
        raise TooManyCases


def _outcome(status: str, reason: str | None, merged: bool, *rest: Any) -> Outcome:
    answered, again, passed, paused, extended, summer, part, reopened, arrived, solved, closed_late = rest
    # Not asked of a case before it is answered.
    at_first_contact = solved if answered or again else None
    state = paused, extended, summer
    own = fate(status, reason, merged)
    return Outcome(own, part, reopened, arrived, answered, at_first_contact, passed, closed_late, *state)


def _first_contact(status: str, reason: str | None, merged: bool, *rest: Any) -> FirstContact:
    return FirstContact(fate(status, reason, merged), *rest)


def _promise(answered: date | None, again: bool, *rest: Any) -> PromiseRecord:
    return PromiseRecord(not again, answered, *rest)


RECORDS: Mapping[int, Callable[..., Record]] = {
    Row.OUTCOME: _outcome,
    Row.FIRST_CONTACT: _first_contact,
    Row.PROMISE: _promise,
    Row.POLICIES: Policies,
}


@cache
def fate(status: str, reason: str | None, merged: bool) -> Fate:
    """What has become of a case. One that waits for, or got, the answer of another is its duplicate."""
    if reason is not None and reason != CloseReason.ANSWERED:
        return Fate(reason)
    if merged:
        return Fate.DUPLICATE
    return Fate.ANSWERED if status in (Status.ANSWERED, Status.CLOSED) else Fate.OPEN
