"""Commands: flask --app wsgi outbox …"""

from collections.abc import Sequence
from datetime import datetime

import click
from flask.cli import AppGroup

from portal import clock, db
from portal.notifications.delivery_words import problem_text
from portal.notifications.models import State
from portal.notifications.sent import overview
from portal.words import dates

outbox = AppGroup(
    "outbox", help="The messages that wait or were not delivered.", callback=db.lift_time_limits
)
WAITING = (State.QUEUED, State.SENDING, State.HELD)
STATES = click.Choice([state.value for state in State])


@outbox.command(name="list")
@click.option("--state", "states", type=STATES, multiple=True, help="Only these; else what needs a look.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=overview.LISTED, show_default=True)
def list_messages(states: Sequence[str], limit: int) -> None:
    """List what waits and what was not delivered: id, case, message, state, tries and problem."""
    for backlog in overview.backlogs():
        click.echo(
            f"{backlog.medium}: {backlog.messages} waiting, the oldest since {_moment(backlog.oldest)}"
        )
    for row in overview.rows([State(state) for state in states] or _default(), limit):
        problem = problem_text(row.problem, row.reply_code)
        fields = [str(row.id), row.case, row.name, row.medium, row.state, f"{row.tries} tries"]
        click.echo("\t".join([*fields, _moment(row.created_at), problem]).rstrip())


def _default() -> list[State]:
    return [*WAITING, *overview.NOT_DELIVERED]


@outbox.command()
@click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1)
@click.option("--failed", is_flag=True, help="All that failed and still have their text.")
def retry(ids: Sequence[int], failed: bool) -> None:
    """Queue messages again, by id. What was uncertain may arrive twice."""
    with db.transaction():
        if failed:
            ids = [*ids, *(row.id for row in overview.rows([State.FAILED], limit=10_000))]
        count = overview.retry(ids)
    click.echo(f"{count} queued again.")


@outbox.command()
@click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1, required=True)
def cancel(ids: Sequence[int]) -> None:
    """Take waiting messages out of the queue, by id."""
    with db.transaction():
        count = overview.cancel(ids)
    click.echo(f"{count} cancelled.")


def _moment(moment: datetime) -> str:
    return dates.breakable(dates.short_moment(moment, clock.today()))
