"""Commands: flask --app wsgi profile …"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from portal.cases.actions import extensions
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.config import settings
from portal.db import session, transaction
from portal.identity.actors import System
from portal.identity.models import Membership
from portal.operations import migrations
from portal.organisation.commands import Applied, Change
from portal.organisation.lines import line_of
from portal.organisation.loading import ProfileError, load
from portal.web import languages

profile = AppGroup("profile", help="The municipality's profile.")


@profile.command()
@click.argument("name_or_path", required=False)
def check(name_or_path: str | None) -> None:
    """Say what is wrong with a profile: file, line and reason. Without a name, that of PORTAL_PROFILE."""
    wanted = name_or_path or settings().profile
    try:
        found = load(wanted)
    except ProfileError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{wanted}: in order. {len(found.units)} units, {len(found.categories)} topics.")
    for language in languages.NAMES:
        for text in found.untranslated(language):
            click.echo(f"{language}: no translation of {text!r}")
        for text in found.unused(language):
            line = line_of(found.text, f"translations.{language}.{text}")
            click.echo(f"{wanted}:{line}: translations.{language}: {text!r} is no text of the profile")


@profile.command()
def apply() -> None:
    """Make the profile of PORTAL_PROFILE the municipality's, and say what that changed."""
    tell(migrations.apply_profile())


def tell(applied: Applied | None) -> None:
    """Say what was opened, changed and closed, warn of what a closed unit still has, and count dates anew."""
    if applied is None:
        click.echo("Profile unchanged.")
        return
    click.echo(f"Profile applied: {applied.version.profile}, version {applied.version.id}.")
    sorts = sorted(applied.changes, key=_sort)
    for (happened, part), each in groupby(sorts, key=_sort):
        click.echo(f"  {happened} {part}: {', '.join(change.key for change in each)}")
    for warning in left_behind(applied.changes):
        click.echo(warning, err=True)
    with transaction():
        moved = extensions.recount(System())
    if moved:
        click.echo(f"{moved} open cases have another date, since the closed days have changed.")


def _sort(change: Change) -> tuple[str, str]:
    return change.happened, change.part


def left_behind(changes: Iterable[Change]) -> Iterator[str]:
    """A warning for each unit that was closed with open cases or memberships."""
    for unit in (change for change in changes if _sort(change) == ("closed", "unit")):
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
