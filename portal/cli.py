"""Commands: flask --app wsgi …"""

import signal
from threading import Event

import click
from flask import Flask
from flask.cli import AppGroup

from portal import checks, db, migrating
from portal.config import Settings, settings
from portal.identity import commands as identity
from portal.identity import numbers, queries
from portal.identity.actors import Role
from portal.notifications import delivery
from portal.organisation import queries as organisation
from portal.profile_commands import profile, tell
from portal.words.labels import ROLE

database = AppGroup("db", help="The database.")
member = AppGroup("member", help="Who is a member of staff, and as what.")


def install(app: Flask) -> None:
    """Give the application its commands."""
    from portal import demo, development, key_commands

    for command in (
        database,
        profile,
        member,
        worker,
        check,
        demo.demo,
        development.develop,
        *key_commands.GROUPS,
    ):
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
@click.option("--administration", help="Key of an administration in the profile.")
def add(number: str, role: str, name: str, unit: str | None, administration: str | None) -> None:
    """Give the person with this personnummer (12 digits) a role."""
    if not numbers.valid(number):
        raise click.BadParameter("not a personnummer of 12 digits", param_hint="NUMBER")
    with db.transaction():
        scope = identity.Scope(unit=_unit(unit), administration=_administration(administration))
        found = identity.add_member(name, number, Role(role), scope)
    click.echo(f"Membership {found.id}: {name}, {role}")


def _unit(key: str | None) -> int | None:
    found = organisation.unit(key) if key else None
    if key and not found:
        raise click.BadParameter(f"no open unit {key!r} in the profile", param_hint="--unit")
    return found.id if found else None


def _administration(key: str | None) -> int | None:
    found = organisation.administration(key) if key else None
    if key and not found:
        raise click.BadParameter(f"no administration {key!r}", param_hint="--administration")
    return found.id if found else None


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
