"""Commands: flask --app wsgi member …"""

from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from portal import clock, db
from portal.cases.intake import codes
from portal.cli.member_options import MemberSpec, checked, known_by, member_spec
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
def add(who: MemberSpec) -> None:
    """Give somebody a role: by personnummer (12 digits), by a key at a staff provider, or by both."""
    with db.transaction():
        try:
            found = identity.add_member(who.name, who.number, who.role, who.scope, who.keys)
        except person_lookup.TwoPeople as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Membership {found.id}: {who.name}, {who.role}")


@member.command()
@click.argument("membership", type=int)
@click.argument("number")
@click.option("--name", required=True, help="The substitute's name, until they sign in.")
@click.option("--first", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--last", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day.")
def substitute(membership: int, number: str, name: str, first: datetime, last: datetime) -> None:
    """Let the person with this personnummer stand in for a member of staff, both days included."""
    checked(number)
    start, end = clock.end_of_day(first.date() - timedelta(days=1)), clock.end_of_day(last.date())
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
    """End a membership; what the person has done stays. So do its code and session, if any."""
    with db.transaction():
        found = identity.end_membership(membership)
    if not found:
        raise click.ClickException(f"no membership {membership} that runs")
    click.echo(f"Membership {membership} has ended.")


@member.command(name="list")
def list_() -> None:
    """Every membership that runs, and by what its person is known."""
    units, emergencies = organisation.unit_names(), {each.id for each in emergency_access.open_now()}
    for each in queries.members():
        where = units.get(each.unit_id or 0, "") or ("administration" if each.administration_id else "all")
        mark = f"  BREAK-GLASS until {_moment(each.ended_at)}" if each.id in emergencies else ""
        line = f"{each.id:>4}  {ROLE[each.role]!s:<20} {each.person.name:<28} {where:<20}"
        click.echo(f"{line} {known_by(each.person)}{mark}")


@member.command(name="break-glass")
@click.option("--reason", required=True, help="Why; stays in the record, so name nobody.")
@click.option("--hours", type=click.IntRange(1, emergency_access.MAX_HOURS), default=1, show_default=True)
@member_spec
def break_glass_(who: MemberSpec, reason: str, hours: int) -> None:
    """Nödåtkomst: give somebody a role for some hours, and a code that opens a session without a provider."""
    if not reason.strip() or not reason.isprintable() or len(reason) > MAX_REASON:
        raise click.BadParameter(f"one line of 1 to {MAX_REASON} signs", param_hint="--reason")
    with db.transaction():
        try:
            person = identity.find_or_add(who.name, who.number, who.keys)
        except person_lookup.TwoPeople as error:
            raise click.ClickException(str(error)) from error
        opened = identity.open_emergency(person, who.role, who.scope, reason, hours)
    given = opened.membership
    click.echo(f"Membership {given.id}: {who.name}, {who.role}, until {_moment(given.ended_at)}")
    click.echo(f"Open {settings().base_url.rstrip('/')}/logga-in/nodatkomst within 15 minutes, and type:")
    click.echo("-".join(codes.groups(opened.code)))
    click.echo(f"To end it early: member remove {given.id}")


@member.command(name="break-glass-record")
def break_glass_record() -> None:
    """All that has happened to emergency accesses, the oldest first; exit 1 where a row was changed."""
    rows = emergency_access.record()
    for row in rows:
        told = f"{row.reason!r}, until {_moment(row.until)}" if row.reason else ""
        click.echo(
            f"{_moment(row.at)}  {row.event:<7} membership {row.membership_id}, {row.role}  {told}".rstrip()
        )
    if not emergency_access.is_whole(rows):
        raise click.ClickException("a row was changed or taken away: the seals do not fit")


def _moment(moment: datetime | None) -> str:
    return clock.stockholm(moment).strftime("%Y-%m-%d %H:%M") if moment else "-"
