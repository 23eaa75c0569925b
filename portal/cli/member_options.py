"""How the member commands name somebody, say what they become, and show what is known of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce, wraps
from typing import Any

import click

from portal.formats import identity_numbers
from portal.identity import commands as identity
from portal.identity import staff_identifiers
from portal.identity.actors import Role
from portal.identity.models import Person
from portal.identity.oidc import providers
from portal.identity.oidc.identified import Key, KeyKind
from portal.organisation import queries as organisation

ROLES = [role.value for role in Role]
IN_UNITS = {"unit", "board", "everywhere"}
WHERE = {
    Role.OFFICER: IN_UNITS,
    Role.HEAD_OF_UNIT: IN_UNITS,
    Role.HEAD_OF_ADMINISTRATION: {"administration"},
}
# What can be a personnummer or samordningsnummer: a day of birth, and four digits that no screen shows.
NUMBER = re.compile(r"(?<!\d)((?:\d\d)?\d\d(?:0\d|1[0-2])[0-36-9]\d)[-+]?\d{4}(?!\d)")


@dataclass(frozen=True)
class MemberSpec:
    """Who shall become what, and where."""

    name: str
    number: str | None
    keys: tuple[Key, ...]
    role: Role
    scope: identity.MembershipScope


OPTIONS = (
    click.argument("words", nargs=-1, required=True, metavar="[NUMBER] ROLE"),
    click.option("--name", required=True, help="The person's name, until they sign in."),
    click.option(
        "--provider", default=providers.STAFF, show_default=True, help="Of staff, for what follows."
    ),
    click.option("--subject", help="What the provider calls them (sub)."),
    click.option("--affiliation", help="Their orgAffiliation there, such as a HSA-id or user@organisation."),
    click.option("--email", help="Their address there, in one of its email_domains."),
    click.option("--unit", help="Key of a unit in the profile."),
    click.option("--board", help="Key of a board in the profile."),
    click.option("--administration", help="Key of an administration in the profile."),
    click.option(
        "--everywhere", is_flag=True, help="For every unit: an officer or a head of unit must say so."
    ),
)


def member_spec(command: Callable[..., None]) -> Callable[..., None]:
    """The options that name somebody and a role; the command gets them as one Wanted."""

    @wraps(command)
    def read(words: tuple[str, ...], name: str, **given: Any) -> None:
        number, role = _number_and_role(words)
        keys = tuple(_keys(given.pop("provider"), {kind: given.pop(kind) for kind in KeyKind}))
        if number is None and not keys:
            raise click.UsageError("name somebody by NUMBER, --subject, --affiliation or --email")
        where = {place: given.pop(place) for place in (*PLACES, "everywhere")}
        command(MemberSpec(name, number, keys, role, _scope(role, where)), **given)

    return reduce(lambda made, option: option(made), reversed(OPTIONS), read)


def _number_and_role(words: tuple[str, ...]) -> tuple[str | None, Role]:
    """Neither is repeated on the screen: a number may stand in the other's place."""
    *rest, role = words
    if len(rest) > 1 or role not in ROLES:
        raise click.BadParameter(f"after an optional number, one of {', '.join(ROLES)}", param_hint="ROLE")
    return (checked(rest[0]) if rest else None), Role(role)


def checked(number: str) -> str:
    """The number, when it can be one. Raises BadParameter."""
    if not identity_numbers.valid(number):
        raise click.BadParameter("not a personnummer of 12 digits", param_hint="NUMBER")
    return number


def _keys(name: str, given: dict[KeyKind, str | None]) -> Iterator[Key]:
    provider = providers.named(name)
    if provider is None or provider.audience != providers.STAFF:
        raise click.BadParameter(f"{name!r} is no provider of staff", param_hint="--provider")
    for kind, written in given.items():
        key = Key.of(provider.issuer, kind, written)
        if written is not None and key is None:
            raise click.BadParameter("cannot be one", param_hint=f"--{kind}")
        if key and kind is KeyKind.EMAIL and key.value.rpartition("@")[2] not in provider.email_domains:
            raise click.BadParameter(f"{name} has no such domain in its email_domains", param_hint="--email")
        if key:
            yield key


def _scope(role: Role, where: dict[str, Any]) -> identity.MembershipScope:
    """A role that works in a place has exactly one, and the others have none."""
    given, allowed = {place for place, key in where.items() if key}, WHERE.get(role, set())
    if given - allowed or len(given) != bool(allowed):
        places = " or ".join(f"--{place}" for place in sorted(allowed)) or "no place at all"
        raise click.UsageError(f"{role.value} takes {places}")
    return identity.MembershipScope(**{place: _found(place, where[place]) for place in PLACES})


PLACES: dict[str, Callable[[str], Any]] = {
    "unit": organisation.unit,
    "board": organisation.board,
    "administration": organisation.administration,
}


def _found(place: str, key: str | None) -> int | None:
    found = PLACES[place](key) if key else None
    if key and not found:
        raise click.BadParameter(f"no open {place} {key!r} in the profile", param_hint=f"--{place}")
    return found.id if found else None


def known_by(person: Person) -> str:
    """Each way that somebody can be known, never a whole personnummer."""
    number = [f"number {masked(person.identity_number)}"] if person.identity_number else []
    prid = ["prid"] if person.prid else []
    keys = [f"{key.kind} {masked(key.value)}" for key in staff_identifiers.of(person.id)]
    return ", ".join([*number, *prid, *keys]) or "nothing"


def masked(text: str) -> str:
    """The same without the last four digits of what can be a personnummer."""
    return NUMBER.sub(r"\1****", text)
