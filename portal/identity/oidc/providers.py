"""The identity providers of this installation: two by settings, more (or more about them) in a file."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from portal.config import BadSetting, Settings

CITIZENS, STAFF = "medborgare", "personal"
Audience = Literal["medborgare", "personal"]
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SCOPE = "https://id.oidc.se/scope"
SCOPES = {
    CITIZENS: f"openid {SCOPE}/naturalPersonInfo {SCOPE}/naturalPersonNumber",
    STAFF: f"openid {SCOPE}/naturalPersonInfo {SCOPE}/naturalPersonNumber {SCOPE}/naturalPersonOrgId",
}
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
# A session that no provider has opened: see break_glass.py.
NO_PROVIDER = "nodatkomst"
FILE = "PORTAL_OIDC_PROVIDERS"


class Provider(BaseModel):
    """One provider, as an installation has agreed with it."""

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
    def _words(cls, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    @field_validator("algorithms")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not set(value) <= set(ALGORITHMS):
            raise ValueError(f"may hold {', '.join(ALGORITHMS)}: never none, never HMAC")
        return value

    @field_validator("email_domains")
    @classmethod
    def _domains(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(domain.lower() for domain in value)
        if not all(map(DOMAIN.fullmatch, found)):
            raise ValueError("holds what is no domain, such as kommun.example")
        return found

    @property
    def scope(self) -> str:
        """What is asked for."""
        return self.scopes or SCOPES[self.audience] + (" email" if self.email_domains else "")


def read(settings: Settings) -> dict[str, Provider]:
    """Every provider by its name, those of the settings first. Raises BadSetting."""
    described = {name: _of_settings(settings, name) for name in (CITIZENS, STAFF)}
    for name, more in _of_file(settings.oidc_providers).items():
        described[name] = described.get(name, {"name": name}) | more
    found = {name: _provider(name, given) for name, given in described.items()}
    if problems := [text for each in found.values() for text in _problems(each, settings)]:
        raise BadSetting("\n".join(problems))
    return found


def _of_settings(settings: Settings, name: str) -> dict[str, Any]:
    prefix = "oidc_citizen_" if name == CITIZENS else "oidc_staff_"
    given = settings.model_dump()
    parts = ["issuer", "client_id", "client_secret", "auth", "acr", "protected_claim"]
    parts += ["email_domains"] if name == STAFF else []
    return {"name": name, "audience": name} | {part: given[prefix + part] for part in parts}


def _of_file(path: str) -> Mapping[str, dict[str, Any]]:
    if not path:
        return {}
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSetting(f"{FILE} cannot be read: {type(error).__name__}") from None
    if wrong := [name for name, each in found.items() if not _is_name(name) or not _table(each)]:
        raise BadSetting(f"{FILE}: no name of a provider: {', '.join(wrong)}")
    return found


def _is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None and name != NO_PROVIDER


def _table(value: Any) -> bool:
    return isinstance(value, dict) and not {"name"} & set(value)


def _provider(name: str, given: dict[str, Any]) -> Provider:
    try:
        return Provider(**given)
    except ValidationError as error:
        raise BadSetting("\n".join(f"{FILE}: {name}: {_plain(each)}" for each in error.errors())) from None


def _plain(problem: Any) -> str:
    """What is wrong and where; never what was written there."""
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"


def _problems(provider: Provider, settings: Settings) -> list[str]:
    with_key = provider.auth == "private_key_jwt"
    wrong = {
        "needs a client_secret": not with_key and not provider.client_secret,
        "needs PORTAL_OIDC_CLIENT_KEYS for private_key_jwt": with_key and not settings.oidc_client_keys,
        "is for its own audience alone": provider.name in (CITIZENS, STAFF)
        and provider.name != provider.audience,
        "email_domains are for staff alone": bool(provider.email_domains) and provider.audience != STAFF,
        "issuer must begin with https://": not settings.development
        and not provider.issuer.startswith("https://"),
    }
    return [f"{FILE}: {provider.name}: {text}" for text, is_wrong in wrong.items() if is_wrong]


_known: dict[str, Provider] = {}


def use(found: Mapping[str, Provider]) -> None:
    """Make these the providers of this process."""
    _known.clear()
    _known.update(found)


def every() -> tuple[Provider, ...]:
    """All of them, in their order."""
    return tuple(_known.values())


def named(name: str) -> Provider | None:
    """The provider with this name, or None."""
    return _known.get(name)


def of(audience: str) -> tuple[Provider, ...]:
    """Where citizens, or where staff, sign in."""
    return tuple(each for each in every() if each.audience == audience)


def audience(name: str) -> str | None:
    """For whom a provider vouches; None when it is no longer one of ours."""
    found = named(name)
    return found.audience if found else None
