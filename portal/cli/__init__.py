"""Commands: flask --app wsgi …"""

import signal
from threading import Event

import click
from flask import Flask
from flask.cli import AppGroup

from portal import db
from portal.cases.actions import extensions
from portal.cases.search import index as search_index
from portal.cli.members import member
from portal.cli.profile import profile, tell
from portal.config import Settings, settings
from portal.identity.actors import System
from portal.notifications import delivery
from portal.operations import checks, migrations

database = AppGroup("db", help="The database.")
cases = AppGroup("cases", help="The cases.")
search = AppGroup("search", help="The index of words.")


def install(app: Flask) -> None:
    """Give the application its commands."""
    from portal.cli import demo, develop, keys

    own = (database, profile, member, cases, search, worker, check, demo.demo, develop.develop)
    for command in (*own, *keys.GROUPS):
        app.cli.add_command(command)


@database.command()
def upgrade() -> None:
    """Bring the database forward and apply the profile."""
    applied = migrations.prepare()
    click.echo("Database is current.")
    tell(applied)


@cases.command()
def recount() -> None:
    """Count every open case's dates anew, as when a closed day was added to the profile."""
    with db.transaction():
        moved = extensions.recount(System())
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
