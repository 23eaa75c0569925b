"""flask demo-year: invented cases from January of last year on and what they led to, for development only.

It is made some cases at a time, while the portal can be used, and goes on where it was stopped.
"""

import tomllib
from pathlib import Path

import click
from sqlalchemy import delete, select

from portal import clock, db
from portal.cases.improvements.models import Improvement, ImprovementCase
from portal.cases.models import Case
from portal.cli import demo, demo_improvements
from portal.cli.year import board_reports, cases, crew
from portal.config import settings
from portal.crypto import fingerprint
from portal.db import session
from portal.notifications.models import OutboxMessage
from portal.statistics.models import CountedMonth
from portal.statistics.published.closed_months import count_next_month

STORY = Path(__file__).parent / "story.toml"
BATCH = 5
COUNTED = "months are counted already: start the year on an empty database"


@click.command(name="demo-year")
def demo_year() -> None:
    """Add invented cases from January of last year on, and count the closed months."""
    if not settings().development:
        raise click.ClickException("the demo is for development: its people sign in with test numbers")
    db.lift_time_limits()
    count = sum(map(_create_month, cases.months(clock.today()))) if _is_to_be_made() else 0
    with db.transaction():
        _lead_to_improvements()
    months = 0
    while count_next_month():
        months += 1
    with db.transaction():
        members = demo.members()
    board_reports.create(members)
    click.echo(f"A year: {count} cases, {months} months counted." if count else "The year is there already.")


def _is_to_be_made() -> bool:
    """Whether cases may be missing. Raises click.ClickException where they would be counted in no month."""
    with db.transaction():
        # A month is counted once: all that is registered afterwards would be in the next one.
        if session().scalar(select(CountedMonth.month).limit(1)) is None:
            return True
        if not _exists(cases.submission(cases.months(clock.today())[0], 0)):
            raise click.ClickException(COUNTED)
    return False


def _exists(submission: str) -> bool:
    mark = fingerprint("submission", submission)
    return session().scalar(select(Case.id).where(Case.submission == mark)) is not None


def _create_month(month: cases.Month) -> int:
    """Create the cases of a month that are missing; returns their number."""
    with db.transaction():
        entries = [*enumerate(cases.entries(month))]
    return sum(
        _create_batch(month, entries[first : first + BATCH]) for first in range(0, len(entries), BATCH)
    )


def _create_batch(month: cases.Month, entries: list[tuple[int, cases.Entry]]) -> int:
    """Create some of the cases in one transaction: a short one, since SQLite writes for one at a time."""
    with db.transaction():
        members = crew.heads() | demo.members()
        made = []
        for number, entry in entries:
            submission = cases.submission(month, number)
            if not _exists(submission):
                made.append(cases.create(entry, submission, members))
        # The worker would otherwise deliver a year of messages to addresses that do not exist.
        session().execute(delete(OutboxMessage).where(OutboxMessage.case_id.in_(made)))
    return len(made)


def _lead_to_improvements() -> None:
    """Create the improvements of the year once, and end the memberships that the year needed."""
    entries = tomllib.loads(STORY.read_text())["improvements"]
    titles = [entry["title"] for entry in entries]
    if session().scalar(select(Improvement.id).where(Improvement.title.in_(titles)).limit(1)):
        return
    last = session().scalar(select(OutboxMessage.id).order_by(OutboxMessage.id.desc()).limit(1)) or 0
    heads = crew.heads()
    demo_improvements.create(crew.headed(entries), heads)
    linked = OutboxMessage.case_id.in_(select(ImprovementCase.case_id))
    session().execute(delete(OutboxMessage).where(OutboxMessage.id > last, linked))
    crew.end(heads, demo.members())
