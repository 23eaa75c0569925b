"""flask demo-year: invented cases from January of last year on, for development only."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import click
from sqlalchemy import delete, select

from portal import clock, db
from portal.cases.deadlines import open_day_after
from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.cli import demo
from portal.cli.invented import board_reports
from portal.config import settings
from portal.crypto import fingerprint
from portal.db import session
from portal.notifications.models import OutboxMessage
from portal.organisation import queries as organisation
from portal.organisation.models import Category
from portal.statistics.models import CountedMonth
from portal.statistics.published.closed_months import count_next_month, following

SUBJECTS = {
    Kind.QUESTION: "En fråga om {topic}",
    Kind.COMPLAINT: "Det fungerar inte som det ska: {topic}",
    Kind.PRAISE: "Tack för ert arbete med {topic}",
    Kind.SUGGESTION: "Ett förslag om {topic}",
    Kind.FAULT_REPORT: "Något är trasigt: {topic}",
}
# How many of each kind in a usual month, and the months in which people write less and answers take longer.
USUAL = {
    Kind.QUESTION: 9,
    Kind.COMPLAINT: 6,
    Kind.PRAISE: 2,
    Kind.SUGGESTION: 3,
    Kind.FAULT_REPORT: 8,
}
SUMMER = (7, 8)
# One of so many is answered late.
LATE, LATE_IN_SUMMER = 14, 5
# And one of so many is withdrawn by its sender.
WITHDRAWN = 16
ANSWER = "Tack för att du skrev. Vi har tittat på det och gjort det som behövdes."
# Cases of the last weeks are those of the demo.
RECENT = timedelta(days=35)


@click.command(name="demo-year")
def demo_year() -> None:
    """Add invented cases from January of last year on, and count the closed months."""
    if not settings().development:
        raise click.ClickException("the demo is for development: its people sign in with test numbers")
    db.lift_time_limits()
    with db.transaction():
        count = create_year()
        # The worker would otherwise deliver a year of messages to addresses that do not exist.
        session().execute(delete(OutboxMessage))
    months = 0
    while count_next_month():
        months += 1
    with db.transaction():
        crew = demo.members()
    board_reports.create(crew)
    click.echo(f"A year: {count} cases, {months} months counted." if count else "The year is there already.")


def create_year() -> int:
    """Create the cases; returns their number, 0 if they are there. Raises click.ClickException."""
    if session().scalar(select(Case.id).where(Case.submission == fingerprint("submission", _submission(0)))):
        return 0
    # A month is counted once: all that is registered afterwards would be in the next one.
    if session().scalar(select(CountedMonth.month).limit(1)):
        raise click.ClickException("months are counted already: start the year on an empty database")
    with clock.at(clock.now() - timedelta(days=800)):
        crew = demo.members()
    entries = sorted(_entries(), key=lambda entry: entry["moment"])
    for number, entry in enumerate(entries):
        demo.create_case(entry, _submission(number), crew)
    return len(entries)


def _submission(number: int) -> str:
    return f"year-{number:012d}"


def _entries() -> Iterator[dict[str, Any]]:
    profile = organisation.profile()
    # The same each time for a municipality, and another for each.
    lot = Random(profile.key)  # noqa: S311
    topics = [topic for topic in organisation.categories() if not topic.secrecy_default]
    topics = [topic for topic in topics if not topic.special_procedure]
    last = clock.today() - RECENT
    month = date(clock.today().year - 1, 1, 1)
    while month <= last:
        for name in profile.kinds:
            for _number in range(_size(lot, Kind(name), month)):
                day = month + timedelta(days=lot.randrange(28))
                yield _entry(lot, Kind(name), min(day, last), lot.choice(topics))
        month = following(month)


def _size(lot: Random, kind: Kind, month: date) -> int:
    usual = USUAL[kind] * 3 // 4 if month.month in SUMMER else USUAL[kind]
    return lot.randint(usual * 3 // 4, usual * 5 // 4)


def _entry(lot: Random, kind: Kind, day: date, topic: Category) -> dict[str, Any]:
    name = topic.name[0].lower() + topic.name[1:]
    answered = _answered(lot, day)
    step = {"do": "answer", "who": "eva", "text": ANSWER, "close": True, "moment": answered}
    if lot.randrange(WITHDRAWN) == 0:
        step = {"do": "withdraw", "moment": answered}
    return {
        "kind": kind.value,
        "category": topic.key,
        "subject": SUBJECTS[kind].format(topic=name),
        "body": SUBJECTS[kind].format(topic=name) + ".",
        "moment": _at(lot, day),
        "steps": [step],
    }


def _answered(lot: Random, day: date) -> datetime:
    is_late = lot.randrange(LATE_IN_SUMMER if day.month in SUMMER else LATE) == 0
    days = lot.randint(11, 15) if is_late else min(lot.randint(1, 10), lot.randint(1, 10))
    return _at(lot, open_day_after(day, days, organisation.closed_days()))


def _at(lot: Random, day: date) -> datetime:
    return datetime.combine(day, time(lot.randint(8, 16), lot.randrange(60)), clock.STOCKHOLM)
