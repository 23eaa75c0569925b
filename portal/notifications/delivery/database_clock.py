"""The database's clock, by which messages are due and leases expire: workers may run on several machines."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal import clock, db

# Not now(), which is when the transaction began.
_CLOCK = sa.select(sa.func.clock_timestamp(type_=db.UtcDateTime()))

_offset = timedelta(0)


def now() -> datetime:
    """The time by the database's clock, as it was measured last."""
    return clock.now() + _offset


def synchronise() -> None:
    """Measure how far the clock of this process is from the database's."""
    global _offset
    _offset = measured_offset()


def measured_offset() -> timedelta:
    """The database's time less that of this process; none for SQLite, which is on the same machine."""
    if db.engine().dialect.name != "postgresql":
        return timedelta(0)
    before = clock.now()
    read: datetime = db.session().scalars(_CLOCK).one()
    # The answer was made somewhere between the question and its arrival.
    return read - (before + (clock.now() - before) / 2)
