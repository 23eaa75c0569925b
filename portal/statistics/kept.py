"""Kept counts of all promises, so that the statistics cost as little with a million cases as with ten.

The worker keeps the counts, and beside them the promises that they were made of. A change of a case marks it
in its own transaction (portal/statistics/pending.py). What a page shows is the kept counts, without what was
counted of the marked cases and with what these are now: the same as counting from the cases, at any moment.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from typing import cast as typed

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    insert,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from portal import clock
from portal.cases.models import Case
from portal.db import advisory_lock, once_per_read, session, transaction
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.statistics.models import CountedPromise, KeptCounts, StatisticsPending
from portal.statistics.records import COLUMNS, counted_promises, current_promises, earlier_promises, records
from portal.statistics.tallies import Tallies

# Cases that are counted in one transaction.
BATCH = 500
# With more marked cases than this no worker is running, and counting from the cases is as quick.
MAX_PENDING = 5000
# To be raised when the same promises are counted in another way.
FORMAT = 2
TABLE = typed(Table, CountedPromise.__table__)
LOCK = hashlib.sha256(b"statistics").digest()
CASES: BindParameter[Any] = bindparam("cases", expanding=True)
_pending = select(StatisticsPending.case_id).order_by(StatisticsPending.id).limit(MAX_PENDING + 1)
_kept = select(KeptCounts.made_on, KeptCounts.basis, KeptCounts.counts)
_kept_text = select(KeptCounts.made_on, KeptCounts.basis, cast(KeptCounts.counts, Text))


def period_start(today: date) -> date:
    """The first day of the twelve full months before the current one."""
    return date(today.year - 1, today.month, 1)


@once_per_read
def pending_cases() -> frozenset[int]:
    """The cases that have changed since they were counted, at most MAX_PENDING + 1."""
    return frozenset(session().scalars(_pending))


def kept_text(today: date) -> str | None:
    """The kept counts as they are stored, if no case has changed since; else None."""
    row = None if pending_cases() else session().execute(_kept_text).first()
    if row is None or not _is_valid(row, today):
        return None
    text: str = row[2]
    return text


def _is_valid(row: Any, today: date) -> bool:
    return bool(row.basis == basis() and row.made_on <= today)


def kept_tallies(today: date) -> Tallies | None:
    """The counts of all promises of the period; None if they have to be counted from the cases."""
    pending = pending_cases()
    if len(pending) > MAX_PENDING:
        return None
    # In one statement, so that the worker cannot count a case between the counts and the correction.
    query = _corrected() if pending else _kept
    [*rows] = session().execute(query, {"first": period_start(today), "cases": sorted(pending)})
    return _tallies(rows, today)


def _tallies(rows: Sequence[Any], today: date) -> Tallies | None:
    kept = [row for row in rows if row.counts is not None]
    if not kept or not _is_valid(kept[0], today):
        return None
    tallies = Tallies.load(kept[0].counts, organisation.closed_days())
    for sign in (1, -1):
        of_sign = [row for row in rows if row.counts is None and row.sign == sign]
        tallies.count(records(of_sign), sign)
    return tallies


@cache
def _corrected() -> CompoundSelect[Any]:
    """The kept counts, and the promises of the marked cases as they are (1) and as they were counted (-1)."""
    nothing = [type_coerce(null(), TABLE.c[name].type).label(name) for name in COLUMNS]
    counts = (KeptCounts.counts, KeptCounts.made_on, KeptCounts.basis)
    no_counts = (null(), null(), null())
    counted = counted_promises().where(CountedPromise.case_id.in_(CASES))
    return union_all(
        select(*nothing, literal(0).label("sign"), *counts),
        *[query.add_columns(literal(1), *no_counts) for query in _current_of_marked()],
        counted.add_columns(literal(-1), *no_counts),
    )


def _current_of_marked() -> tuple[Select[Any], Select[Any]]:
    marked = Case.id.in_(CASES)
    return current_promises(System()).where(marked), earlier_promises(System()).where(marked)


def basis() -> str:
    """A fingerprint of what the counts depend on besides the cases."""
    own = organisation.closed_days()
    content = f"{FORMAT} {sorted(day.isoformat() for day in own)}"
    return hashlib.sha256(content.encode()).hexdigest()


def keep_counts() -> int:
    """Count the marked cases, at most BATCH, and all once a day; returns their number. For the worker."""
    with transaction():
        # Two workers would both count the same cases.
        advisory_lock(LOCK)
        kept = session().get(KeptCounts, 1)
        if kept and kept.made_on == clock.today() and kept.basis == basis():
            return _count_marked(kept)
        # All, so that rows that were changed past the portal are right again the next day.
        return _count_all(kept or KeptCounts(id=1))


def _count_marked(kept: KeptCounts) -> int:
    marked = _take_marked(BATCH)
    if not marked:
        return 0
    values = {"first": period_start(kept.made_on), "cases": sorted(marked)}
    tallies = Tallies.load(kept.counts, organisation.closed_days())
    of_marked = CountedPromise.case_id.in_(marked)
    tallies.count(records(session().execute(counted_promises().where(of_marked), values)), -1)
    session().execute(delete(CountedPromise).where(of_marked))
    for query in _current_of_marked():
        rows = session().execute(query, values).all()
        tallies.count(records(rows))
        if rows:
            session().execute(insert(TABLE), [dict(zip(COLUMNS, row, strict=True)) for row in rows])
    kept.counts = tallies.dump()
    return len(marked)


def _take_marked(limit: int) -> set[int]:
    first = select(StatisticsPending.id).order_by(StatisticsPending.id).limit(limit)
    taken = delete(StatisticsPending).where(StatisticsPending.id.in_(first))
    return set(session().scalars(taken.returning(StatisticsPending.case_id)))


def _count_all(kept: KeptCounts) -> int:
    today = clock.today()
    first = {"first": period_start(today)}
    # The marks first: a change that is committed after this is still marked.
    session().execute(delete(StatisticsPending))
    session().execute(delete(CountedPromise))
    for query in (current_promises(System()), earlier_promises(System())):
        session().execute(insert(TABLE).from_select(COLUMNS, query), first)
    tallies = Tallies(today, organisation.closed_days())
    rows = session().execute(counted_promises(), first).all()
    tallies.count(records(rows))
    kept.made_on = today
    kept.basis = basis()
    kept.counts = tallies.dump()
    session().add(kept)
    return len(rows)
