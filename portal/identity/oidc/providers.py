"""The identity providers of this installation: two from the settings, more of them from a TOML file."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from portal.config import BadSetting, Settings

CITIZENS = "medborgare"
STAFF = "personal"
Audience = Literal["medborgare", "personal"]
# Asymmetric only: with HMAC the client secret would be enough to forge a token.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SCOPE = "https://id.oidc.se/scope"
SCOPES = {
    CITIZENS: f"openid {SCOPE}/naturalPersonInfo {SCOPE}/naturalPersonNumber",
    STAFF: f"openid {SCOPE}/naturalPersonInfo {SCOPE}/naturalPersonNumber {SCOPE}/naturalPersonOrgId",
}
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
# The provider of a session that was opened with emergency access: see emergency_access.py.
NO_PROVIDER = "nodatkomst"
FILE = "PORTAL_OIDC_PROVIDERS"


class Provider(BaseModel):
    """The configuration of one provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    audience: Audience
    issuer: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    client_secret: str = ""
    auth: Literal["client_secret_basic", "private_key_jwt"] = "client_secret_basic"
    assertion_audience: Literal["issuer", "token_endpoint"] = "issuer"
    label: str = ""
    acr: tuple[str, ...] = Field(min_length=1)
    email_domains: tuple[str, ...] = ()
    email_verified_required: bool = True
    algorithms: tuple[str, ...] = Field(ALGORITHMS, min_length=1)
    scopes: str = ""
    auth_time_required: bool = True
    max_age: int | None = Field(None, ge=0)
    protected_claim: str = ""

    @field_validator("acr", "email_domains", mode="before")
    @classmethod
    def _split_words(cls, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    @field_validator("algorithms")
    @classmethod
    def _check_algorithms(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not set(value) <= set(ALGORITHMS):
            raise ValueError(f"may hold {', '.join(ALGORITHMS)}: never none, never HMAC")
        return value

    @field_validator("email_domains")
    @classmethod
    def _check_domains(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        domains = tuple(map(str.lower, value))
        if not all(map(DOMAIN.fullmatch, domains)):
            raise ValueError("holds what is no domain, such as kommun.example")
        return domains

    @property
    def scope(self) -> str:
        """The scopes of the authorization request, separated by spaces."""
        return self.scopes or SCOPES[self.audience] + (" email" if self.email_domains else "")


def read(settings: Settings) -> dict[str, Provider]:
    """Return the providers by name, those of the settings first. Raises BadSetting."""
    tables = {name: _from_settings(settings, name) for name in (CITIZENS, STAFF)}
    for name, table in _from_file(settings.oidc_providers).items():
        # The file may add to a provider of the settings, or override it.
        tables[name] = tables.get(name, {"name": name}) | table
    providers = {name: _parse_provider(name, table) for name, table in tables.items()}
    # All problems at once, so that an installation is not corrected one restart at a time.
    problems: list[str] = []
    for provider in providers.values():
        problems += _problems(provider, settings)
    if problems:
        raise BadSetting("\n".join(problems))
    return providers


def _from_settings(settings: Settings, name: str) -> dict[str, Any]:
    prefix = "oidc_citizen_" if name == CITIZENS else "oidc_staff_"
    values = settings.model_dump()
    fields = ["issuer", "client_id", "client_secret", "auth", "acr", "protected_claim"]
    if name == STAFF:
        fields.append("email_domains")
    return {"name": name, "audience": name} | {field: values[prefix + field] for field in fields}


def _from_file(path: str) -> Mapping[str, dict[str, Any]]:
    if not path:
        return {}
    try:
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        # Only the type: a parser's message may quote a client_secret.
        raise BadSetting(f"{FILE} cannot be read: {type(error).__name__}") from None
    if invalid := [name for name, table in tables.items() if not _is_provider_table(name, table)]:
        raise BadSetting(f"{FILE}: no name of a provider: {', '.join(invalid)}")
    return tables


def _is_provider_table(name: str, table: Any) -> bool:
    has_name = NAME.fullmatch(name) is not None and name != NO_PROVIDER
    return has_name and isinstance(table, dict) and "name" not in table


def _parse_provider(name: str, table: dict[str, Any]) -> Provider:
    try:
        return Provider(**table)
    except ValidationError as error:
        problems = [f"{FILE}: {name}: {_describe(problem)}" for problem in error.errors()]
        raise BadSetting("\n".join(problems)) from None


def _describe(problem: Any) -> str:
    # Field and message of a pydantic error, without the input, which may be a client_secret.
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"


def _problems(provider: Provider, settings: Settings) -> list[str]:
    with_key = provider.auth == "private_key_jwt"
    problems = {
        "needs a client_secret": not with_key and not provider.client_secret,
        "needs PORTAL_OIDC_CLIENT_KEYS for private_key_jwt": with_key and not settings.oidc_client_keys,
        "is for its own audience alone": provider.name in (CITIZENS, STAFF)
        and provider.name != provider.audience,
        "email_domains are for staff alone": bool(provider.email_domains) and provider.audience != STAFF,
        "issuer must begin with https://": not settings.development
        and not provider.issuer.startswith("https://"),
    }
    return [f"{FILE}: {provider.name}: {text}" for text, applies in problems.items() if applies]


_registered: dict[str, Provider] = {}


def register(providers: Mapping[str, Provider]) -> None:
    """Replace the providers of this process."""
    _registered.clear()
    _registered.update(providers)


def all_providers() -> tuple[Provider, ...]:
    """Return the providers in configured order."""
    return tuple(_registered.values())


def get(name: str) -> Provider | None:
    """Return the provider with this name."""
    return _registered.get(name)


def for_audience(audience: str) -> tuple[Provider, ...]:
    """Return the providers at which citizens, or staff, sign in."""
    return tuple(provider for provider in all_providers() if provider.audience == audience)


def audience_of(name: str) -> str | None:
    """Return the audience of a provider; None if it is no longer configured."""
    provider = get(name)
    return provider.audience if provider else None
