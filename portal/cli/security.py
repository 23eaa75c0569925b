"""Command: flask --app wsgi security-log"""

import click

from portal import clock
from portal.audit import security_log


@click.command(name="security-log")
def security_log_() -> None:
    """Print the security log, oldest first; exit 1 if a row has been changed or removed."""
    rows = security_log.entries()
    for row in rows:
        moment = clock.stockholm(row.at).strftime("%Y-%m-%d %H:%M")
        details = ", ".join(f"{name} {value}" for name, value in row.details.items())
        click.echo(f"{moment}  {row.event}  {details}".rstrip())
    if not security_log.is_intact(rows):
        raise click.ClickException("a row was changed or taken away: the seals do not fit")
