"""Run the jobs that are due, each by one worker at a time, and keep how their runs ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import bindparam, or_, select, text, update

from portal import clock
from portal.database.errors import DatabaseUnavailable
from portal.db import UtcDateTime, close_read_session, session, transaction
from portal.jobs.models import Job, Result
from portal.jobs.rules import Daily, Schedule, is_overdue, retry_at

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# After this a worker that has not finished a job is taken to be gone, and another one runs it again.
LEASE = timedelta(minutes=10)
# A worker that runs is never so late, whatever else it does.
LATE = timedelta(minutes=15)
# Two workers that start at once both add the rows.
_ADD = text(
    "INSERT INTO job (name, next_due_at) VALUES (:name, :due) ON CONFLICT (name) DO NOTHING"
).bindparams(bindparam("due", type_=UtcDateTime))


@dataclass(frozen=True)
class JobSpec:
    """A job: its schedule, and the function that does it and returns how much it did.

    It may run again from the start, and beside another run whose lease has expired.
    """

    name: str
    schedule: Schedule
    run: Callable[[], int]


def run_due(specs: Sequence[JobSpec]) -> int:
    """Run each job that is due and that no other worker is running; returns how much they did."""
    due = _due(specs)
    done = 0
    for spec in specs:
        job = _claim(spec.name) if spec.name in due else None
        if job:
            done += _run(spec, job)
    return done


def _due(specs: Sequence[JobSpec]) -> set[str]:
    """The names of the jobs that are due and free. New jobs get their rows."""
    rows = _rows()
    missing = [spec for spec in specs if spec.name not in rows]
    if missing:
        _add(missing)
        rows = _rows()
    return {name for name, job in rows.items() if _is_free(job, clock.now())}


def _rows() -> dict[str, Job]:
    # A look each second must neither wait for the write lock of SQLite nor see an older snapshot.
    close_read_session()
    rows = {job.name: job for job in session().scalars(select(Job))}
    close_read_session()
    return rows


def _is_free(job: Job, now: datetime) -> bool:
    return job.next_due_at <= now and (job.lease_until is None or job.lease_until <= now)


def _add(specs: Sequence[JobSpec]) -> None:
    now = clock.now()
    with transaction():
        for spec in specs:
            session().execute(_ADD, {"name": spec.name, "due": spec.schedule.first(now)})


def _claim(name: str) -> Job | None:
    """Take the lease of a job; None if another worker has taken it or run the job in the meantime."""
    now = clock.now()
    is_free = or_(Job.lease_until.is_(None), Job.lease_until <= now)
    claim = update(Job).where(Job.name == name, Job.next_due_at <= now, is_free)
    claim = claim.values(lease_until=now + LEASE, started_at=now).returning(Job)
    with transaction():
        return session().scalar(claim.execution_options(synchronize_session=False))


def _run(spec: JobSpec, job: Job) -> int:
    began = monotonic()
    try:
        count = spec.run()
    # The worker waits for the database; the job is due again when the lease has expired.
    except DatabaseUnavailable:
        raise
    # One job that fails must stop no other.
    except Exception as error:
        _fail(spec, job, type(error).__name__)
        return 0
    _finish(job, spec.schedule.after(clock.now()), Result.DONE, count)
    milliseconds = round((monotonic() - began) * 1000)
    # A job that looks every minute and has nothing to do would fill the log.
    if count or isinstance(spec.schedule, Daily):
        log.info("job.finished", job=spec.name, count=count, milliseconds=milliseconds)
    else:
        log.debug("job.finished", job=spec.name, count=count, milliseconds=milliseconds)
    return count


def _fail(spec: JobSpec, job: Job, reason: str) -> None:
    # Once, not at every new attempt: `check` names the job until it has succeeded.
    if job.problem != reason:
        log.exception("job.failed", job=spec.name, reason=reason)
    _finish(job, retry_at(spec.schedule, clock.now()), Result.FAILED, reason=reason)


def _finish(
    job: Job, next_due: datetime, result: Result, count: int | None = None, reason: str | None = None
) -> None:
    """Give the lease back, unless it has expired and another worker has the job now."""
    own = update(Job).where(Job.name == job.name, Job.started_at == job.started_at)
    values = {"result": result, "count": count, "problem": reason, "finished_at": clock.now()}
    with transaction():
        session().execute(own.values(next_due_at=next_due, lease_until=None, **values))


def problems(specs: Sequence[JobSpec]) -> list[str]:
    """The jobs whose last run failed, and those that should have run by now, in words."""
    now = clock.now()
    rows = {job.name: job for job in session().scalars(select(Job))}
    lines = []
    for spec in specs:
        job = rows.get(spec.name)
        # No row: no worker has run yet.
        if job and job.result is Result.FAILED:
            lines.append(f"{job.name} failed ({job.problem})")
        elif job and is_overdue(job.next_due_at, job.lease_until, now, LATE):
            lines.append(f"{job.name} is overdue")
    return lines
