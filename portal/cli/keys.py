"""Commands: flask --app wsgi keys … and client-key …"""

from collections.abc import Callable
from typing import TypeVar

import click
import structlog
from flask.cli import AppGroup

from portal import db
from portal.db import transaction
from portal.events import publish
from portal.identity.oidc import client_keys
from portal.operations import key_rotation
from portal.operations.events import ClientKeyChanged, KeyChange, KeysRotated

log: structlog.stdlib.BoundLogger = structlog.get_logger()
Result = TypeVar("Result")
keys = AppGroup(
    "keys", help="The keys that the database is encrypted and searched with.", callback=db.lift_time_limits
)
client_key = AppGroup("client-key", help="Our own keys at the identity providers (private_key_jwt).")
GROUPS = (keys, client_key)


@keys.command()
def rotate() -> None:
    """Re-encrypt stored data with the newest data and index key, while the portal runs."""
    total_changed = 0
    total_seen = 0
    total_unreadable = 0
    for table in key_rotation.encrypted_tables():
        rotated = key_rotation.rotate_table(table)
        total_changed += rotated.changed
        total_seen += rotated.seen
        total_unreadable += len(rotated.unreadable)
        _report(table.name, rotated)
    with transaction():
        publish(KeysRotated(changed=total_changed, seen=total_seen))
    if total_unreadable:
        raise click.ClickException(f"{total_unreadable} rows are under a key that is not in the settings.")
    click.echo("All is under the newest keys. The older ones can be removed from the settings.")


def _report(table: str, rotated: key_rotation.Rotated) -> None:
    unreadable = len(rotated.unreadable)
    log.info("keys.rotated", table=table, changed=rotated.changed, seen=rotated.seen, unreadable=unreadable)
    click.echo(f"{table}: {rotated.changed} of {rotated.seen} rows rewritten")
    if unreadable:
        click.echo(f"{table}: {key_rotation.describe(rotated.unreadable)} cannot be decrypted")


@client_key.command()
@click.option("--algorithm", type=click.Choice(list(client_keys.KINDS)), default="RS256", show_default=True)
def new(algorithm: str) -> None:
    """Create a key and publish it. It signs after `use`, or at once if it is the first."""
    # Published before it signs, so that the providers have read it when its first signature arrives.
    click.echo(f"Key {_run(lambda: client_keys.add(algorithm), KeyChange.ADDED)} is published.")


@client_key.command()
@click.argument("kid")
def use(kid: str) -> None:
    """Sign with this key from now on; the former one stays published."""
    _run(lambda: client_keys.use(kid), KeyChange.USED)
    click.echo(f"Key {kid} signs.")


@client_key.command()
@click.argument("kid")
def remove(kid: str) -> None:
    """Remove a key that does not sign any more."""
    _run(lambda: client_keys.remove(kid), KeyChange.REMOVED)
    click.echo(f"Key {kid} is gone.")


@client_key.command(name="list")
def list_() -> None:
    """List the published keys; the first one signs."""
    for position, key in enumerate(client_keys.load()):
        click.echo(f"{key.kid}  {key.alg}  {'signs' if position == 0 else 'published'}")


def _run(change_keys: Callable[[], Result], change: KeyChange) -> Result:
    """The result of a change of the keys, which is logged; an unknown key is an error of the command line."""
    try:
        with transaction():
            # First, so that no key is changed where the change cannot be recorded.
            publish(ClientKeyChanged(change=change))
            result = change_keys()
    except client_keys.NoSuchKey as problem:
        raise click.ClickException(str(problem)) from problem
    log.info("client_key.changed", change=change)
    return result
