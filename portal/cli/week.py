"""flask demo-week: invented weeks of one unit, up to a Monday morning, for development only."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import delete, select

from portal import clock, db
from portal.cases.models import Case
from portal.cli import demo
from portal.config import settings
from portal.crypto import fingerprint
from portal.db import session
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.absences import commands as absences
from portal.identity.actors import Role
from portal.notifications.models import OutboxMessage
from portal.organisation import queries as organisation

STORY = Path(__file__).parent / "week.toml"
# When the week is seen: cases that came in before work began are there.
MORNING = time(9)


@click.command(name="demo-week")
@click.option(
    "--monday",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The Monday that it leads up to; without it that of this week.",
)
def demo_week(monday: datetime | None) -> None:
    """Add some weeks of Parkenheten: arrivals, answers, an absence. Seen on a Monday morning."""
    if not settings().development:
        raise click.ClickException("the demo is for development: its people sign in with test numbers")
    today = clock.today()
    first = monday.date() if monday else today - timedelta(days=today.weekday())
    if first.weekday() or first > today:
        raise click.BadParameter("a Monday that has been, or today", param_hint="--monday")
    db.lift_time_limits()
    with db.transaction(), clock.at(min(clock.now(), _moment(first, MORNING))):
        count = create_week(first)
        # The worker would otherwise deliver weeks of messages to addresses that do not exist.
        session().execute(delete(OutboxMessage))
    if count:
        click.echo(f"The weeks before {first.isoformat()}: {count} cases.")
    else:
        click.echo("The week is there already.")


def create_week(monday: date) -> int:
    """Create the cases and the absences of the story; returns the number of cases, 0 if they are there."""
    story = tomllib.loads(STORY.read_text())
    with clock.at(_moment(monday, MORNING) - demo.EMPLOYED):
        crew = demo.members() | _officers(story["officers"])
    if session().scalar(select(Case.id).where(Case.submission == fingerprint("submission", _submission(0)))):
        return 0
    entries = sorted(story["cases"], key=lambda entry: (entry["day"], entry["at"]))
    for number, entry in enumerate(entries):
        demo.create_case(_timed(entry, monday), _submission(number), crew)
    for entry in story["absences"]:
        _register(entry, monday, crew)
    return len(entries)


def _submission(number: int) -> str:
    return f"week-{number:012d}"


def _officers(entries: list[dict[str, str]]) -> demo.Crew:
    """More memberships of the demo's people, under keys of their own."""
    crew = {}
    known = {person["key"]: person for person in demo.people()}
    for entry in entries:
        person, unit = known[entry["who"]], organisation.unit(entry["unit"])
        if unit:
            scope = identity.MembershipScope(unit=unit.id)
            crew[entry["key"]] = identity.add_member(person["name"], person["number"], Role.OFFICER, scope)
    return crew


def _timed(entry: dict[str, Any], monday: date) -> dict[str, Any]:
    """The entry and its steps, each with its moment in place of the number of days from the Monday."""
    timed = {
        **entry,
        "moment": _moment(monday + timedelta(days=entry["day"]), time.fromisoformat(entry["at"])),
    }
    if "until" in entry:
        timed["until"] = monday + timedelta(days=entry["until"])
    timed["steps"] = [_timed(step, monday) for step in entry.get("steps", [])]
    return timed


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.STOCKHOLM)


def _register(entry: dict[str, Any], monday: date, crew: demo.Crew) -> None:
    written_by = people.as_staff(crew[entry["by"]])
    with clock.at(_moment(monday + timedelta(days=entry["day"]), MORNING)):
        absences.register(
            written_by,
            crew[entry["who"]].id,
            monday + timedelta(days=entry["first"]),
            monday + timedelta(days=entry["last"]),
            crew[entry["substitute"]].id,
        )
