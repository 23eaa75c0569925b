"""Commands: flask --app wsgi profile …"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from portal import db
from portal.cases.actions import extensions
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.config import settings
from portal.db import session, transaction
from portal.identity.actors import System
from portal.identity.models import Membership
from portal.operations import migrations
from portal.operations.checks import NO_OFFICER
from portal.organisation import consistency
from portal.organisation.commands import Applied, Change
from portal.organisation.lines import line_of
from portal.organisation.loading import ProfileError, load
from portal.organisation.profile import Profile
from portal.web import languages

profile = AppGroup("profile", help="The municipality's profile.", callback=db.lift_time_limits)


@profile.command()
@click.argument("name_or_path", required=False)
def check(name_or_path: str | None) -> None:
    """Validate a profile, by default that of PORTAL_PROFILE: file, line and reason of each problem."""
    source = name_or_path or settings().profile
    try:
        loaded = load(source)
    except ProfileError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{source}: in order. {len(loaded.units)} units, {len(loaded.categories)} topics.")
    # Not an error: pages in another language show the Swedish text where there is no translation.
    for language in languages.NAMES:
        for text in loaded.untranslated(language):
            click.echo(f"{language}: no translation of {text!r}")
        for text in loaded.unused(language):
            line = line_of(loaded.text, f"translations.{language}.{text}")
            click.echo(f"{source}:{line}: translations.{language}: {text!r} is no text of the profile")
    _report_before_use(loaded, source)


def _report_before_use(loaded: Profile, source: str) -> None:
    """Name what the public pages lack, and what is invented; in production an officer must be there."""
    for problem in consistency.missing(loaded):
        click.echo(f"{source}: missing: {problem}")
    for path in consistency.examples(loaded):
        click.echo(f"{source}:{line_of(loaded.text, path)}: {path}: is an example: replace it before use")
    if settings().env == "production" and consistency.lacks_officer(loaded):
        raise click.ClickException(NO_OFFICER)


@profile.command()
def apply() -> None:
    """Apply the profile of PORTAL_PROFILE and print the changes."""
    report_applied(migrations.apply_profile())


def report_applied(applied: Applied | None) -> None:
    """Print the changes of an applied profile, warn about closed units and recalculate due dates."""
    if applied is None:
        click.echo("Profile unchanged.")
        return
    click.echo(f"Profile applied: {applied.version.profile}, version {applied.version.id}.")
    for (kind, part), changes in groupby(sorted(applied.changes, key=_group), key=_group):
        click.echo(f"  {kind} {part}: {', '.join(change.key for change in changes)}")
    for warning in closed_unit_warnings(applied.changes):
        click.echo(warning, err=True)
    # A transaction of its own: an error here must not undo the profile, and `cases recount` does it again.
    with transaction():
        moved = extensions.recount(System())
    if moved:
        click.echo(f"{moved} open cases have another date, since the closed days have changed.")


def _group(change: Change) -> tuple[str, str]:
    return change.kind, change.part


def closed_unit_warnings(changes: Iterable[Change]) -> Iterator[str]:
    """A warning for each closed unit that still has open cases or memberships."""
    for unit in changes:
        if _group(unit) != ("closed", "unit"):
            continue
        own = sa.or_(Case.handling_unit_id == unit.id, Case.responsible_unit_id == unit.id)
        cases = _count(Case, own, Case.status.in_(OPEN))
        memberships = _count(Membership, Membership.unit_id == unit.id, Membership.ended_at.is_(None))
        if cases or memberships:
            yield (
                f"Warning: the closed unit {unit.key} still has {cases} open cases "
                f"and {memberships} memberships. They stay as they are until somebody moves or ends them."
            )


def _count(model: type[Case | Membership], *where: sa.ColumnElement[bool]) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0
