"""Invented people of every role and cases to look at. Queues no message, and touches no database in use."""

import tomllib
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import delete, select

from portal import clock, db
from portal.cases.actions import handling
from portal.cases.enums import ForWhom, Kind, ReplyBy
from portal.cases.intake.submission import NewCase, Represented, submit
from portal.cases.measures import actions as measures
from portal.cases.models import Case
from portal.config import settings
from portal.db import session
from portal.identity import commands as identity
from portal.identity import queries
from portal.identity.actors import Citizen, CodeHolder, Role
from portal.identity.models import Membership
from portal.notifications.models import OutboxMessage
from portal.organisation import queries as organisation
from portal.organisation.calendar import closed

PEOPLE = Path(__file__).parents[1] / "testlegitimering" / "people.toml"
CASES = Path(__file__).parent / "demo.toml"
EMPLOYED = timedelta(days=400)
WAYS = {"email": ReplyBy.EMAIL, "phone": ReplyBy.SMS}
Crew = dict[str, Membership]


@click.command()
def demo() -> None:
    """Fill an empty database with invented people and cases."""
    if not settings().development:
        raise click.ClickException("the demo is for development: its people sign in with test numbers")
    with db.transaction():
        with clock.at(clock.now() - EMPLOYED):
            crew = members()
        if session().scalar(select(Case.id).limit(1)):
            click.echo("There are cases already: the demo adds none.")
            return
        count = tell(tomllib.loads(CASES.read_text())["cases"], crew, "demo")
        session().execute(delete(OutboxMessage))
    click.echo(f"Demo: {len(crew)} members of staff, {count} cases.")


def people() -> list[dict[str, str]]:
    """The people that Testlegitimering offers."""
    return list(tomllib.loads(PEOPLE.read_text())["people"])


def members() -> Crew:
    """Testlegitimering's members of staff, each with a membership, by their key."""
    staff = [each for each in people() if each["role"] not in ("citizen", "none")]
    return {each["key"]: _member(each) for each in staff}


def _member(person: dict[str, str]) -> Membership:
    role = Role(person["role"])
    return identity.add_member(person["name"], person["number"], role, _scope(role, person.get("unit_key")))


def _scope(role: Role, key: str | None) -> identity.MembershipScope:
    if key and role is Role.HEAD_OF_ADMINISTRATION:
        found = organisation.administration(key)
        return identity.MembershipScope(administration=found.id if found else None)
    unit = organisation.unit(key) if key and role in (Role.OFFICER, Role.HEAD_OF_UNIT) else None
    return identity.MembershipScope(unit=unit.id if unit else None)


def tell(cases: list[dict[str, Any]], crew: Crew, story: str) -> int:
    """Make cases, the oldest first, so that the numbers follow the dates; gives how many."""
    kinds = organisation.profile().kinds
    told = sorted(
        (each for each in cases if each["kind"] in kinds),
        key=lambda each: (-each["working_days_ago"], each["at"]),
    )
    for place, each in enumerate(told):
        _case(each, f"{story}-{place:012d}", crew)
    return len(told)


def _case(told: dict[str, Any], submission: str, crew: Crew) -> None:
    sender = _sender(told["sender"]) if "sender" in told else None
    with clock.at(_moment(told)):
        made = submit(_written(told, submission), sender)
    for step in told.get("steps", []):
        with clock.at(_moment(step)):
            _step(step, session().get_one(Case, made.case), sender, crew)


def _sender(key: str) -> Citizen:
    person = next(each for each in people() if each["key"] == key)
    return Citizen(identity.find_or_add(person["name"], person["number"]).id)


def _written(told: dict[str, Any], submission: str) -> NewCase:
    signed_in = next((each["name"] for each in people() if each["key"] == told.get("sender")), None)
    otherwise = ReplyBy.PORTAL if signed_in else ReplyBy.CODE
    return NewCase(
        submission=submission,
        kind=Kind(told["kind"]),
        category=told.get("category"),
        subject=told["subject"],
        body=told["body"].strip(),
        reply_by=next((way for field, way in WAYS.items() if field in told), otherwise),
        name=signed_in or told.get("name"),
        email=told.get("email"),
        phone=told.get("phone"),
        for_whom=_for_whom(told.get("for")),
    )


def _for_whom(told: dict[str, str] | None) -> Represented | None:
    return Represented(ForWhom(told["kind"]), told["name"]) if told else None


def _moment(told: dict[str, Any]) -> datetime:
    """A number of working days ago at a time of day; never later than now."""
    day, left = clock.today(), int(told["working_days_ago"])
    while left or closed(day, organisation.closed_days()):
        left -= closed(day, organisation.closed_days()) is None and left > 0
        day -= timedelta(days=1)
    moment = datetime.combine(day, time.fromisoformat(told["at"]), clock.STOCKHOLM)
    return min(moment, clock.now())


def _step(step: dict[str, Any], case: Case, sender: Citizen | None, crew: Crew) -> None:
    """A command by its name; whoever has no name in the step is the sender."""
    who = queries.as_staff(crew[step["who"]]) if "who" in step else sender or CodeHolder(case.id)
    given: list[Any] = [step["text"].strip()] if "text" in step else []
    given += [crew[step["to"]]] if "to" in step else []
    do: Callable[..., None] = getattr(handling, step["do"], None) or getattr(measures, step["do"])
    do(who, case, *given, **{name: step[name] for name in ("close",) if name in step})
