"""Commands: flask --app wsgi member …"""

from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from portal import clock, db
from portal.cases.intake import codes
from portal.cases.ownership import departures, units
from portal.cli.member_options import MemberSpec, identifiers_of, member_spec, validate_number
from portal.config import settings
from portal.identity import commands as identity
from portal.identity import emergency_access, person_lookup, queries
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from portal.words.labels import ROLE

MAX_REASON = 200
member = AppGroup("member", help="Who is a member of staff, and as what.")


@member.command()
@member_spec
def add(spec: MemberSpec) -> None:
    """Add a member of staff by personnummer (12 digits), by a key at a staff provider, or by both."""
    with db.transaction():
        try:
            membership = identity.add_member(spec.name, spec.number, spec.role, spec.scope, spec.keys)
        except person_lookup.ConflictingIdentities as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Membership {membership.id}: {spec.name}, {spec.role}")


@member.command()
@click.argument("membership", type=int)
@click.argument("number")
@click.option("--name", required=True, help="The substitute's name, until they sign in.")
@click.option("--first", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--last", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day.")
def substitute(membership: int, number: str, name: str, first: datetime, last: datetime) -> None:
    """Add a substitute for a member of staff, by personnummer, from the first to the last day inclusive."""
    validate_number(number)
    # Midnight in Sweden at the start of the first day, and at the end of the last.
    start = clock.end_of_day(first.date() - timedelta(days=1))
    end = clock.end_of_day(last.date())
    with db.transaction():
        absent = _current_membership(membership)
        try:
            added = identity.add_substitute(absent, name, number, start, end)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Membership {added.id}: {name} stands in for {absent.person.name}")


def _current_membership(membership_id: int) -> Membership:
    membership = queries.membership(membership_id)
    if membership is None or membership not in queries.members():
        raise click.ClickException(f"no membership {membership_id} that runs")
    return membership


@member.command()
@click.argument("membership", type=int)
def remove(membership: int) -> None:
    """End a membership, say what hung on it, and let go of its open cases.

    An emergency access ends with its code and session.
    """
    with db.transaction():
        hangs = _hangs_on(membership)
        ended = identity.end_membership(membership)
        if ended:
            departures.release_cases(membership)
    if not ended:
        raise click.ClickException(f"no membership {membership} that runs")
    for line in hangs:
        click.echo(line)
    click.echo(f"Membership {membership} has ended.")


def _hangs_on(membership: int) -> list[str]:
    held = departures.holdings(membership)
    lines = [f"Handled {held.officer} open cases: they have no officer now."] if held.officer else []
    if held.contact:
        lines.append(f"Was the contact person of {held.contact} open cases.")
    names = ", ".join(units.left_by(membership))
    return [*lines, f"Was the last handler of: {names}."] if names else lines


@member.command(name="list")
def list_() -> None:
    """List the current memberships with the identifiers of their people."""
    unit_names, board_names = organisation.unit_names(), organisation.board_names()
    emergencies = {membership.id for membership in emergency_access.active_memberships()}
    for row in queries.members():
        place = unit_names.get(row.unit_id or 0) or board_names.get(row.board_id or 0)
        scope = place or ("administration" if row.administration_id else "all")
        mark = f"  BREAK-GLASS until {_moment(row.ended_at)}" if row.id in emergencies else ""
        line = f"{row.id:>4}  {ROLE[row.role]!s:<20} {row.person.name:<28} {scope:<20}"
        click.echo(f"{line} {identifiers_of(row.person)}{mark}")


@member.command(name="break-glass")
@click.option("--reason", required=True, help="Why; stays in the record, so name nobody.")
@click.option("--hours", type=click.IntRange(1, emergency_access.MAX_HOURS), default=1, show_default=True)
@member_spec
def break_glass_(spec: MemberSpec, reason: str, hours: int) -> None:
    """Open an emergency access (nödåtkomst): a role for some hours, with a code for signing in."""
    if not reason.strip() or not reason.isprintable() or len(reason) > MAX_REASON:
        raise click.BadParameter(f"one line of 1 to {MAX_REASON} signs", param_hint="--reason")
    with db.transaction():
        try:
            person = identity.find_or_add(spec.name, spec.number, spec.keys)
        except person_lookup.ConflictingIdentities as error:
            raise click.ClickException(str(error)) from error
        opened = identity.open_emergency(person, spec.role, spec.scope, reason, hours)
    membership = opened.membership
    click.echo(f"Membership {membership.id}: {spec.name}, {spec.role}, until {_moment(membership.ended_at)}")
    click.echo(f"Open {settings().base_url.rstrip('/')}/logga-in/nodatkomst within 15 minutes, and type:")
    # The only time that the code is shown: the database has its fingerprint alone.
    click.echo("-".join(codes.groups(opened.code)))
    click.echo(f"To end it early: member remove {membership.id}")


@member.command(name="break-glass-record")
def break_glass_record() -> None:
    """Print the log of emergency accesses, oldest first; exit 1 if a row has been changed or removed."""
    rows = emergency_access.log_entries()
    for row in rows:
        details = f"{row.reason!r}, until {_moment(row.until)}" if row.reason else ""
        line = f"{_moment(row.at)}  {row.event:<7} membership {row.membership_id}, {row.role}  {details}"
        click.echo(line.rstrip())
    if not emergency_access.is_intact(rows):
        raise click.ClickException("a row was changed or taken away: the seals do not fit")


def _moment(moment: datetime | None) -> str:
    return clock.stockholm(moment).strftime("%Y-%m-%d %H:%M") if moment else "-"
