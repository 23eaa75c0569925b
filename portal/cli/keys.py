"""Commands: flask --app wsgi keys … and client-key …"""

from collections.abc import Callable
from typing import TypeVar

import click
from flask.cli import AppGroup

from portal.identity.oidc import client_keys
from portal.operations import key_rotation

Result = TypeVar("Result")
keys = AppGroup("keys", help="The keys that the database is encrypted and searched with.")
client_key = AppGroup("client-key", help="Our own keys at the identity providers (private_key_jwt).")
GROUPS = (keys, client_key)


@keys.command()
def rotate() -> None:
    """Put all that is stored under the newest data and index key, while everything runs."""
    for table in key_rotation.tables():
        changed, seen = key_rotation.rotate(table)
        click.echo(f"{table.name}: {changed} of {seen} rows rewritten")
    click.echo("All is under the newest keys. The older ones can be removed from the settings.")


@client_key.command()
@click.option("--algorithm", type=click.Choice(list(client_keys.KINDS)), default="RS256", show_default=True)
def new(algorithm: str) -> None:
    """Make a key and publish it. It signs from `use` on, or at once when it is the first."""
    click.echo(f"Key {_done(lambda: client_keys.add(algorithm))} is published.")


@client_key.command()
@click.argument("kid")
def use(kid: str) -> None:
    """Let this key sign; the one before stays published."""
    _done(lambda: client_keys.use(kid))
    click.echo(f"Key {kid} signs.")


@client_key.command()
@click.argument("kid")
def remove(kid: str) -> None:
    """Forget a key that no longer signs."""
    _done(lambda: client_keys.remove(kid))
    click.echo(f"Key {kid} is gone.")


@client_key.command(name="list")
def list_() -> None:
    """Every published key; the first one signs."""
    for place, key in enumerate(client_keys.own()):
        click.echo(f"{key.kid}  {key.alg}  {'signs' if place == 0 else 'published'}")


def _done(step: Callable[[], Result]) -> Result:
    try:
        return step()
    except client_keys.NoSuchKey as problem:
        raise click.ClickException(str(problem)) from problem
