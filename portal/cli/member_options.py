"""Shared options of the member commands: the person, the role and its scope."""

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
UNIT_SCOPES = {"unit", "board", "everywhere"}
# The options of which a role takes exactly one; other roles take none of them.
SCOPE_OPTIONS = {
    Role.OFFICER: UNIT_SCOPES,
    Role.HEAD_OF_UNIT: UNIT_SCOPES,
    Role.HEAD_OF_ADMINISTRATION: {"administration"},
    Role.RECORDS_OFFICER: {"board", "everywhere"},
}
# What may be a personnummer or samordningsnummer within a text: the birth date, and four more digits.
NUMBER = re.compile(r"(?<!\d)((?:\d\d)?\d\d(?:0\d|1[0-2])[0-36-9]\d)[-+]?\d{4}(?!\d)")


@dataclass(frozen=True)
class MemberSpec:
    """The membership that the options of a command describe."""

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
        "--everywhere", is_flag=True, help="For every unit or every register: a role of fewer must say so."
    ),
)


def member_spec(command: Callable[..., None]) -> Callable[..., None]:
    """Decorator that adds OPTIONS to a command, which receives them as one MemberSpec."""

    @wraps(command)
    def with_spec(words: tuple[str, ...], name: str, **options: Any) -> None:
        number, role = _number_and_role(words)
        values = {kind: options.pop(kind) for kind in KeyKind}
        keys = tuple(_keys(options.pop("provider"), values))
        if number is None and not keys:
            raise click.UsageError("name somebody by NUMBER, --subject, --affiliation or --email")
        scopes = {option: options.pop(option) for option in (*PARTS, "everywhere")}
        command(MemberSpec(name, number, keys, role, _scope(role, scopes)), **options)

    # Last first, as a stack of decorators is applied: --help lists them in the order of OPTIONS.
    return reduce(lambda decorated, option: option(decorated), reversed(OPTIONS), with_spec)


def _number_and_role(words: tuple[str, ...]) -> tuple[str | None, Role]:
    *rest, role = words
    # The message repeats no argument: a number in the wrong position would end up on the screen and in logs.
    if len(rest) > 1 or role not in ROLES:
        raise click.BadParameter(f"after an optional number, one of {', '.join(ROLES)}", param_hint="ROLE")
    return (validate_number(rest[0]) if rest else None), Role(role)


def validate_number(number: str) -> str:
    """The number unchanged. Raises BadParameter if it is not a possible identity number."""
    if not identity_numbers.is_valid(number):
        raise click.BadParameter("not a personnummer of 12 digits", param_hint="NUMBER")
    return number


def _keys(name: str, values: dict[KeyKind, str | None]) -> Iterator[Key]:
    provider = providers.get(name)
    if provider is None or provider.audience != providers.STAFF:
        raise click.BadParameter(f"{name!r} is no provider of staff", param_hint="--provider")
    for kind, value in values.items():
        key = Key.of(provider.issuer, kind, value)
        if value is not None and key is None:
            raise click.BadParameter("cannot be one", param_hint=f"--{kind}")
        # At sign-in an address of another domain is ignored, so this key would never match.
        if key and kind is KeyKind.EMAIL and key.value.rpartition("@")[2] not in provider.email_domains:
            raise click.BadParameter(f"{name} has no such domain in its email_domains", param_hint="--email")
        if key:
            yield key


def _scope(role: Role, values: dict[str, Any]) -> identity.MembershipScope:
    chosen = {name for name, key in values.items() if key}
    allowed = SCOPE_OPTIONS.get(role, set())
    if chosen - allowed or len(chosen) != bool(allowed):
        names = " or ".join(f"--{name}" for name in sorted(allowed)) or "no place at all"
        raise click.UsageError(f"{role.value} takes {names}")
    # Without a board and without a common registry a records officer would reach no case at all.
    if role is Role.RECORDS_OFFICER and not (values["board"] or organisation.profile().common_registry):
        raise click.UsageError(f"the profile has no common_registry: {role.value} takes --board")
    return identity.MembershipScope(**{name: _part_id(name, values[name]) for name in PARTS})


PARTS: dict[str, Callable[[str], Any]] = {
    "unit": organisation.unit,
    "board": organisation.board,
    "administration": organisation.administration,
}


def _part_id(name: str, key: str | None) -> int | None:
    part = PARTS[name](key) if key else None
    if key and not part:
        raise click.BadParameter(f"no open {name} {key!r} in the profile", param_hint=f"--{name}")
    return part.id if part else None


def identifiers_of(person: Person) -> str:
    """The identifiers by which a person is recognised at sign-in, with personnummer masked."""
    identifiers = []
    if person.identity_number:
        identifiers.append(f"number {mask_numbers(person.identity_number)}")
    if person.prid:
        identifiers.append("prid")
    for key in staff_identifiers.keys_of(person.id):
        # A subject or an e-mail address may contain a personnummer too.
        identifiers.append(f"{key.kind} {mask_numbers(key.value)}")
    return ", ".join(identifiers) or "nothing"


def mask_numbers(text: str) -> str:
    """Replace the last four digits of anything that may be a personnummer by asterisks."""
    return NUMBER.sub(r"\1****", text)
