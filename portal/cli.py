"""Commands: flask --app wsgi …"""

import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from portal import checks, clock, db, migrating
from portal.cases import extending, search_index
from portal.config import Settings, settings
from portal.identity import commands as identity
from portal.identity import numbers, queries
from portal.identity.actors import Role, System
from portal.identity.models import Membership
from portal.notifications import delivery
from portal.organisation import queries as organisation
from portal.profile_commands import profile, tell
from portal.words.labels import ROLE

database = AppGroup("db", help="The database.")
member = AppGroup("member", help="Who is a member of staff, and as what.")
cases = AppGroup("cases", help="The cases.")
search = AppGroup("search", help="The index of words.")
IN_UNITS = {"unit", "board", "everywhere"}


def install(app: Flask) -> None:
    """Give the application its commands."""
    from portal import demo, development, key_commands

    own = (database, profile, member, cases, search, worker, check, demo.demo, development.develop)
    for command in (*own, *key_commands.GROUPS):
        app.cli.add_command(command)


@database.command()
def upgrade() -> None:
    """Bring the database forward and apply the profile."""
    applied = migrating.prepare()
    click.echo("Database is current.")
    tell(applied)


@member.command()
@click.argument("number")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--name", required=True, help="The person's name, until they sign in.")
@click.option("--unit", help="Key of a unit in the profile.")
@click.option("--board", help="Key of a board in the profile.")
@click.option("--administration", help="Key of an administration in the profile.")
@click.option("--everywhere", is_flag=True, help="For every unit: an officer or a head of unit must say so.")
def add(number: str, role: str, name: str, everywhere: bool, **where: str | None) -> None:
    """Give the person with this personnummer (12 digits) a role."""
    _checked(number)
    _placed(Role(role), everywhere, {place for place, key in where.items() if key})
    with db.transaction():
        scope = identity.Scope(**{place: PLACES[place](key) for place, key in where.items()})
        found = identity.add_member(name, number, Role(role), scope)
    click.echo(f"Membership {found.id}: {name}, {role}")


def _checked(number: str) -> None:
    if not numbers.valid(number):
        raise click.BadParameter("not a personnummer of 12 digits", param_hint="NUMBER")


def _placed(role: Role, everywhere: bool, given: set[str]) -> None:
    """A role that works in a place has exactly one, and the others have none."""
    wanted = {
        Role.OFFICER: IN_UNITS,
        Role.HEAD_OF_UNIT: IN_UNITS,
        Role.HEAD_OF_ADMINISTRATION: {"administration"},
    }
    given = given | ({"everywhere"} if everywhere else set())
    allowed = wanted.get(role, set())
    if given - allowed or len(given) != bool(allowed):
        places = " or ".join(f"--{place}" for place in sorted(allowed)) or "no place at all"
        raise click.UsageError(f"{role.value} takes {places}")


def _found(what: str, find: Callable[[str], Any]) -> Callable[[str | None], int | None]:
    def place(key: str | None) -> int | None:
        found = find(key) if key else None
        if key and not found:
            raise click.BadParameter(f"no open {what} {key!r} in the profile", param_hint=f"--{what}")
        return found.id if found else None

    return place


PLACES = {
    "unit": _found("unit", organisation.unit),
    "board": _found("board", organisation.board),
    "administration": _found("administration", organisation.administration),
}


@member.command()
@click.argument("membership", type=int)
@click.argument("number")
@click.option("--name", required=True, help="The substitute's name, until they sign in.")
@click.option("--first", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--last", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day.")
def substitute(membership: int, number: str, name: str, first: datetime, last: datetime) -> None:
    """Let the person with this personnummer stand in for a member of staff, both days included."""
    _checked(number)
    start, end = clock.end_of(first.date() - timedelta(days=1)), clock.end_of(last.date())
    with db.transaction():
        absent = _running(membership)
        try:
            found = identity.add_substitute(absent, name, number, start, end)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Membership {found.id}: {name} stands in for {absent.person.name}")


def _running(membership: int) -> Membership:
    found = queries.membership(membership)
    if found is None or found.id not in {each.id for each in queries.members()}:
        raise click.ClickException(f"no membership {membership} that runs")
    return found


@member.command()
@click.argument("membership", type=int)
def remove(membership: int) -> None:
    """End a membership; what the person has done stays."""
    with db.transaction():
        found = identity.end_membership(membership)
    if not found:
        raise click.ClickException(f"no membership {membership} that runs")
    click.echo(f"Membership {membership} has ended.")


@member.command(name="list")
def list_() -> None:
    """Every membership that runs."""
    units = organisation.unit_names()
    for each in queries.members():
        where = units.get(each.unit_id or 0, "") or ("administration" if each.administration_id else "all")
        click.echo(f"{each.id:>4}  {ROLE[each.role]!s:<20} {each.person.name:<28} {where}")


@cases.command()
def recount() -> None:
    """Count every open case's dates anew, as when a closed day was added to the profile."""
    with db.transaction():
        moved = extending.recount(System())
    click.echo(f"{moved} dates have moved.")


@search.command()
def rebuild() -> None:
    """Write the index of words anew, case by case, while the portal runs."""
    click.echo(f"{search_index.rebuild()} cases are in the index.")


@click.command()
@click.option("--once", is_flag=True, help="Deliver what is due now, then stop.")
def worker(once: bool) -> None:
    """Deliver what is in the outbox until told to stop (SIGTERM, SIGINT)."""
    if once:
        while delivery.deliver_due():
            pass
        return
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stop.set())
    delivery.run(stop)


@click.command()
def check() -> None:
    """Look at settings, database, profile, keys, mail server and providers, and say what is wrong."""
    click.echo(
        f"Environment: {settings().env}. Profile: {settings().profile}. Mail server: {_mail(settings())}."
    )
    found = checks.found()
    for name, problem in found.items():
        click.echo(f"{name}: {problem or 'in order'}")
    if wrong := [name for name, problem in found.items() if problem]:
        raise click.ClickException("not in order: " + ", ".join(wrong))


def _mail(using: Settings) -> str:
    return f"{using.mail_server}:{using.mail_port} ({using.mail_security})" if using.mail_server else "none"
