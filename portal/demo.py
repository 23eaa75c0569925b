"""Invented people of every role and cases to look at. Queues no message, and touches no database in use."""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import delete, select

from portal import clock, db
from portal.cases import commands
from portal.cases.models import Case
from portal.cases.submission import NewCase, submit
from portal.cases.terms import Kind, ReplyBy
from portal.config import settings
from portal.db import session
from portal.identity import commands as identity
from portal.identity import queries
from portal.identity.actors import CodeHolder, Role, Staff
from portal.identity.models import Membership
from portal.notifications.models import OutboxMessage
from portal.organisation import queries as organisation
from portal.organisation.calendar import closed

HERE = Path(__file__).parent
PEOPLE, CASES = HERE / "testlegitimering" / "people.toml", HERE / "demo.toml"
Crew = dict[str, Membership]


@click.command()
def demo() -> None:
    """Fill an empty database with invented people and cases."""
    if not settings().development:
        raise click.ClickException("the demo is for development: its people sign in with test numbers")
    with db.transaction():
        crew = _members()
        if session().scalar(select(Case.id).limit(1)):
            click.echo("There are cases already: the demo adds none.")
            return
        count = _cases(crew)
        session().execute(delete(OutboxMessage))
    click.echo(f"Demo: {len(crew)} members of staff, {count} cases.")


def people() -> list[dict[str, str]]:
    """The people that Testlegitimering offers."""
    return list(tomllib.loads(PEOPLE.read_text())["people"])


def _members() -> Crew:
    staff = [each for each in people() if each["role"] not in ("citizen", "none")]
    return {each["key"]: _member(each) for each in staff}


def _member(person: dict[str, str]) -> Membership:
    role = Role(person["role"])
    return identity.add_member(person["name"], person["number"], role, _scope(role, person.get("unit_key")))


def _scope(role: Role, key: str | None) -> identity.Scope:
    if key and role is Role.HEAD_OF_ADMINISTRATION:
        found = organisation.administration(key)
        return identity.Scope(administration=found.id if found else None)
    unit = organisation.unit(key) if key and role in (Role.OFFICER, Role.HEAD_OF_UNIT) else None
    return identity.Scope(unit=unit.id if unit else None)


def _cases(crew: Crew) -> int:
    """The oldest first, so that the numbers follow the dates."""
    told = sorted(tomllib.loads(CASES.read_text())["cases"], key=lambda each: -each["working_days_ago"])
    for place, each in enumerate(told):
        _case(each, place, crew)
    return len(told)


def _case(told: dict[str, Any], place: int, crew: Crew) -> None:
    with clock.at(_moment(told)):
        made = submit(_written(told, place))
    for step in told.get("steps", []):
        with clock.at(_moment(step)):
            _step(step, session().get_one(Case, made.case), crew)


def _written(told: dict[str, Any], place: int) -> NewCase:
    return NewCase(
        submission=f"demo-{place:012d}",
        kind=Kind(told["kind"]),
        category=told.get("category"),
        subject=told["subject"],
        body=told["body"].strip(),
        reply_by=ReplyBy.EMAIL if "email" in told else ReplyBy.CODE,
        name=told.get("name"),
        email=told.get("email"),
    )


def _moment(told: dict[str, Any]) -> datetime:
    """A number of working days ago at a time of day; never later than now."""
    day, left = clock.today(), int(told["working_days_ago"])
    while left or closed(day, organisation.closed_days()):
        left -= closed(day, organisation.closed_days()) is None and left > 0
        day -= timedelta(days=1)
    moment = datetime.combine(day, time.fromisoformat(told["at"]), clock.STOCKHOLM)
    return min(moment, clock.now())


def _step(step: dict[str, Any], case: Case, crew: Crew) -> None:
    if step["do"] == "reply":
        return commands.reply(CodeHolder(case.id), case, step["text"].strip())
    return _staff_step(step, case, queries.as_staff(crew[step["who"]]), crew)


def _staff_step(step: dict[str, Any], case: Case, actor: Staff, crew: Crew) -> None:
    match step["do"]:
        case "take":
            commands.take(actor, case)
        case "assign":
            commands.assign(actor, case, crew[step["to"]])
        case "note":
            commands.note(actor, case, step["text"].strip())
        case "answer":
            commands.answer(actor, case, step["text"].strip(), close=step.get("close", False))
        case "close":
            commands.close(actor, case)
