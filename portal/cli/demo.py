"""flask demo: invented people of every role and invented cases, for development only."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import click
from sqlalchemy import delete, select

from portal import clock, db
from portal.cases.actions import closing, extensions, handling, routing, sender
from portal.cases.enums import Channel, ForWhom, HandoverGround, Kind, NotifyBy, ReplyBy
from portal.cases.intake.submission import NewCase, Represented, submit
from portal.cases.measures import actions as measures
from portal.cases.models import Case
from portal.cli import demo_improvements
from portal.config import settings
from portal.db import session
from portal.identity import commands as identity
from portal.identity import queries
from portal.identity.actors import Citizen, CodeHolder, Role
from portal.identity.models import Membership
from portal.notifications.models import OutboxMessage
from portal.organisation import queries as organisation
from portal.organisation.calendar import closed

# Read as a file: the portal may not import Testlegitimering.
PEOPLE = Path(__file__).parents[1] / "testlegitimering" / "people.toml"
CASES = Path(__file__).parent / "demo.toml"
EMPLOYED = timedelta(days=400)
REPLY_BY_FIELD = {"email": ReplyBy.EMAIL, "phone": ReplyBy.SMS}
COMMAND_MODULES = (handling, sender, routing, measures, extensions, closing)
Crew = dict[str, Membership]


@click.command()
def demo() -> None:
    """Fill an empty database with invented people and cases."""
    if not settings().development:
        raise click.ClickException("the demo is for development: its people sign in with test numbers")
    db.lift_time_limits()
    with db.transaction():
        story = tomllib.loads(CASES.read_text())
        with clock.at(clock.now() - EMPLOYED):
            crew = members()
            help_out(story["memberships"])
            save_contacts(story["contacts"])
        if session().scalar(select(Case.id).limit(1)):
            click.echo("There are cases already: the demo adds none.")
            return
        count = create_cases(story["cases"], crew, "demo")
        demo_improvements.create(story["improvements"], crew)
        # The worker would otherwise deliver months of messages to addresses that do not exist.
        session().execute(delete(OutboxMessage))
    click.echo(f"Demo: {len(crew)} members of staff, {count} cases.")


def people() -> list[dict[str, str]]:
    """The people of Testlegitimering, as its file has them."""
    return list(tomllib.loads(PEOPLE.read_text())["people"])


def members() -> Crew:
    """Create a membership for each member of staff in Testlegitimering; returns them by key."""
    crew = {}
    for row in people():
        if row["role"] not in ("citizen", "none"):
            crew[row["key"]] = _member(row)
    return crew


def help_out(entries: list[dict[str, Any]]) -> None:
    """Make members of staff officers of more units, those that the profile has; the first stays the usual."""
    for entry in entries:
        helper = person(entry["who"])
        for unit in filter(None, map(organisation.unit, entry["units"])):
            scope = identity.MembershipScope(unit=unit.id)
            identity.add_member(helper["name"], helper["number"], Role.OFFICER, scope)


def save_contacts(entries: list[dict[str, str]]) -> None:
    """Save the e-mail addresses at which people want to be notified about their own cases."""
    for entry in entries:
        identity.save_contact_choices(_citizen(entry["who"]).person, NotifyBy.EMAIL, entry["email"], None)


def _member(row: dict[str, str]) -> Membership:
    role = Role(row["role"])
    return identity.add_member(row["name"], row["number"], role, _scope(role, row.get("unit_key")))


def _scope(role: Role, key: str | None) -> identity.MembershipScope:
    if key and role is Role.HEAD_OF_ADMINISTRATION:
        administration = organisation.administration(key)
        return identity.MembershipScope(administration=administration.id if administration else None)
    unit = organisation.unit(key) if key and role in (Role.OFFICER, Role.HEAD_OF_UNIT) else None
    return identity.MembershipScope(unit=unit.id if unit else None)


def create_cases(entries: list[dict[str, Any]], crew: Crew, story: str) -> int:
    """Create a case for each entry of a kind that the profile has; returns the number of cases."""
    kinds = organisation.profile().kinds
    # Oldest first: reference numbers are handed out in order and must follow the dates.
    entries = sorted(entries, key=lambda entry: (-entry["working_days_ago"], entry["at"]))
    count = 0
    for entry in entries:
        if entry["kind"] in kinds:
            create_case(entry, f"{story}-{count:012d}", crew)
            count += 1
    return count


def create_case(entry: dict[str, Any], submission: str, crew: Crew) -> Case:
    """Create a case and do its steps, each at its time."""
    citizen = _citizen(entry["sender"]) if "sender" in entry else None
    with clock.at(_moment(entry)):
        receipt = submit(_notified(_new_case(entry, submission), citizen), citizen)
    case = session().get_one(Case, receipt.case)
    for step in entry.get("steps", []):
        with clock.at(_moment(step)):
            _run_step(step, case, citizen, crew)
    return case


def _citizen(key: str) -> Citizen:
    member = person(key)
    return Citizen(identity.find_or_add(member["name"], member["number"]).id)


def person(key: str) -> dict[str, str]:
    """One of the people of Testlegitimering."""
    return next(row for row in people() if row["key"] == key)


def _new_case(entry: dict[str, Any], submission: str) -> NewCase:
    signed_in = person(entry["sender"])["name"] if "sender" in entry else None
    return NewCase(
        submission=submission,
        kind=Kind(entry["kind"]),
        category=entry.get("category"),
        subject=entry["subject"],
        body=entry["body"].strip(),
        reply_by=_reply_by(entry),
        name=signed_in or entry.get("name"),
        email=entry.get("email"),
        phone=entry.get("phone"),
        for_whom=_represented(entry.get("for")),
        channel=Channel(entry.get("channel", Channel.WEB)),
        answer_wanted=entry.get("answer_wanted", True),
    )


def _notified(new: NewCase, citizen: Citizen | None) -> NewCase:
    """The new case, with the saved address of a citizen who reads on Mina sidor."""
    saved = queries.contact_choices(citizen.person) if citizen else {}
    if new.reply_by is not ReplyBy.PORTAL or "email" not in saved:
        return new
    return replace(new, notify_by=NotifyBy.EMAIL, email=saved["email"])


def _reply_by(entry: dict[str, Any]) -> ReplyBy:
    for field, reply_by in REPLY_BY_FIELD.items():
        if field in entry:
            return reply_by
    return ReplyBy.PORTAL if "sender" in entry else ReplyBy.CODE


def _represented(entry: dict[str, str] | None) -> Represented | None:
    return Represented(ForWhom(entry["kind"]), entry["name"]) if entry else None


def _moment(entry: dict[str, Any]) -> datetime:
    """The `moment`, or the time of day `at`, `working_days_ago` working days back; never later than now."""
    if "moment" in entry:
        return cast("datetime", min(entry["moment"], clock.now()))
    day = clock.today()
    days_left = int(entry["working_days_ago"])
    while days_left or closed(day, organisation.closed_days()):
        days_left -= closed(day, organisation.closed_days()) is None and days_left > 0
        day -= timedelta(days=1)
    moment = datetime.combine(day, time.fromisoformat(entry["at"]), clock.STOCKHOLM)
    return min(moment, clock.now())


def _run_step(step: dict[str, Any], case: Case, citizen: Citizen | None, crew: Crew) -> None:
    """Run the command that the step names; a step without `who` is the sender's own."""
    actor = queries.as_staff(crew[step["who"]]) if "who" in step else citizen or CodeHolder(case.id)
    arguments: list[Any] = []
    if "until" in step:
        arguments.append(step["until"])
    if "text" in step:
        arguments.append(step["text"].strip())
    if "way" in step:
        arguments.append(step["way"])
    if "to" in step:
        arguments.append(crew[step["to"]])
    if "topic" in step:
        arguments += [organisation.category(step["topic"]), HandoverGround(step["ground"])]
    options = {"close": step["close"]} if "close" in step else {}
    _command(step["do"])(actor, case, *arguments, **options)


def _command(name: str) -> Callable[..., None]:
    for module in COMMAND_MODULES:
        if command := getattr(module, name, None):
            return cast("Callable[..., None]", command)
    raise KeyError(name)
