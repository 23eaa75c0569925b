"""When a job is due. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal import clock

# A daily job that failed is not left until the next day.
RETRY = timedelta(minutes=10)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Every:
    """A job that runs every so many seconds, counted from the end of the run before."""

    seconds: int

    def first(self, now: datetime) -> datetime:
        """When it is due for the first time."""
        return now

    def after(self, now: datetime) -> datetime:
        """When it is due again after a run that ends now."""
        return now + timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Daily:
    """A job that runs once a day from this hour on, by Stockholm's clock.

    A day that was missed is caught up by one run, however many were missed.
    """

    hour: int

    def first(self, now: datetime) -> datetime:
        """When it is due for the first time: not before the hour has come."""
        return self.after(now)

    def after(self, now: datetime) -> datetime:
        """The first time after now that the clock reads the hour."""
        today = clock.stockholm(now).date()
        due = self._on(today)
        # By the calendar and not by 24 hours: a day with a change of summer time has 23 or 25.
        return due if due > now else self._on(today + DAY)

    def _on(self, day: date) -> datetime:
        # An hour that the clock skips in spring is the hour after it; of one that it reads twice, the first.
        return clock.in_utc(datetime.combine(day, time(self.hour)))


Schedule = Every | Daily


def retry_at(schedule: Schedule, now: datetime) -> datetime:
    """When a job that has failed now is due again."""
    return min(schedule.after(now), now + RETRY)


def is_overdue(due: datetime, lease_until: datetime | None, now: datetime, late: timedelta) -> bool:
    """Whether a job should have run by now, and no worker is running it."""
    return due < now - late and (lease_until is None or lease_until <= now)
