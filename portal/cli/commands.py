"""The commands of the application: flask --app wsgi …"""

import signal
from threading import Event

import click
from flask.cli import AppGroup

from portal import db
from portal.cases.actions import extensions
from portal.cases.search import index as search_index
from portal.cli import demo, develop, keys, outbox, security, week, year
from portal.cli.members import member
from portal.cli.profile import profile, report_applied
from portal.config import Settings, settings
from portal.identity.actors import System
from portal.notifications import delivery
from portal.operations import budget_checks, checks, jobs, migrations

database = AppGroup("db", help="The database.", callback=db.lift_time_limits)
cases = AppGroup("cases", help="The cases.", callback=db.lift_time_limits)
search = AppGroup("search", help="The index of words.", callback=db.lift_time_limits)


@database.command()
def upgrade() -> None:
    """Migrate the database and apply the profile."""
    applied = migrations.prepare()
    click.echo("Database is current.")
    report_applied(applied)


@cases.command()
def recount() -> None:
    """Recalculate the due dates of open cases, as after a closed day was added to the profile."""
    with db.transaction():
        moved = extensions.recount(System())
    click.echo(f"{moved} dates have moved.")


@search.command()
def rebuild() -> None:
    """Rebuild the search index, case by case, while the portal runs."""
    click.echo(f"{search_index.rebuild()} cases are in the index.")


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@click.option(
    "--without",
    multiple=True,
    type=click.Choice([spec.name for spec in jobs.JOBS]),
    help="Leave out this job; may be given more than once.",
)
def worker(once: bool, without: tuple[str, ...]) -> None:
    """Deliver messages, index cases and run jobs, until SIGTERM or SIGINT."""
    db.lift_time_limits()
    if once:
        delivery.deliver_all(lambda: jobs.run_due(without) + jobs.run_due_slow())
        return
    # The handler sets a flag and raises nothing: a message that is being sent gets a moment to be settled.
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stop.set())
    delivery.run(stop, task=lambda: jobs.run_due(without), slow_task=jobs.run_due_slow)


@click.command()
def check() -> None:
    """Check settings, database, profile, keys, mail server and providers; exit 1 if one of them fails."""
    click.echo(
        f"Environment: {settings().env}. Profile: {settings().profile}. Mail server: {_mail(settings())}."
    )
    failed = []
    for name, problem in checks.run_checks().items():
        click.echo(f"{name}: {problem or 'in order'}")
        if problem:
            failed.append(name)
    # Without a database there is nothing to read them from.
    if "Database" not in failed:
        for note in [*budget_checks.notes(), *checks.owner_notes(), *checks.file_notes()]:
            click.echo(f"Note: {note}")
    if failed:
        raise click.ClickException("not in order: " + ", ".join(failed))


def _mail(using: Settings) -> str:
    return f"{using.mail_server}:{using.mail_port} ({using.mail_security})" if using.mail_server else "none"


COMMANDS: tuple[click.Command, ...] = (
    database,
    profile,
    member,
    cases,
    search,
    outbox.outbox,
    *keys.GROUPS,
    worker,
    check,
    demo.demo,
    week.demo_week,
    year.demo_year,
    develop.develop,
    security.security_log_,
)
