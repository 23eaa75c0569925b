"""Typed settings from PORTAL_* variables. A bad one stops the start and is named; ENV unset is production."""

import base64
import binascii
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOA = "http://id.elegnamnden.se/loa/1.0"
UNCERTIFIED = "http://id.swedenconnect.se/loa/1.0/uncertified-loa3"
DEVELOPMENT = {
    "secret_key": "development-secret-key",
    "data_keys": "ZGV2ZWxvcG1lbnQtZGV2ZWxvcG1lbnQtZGF0YS1rZXk=",
    "index_keys": "development-index-key",
    "code_key": "development-code-key",
    "database_url": "sqlite:///instance/kontakt.db",
    "base_url": "http://localhost:8000",
    "oidc_citizen_issuer": "http://127.0.0.1:8001",
    "oidc_citizen_client_id": "kontakt-medborgare",
    "oidc_citizen_client_secret": "test-secret-medborgare",
    "oidc_citizen_protected_claim": "https://testlegitimering.invalid/claim/protected",
    "oidc_staff_issuer": "http://127.0.0.1:8001",
    "oidc_staff_client_id": "kontakt-personal",
    "oidc_staff_client_secret": "test-secret-personal",
    "oidc_staff_protected_claim": "https://testlegitimering.invalid/claim/protected",
    "sms_gateway": "console",
    "mail_sender": "kontakt@kontakt.example",
}
OPTIONAL = frozenset({"sms_gateway", "oidc_citizen_protected_claim", "oidc_staff_protected_claim"})
REQUIRED_IN_PRODUCTION = (*(name for name in DEVELOPMENT if name not in OPTIONAL), "mail_server")


class BadSetting(Exception):
    """The environment cannot be used; the text names each variable and what is wrong with it."""


class Settings(BaseSettings):
    """Everything an installation decides outside its profile."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    env: Literal["development", "production"] = "production"
    secret_key: str = ""
    data_keys: str = ""
    index_keys: str = ""
    code_key: str = ""
    database_url: str = ""
    base_url: str = ""
    profile: str = "burlov"
    trusted_proxies: int = Field(0, ge=0, le=5)
    oidc_staff_issuer: str = ""
    oidc_staff_client_id: str = ""
    oidc_staff_client_secret: str = ""
    oidc_staff_acr: str = f"{LOA}/loa3 {LOA}/loa4 {UNCERTIFIED}"
    oidc_staff_email_domains: str = ""
    oidc_staff_protected_claim: str = ""
    oidc_staff_auth: Literal["client_secret_basic", "private_key_jwt"] = "client_secret_basic"
    oidc_citizen_issuer: str = ""
    oidc_citizen_client_id: str = ""
    oidc_citizen_client_secret: str = ""
    oidc_citizen_acr: str = f"{LOA}/loa3 {LOA}/loa4 {LOA}/eidas-nf-sub {LOA}/eidas-nf-high {UNCERTIFIED}"
    oidc_citizen_protected_claim: str = ""
    oidc_citizen_auth: Literal["client_secret_basic", "private_key_jwt"] = "client_secret_basic"
    oidc_providers: str = ""
    oidc_client_keys: str = ""
    mail_server: str = ""
    mail_port: int = Field(25, ge=1, le=65535)
    mail_username: str = ""
    mail_password: str = ""
    mail_security: Literal["none", "starttls", "tls"] = "starttls"
    mail_sender: str = ""
    mail_reply_to: str = ""
    sms_gateway: Literal["", "46elks", "console"] = ""
    sms_url: str = "https://api.46elks.com"
    sms_username: str = ""
    sms_password: str = ""
    sms_sender: str = "Kontakt"
    limits: Literal["on", "off"] = "on"

    @model_validator(mode="before")
    @classmethod
    def _development_defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("env") != "development":
            return values
        return DEVELOPMENT | {name: value for name, value in values.items() if value != ""}

    @model_validator(mode="after")
    def _fit_for_use(self) -> Self:
        problems = _address_problems(self) + _key_problems(self)
        problems += _production_problems(self) if self.env == "production" else []
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def development(self) -> bool:
        """Whether this is somebody's own machine."""
        return self.env == "development"


def _address_problems(settings: Settings) -> list[str]:
    parts = urlsplit(settings.base_url)
    fits = parts.scheme in ("http", "https") and parts.netloc and parts.path in ("", "/")
    if fits or not settings.base_url:
        return []
    return ["PORTAL_BASE_URL must be an address without a path, such as https://kontakt.example.se"]


def split(keys: str) -> list[str]:
    """The keys of a setting that may hold several, the newest first."""
    return [key.strip() for key in keys.split(",") if key.strip()]


def _key_problems(settings: Settings) -> list[str]:
    data, index = split(settings.data_keys), split(settings.index_keys)
    bad = {
        "PORTAL_DATA_KEYS must be Fernet keys, the newest first, with commas between": settings.data_keys
        and not (data and all(map(_is_data_key, data))),
        "PORTAL_INDEX_KEYS holds no key": settings.index_keys and not index,
    }
    return [text for text, true in bad.items() if true]


def _is_data_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False


def _production_problems(settings: Settings) -> list[str]:
    values = {name: getattr(settings, name) for name in REQUIRED_IN_PRODUCTION}
    for audience in ("citizen", "staff"):
        if getattr(settings, f"oidc_{audience}_auth") == "private_key_jwt":
            del values[f"oidc_{audience}_client_secret"]
    missing = [f"PORTAL_{name.upper()} is not set" for name, value in values.items() if not value]
    borrowed = [
        f"PORTAL_{name.upper()} has its development default, which is no secret"
        for name, value in values.items()
        if value and value == DEVELOPMENT.get(name)
    ]
    return missing + borrowed + _production_dangers(settings)


def _production_dangers(settings: Settings) -> list[str]:
    dangers = {
        "PORTAL_LIMITS=off is for development only": settings.limits == "off",
        "PORTAL_SMS_GATEWAY=console is for development only": settings.sms_gateway == "console",
        "PORTAL_SMS_USERNAME and PORTAL_SMS_PASSWORD are not set": _sms_without_login(settings),
        "PORTAL_BASE_URL must begin with https://": settings.base_url.startswith("http://"),
        "PORTAL_OIDC_STAFF_ISSUER must begin with https://": settings.oidc_staff_issuer.startswith("http://"),
        "PORTAL_OIDC_CITIZEN_ISSUER must begin with https://": settings.oidc_citizen_issuer.startswith(
            "http://"
        ),
        "PORTAL_SECRET_KEY must have at least 32 signs": 0 < len(settings.secret_key) < 32,
        "PORTAL_CODE_KEY must have at least 32 signs": 0 < len(settings.code_key) < 32,
    }
    return [text for text, true in dangers.items() if true]


def _sms_without_login(settings: Settings) -> bool:
    return settings.sms_gateway == "46elks" and not (settings.sms_username and settings.sms_password)


def load(**overrides: Any) -> Settings:
    """The settings of the environment, with overrides for tests. Raises BadSetting."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise BadSetting("\n".join(_plain(problem) for problem in error.errors())) from None


def _plain(problem: Any) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"PORTAL_{str(problem['loc'][0]).upper()}: {message}" if problem["loc"] else message


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Make these the settings of this process."""
    global _current
    _current = settings


def settings() -> Settings:
    """The settings of this process."""
    if _current is None:
        raise RuntimeError("config.use() has not been called")
    return _current
