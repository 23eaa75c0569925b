"""Typed settings from PORTAL_* environment variables, validated at start."""

import re
from collections.abc import Iterator
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.key_strength import fernet_weakness, is_fernet_key, shared_keys, weakness

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
    "storage": "instance/files",
    "sms_gateway": "console",
    "mail_sender": "kontakt@kontakt.example",
}
# Without a value the feature is off: no SMS, and no claim marks a person as protected.
OPTIONAL = frozenset({"sms_gateway", "oidc_citizen_protected_claim", "oidc_staff_protected_claim"})
KEYS = ("secret_key", "code_key", "index_keys", "data_keys")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# An address, or a name with the address in angle brackets.
ADDRESS = re.compile(r"(?:[^<>@,;]+<)?[^@\s<>,;]+@[^@\s<>.,;]+(?:\.[^@\s<>.,;]+)+>?")
# The path of a socket, or host:port.
CLAMD = r"^(?:|/.+|[^/\s]+:\d{1,5})$"
CONTACT = re.compile(r"(?:mailto:)?[^@\s<>,;:]+@[^@\s]+|https://[^\s/]+\S*")
REQUIRED_IN_PRODUCTION = (*(name for name in DEVELOPMENT if name not in OPTIONAL), "mail_server")


class BadSetting(Exception):
    """Invalid configuration. The message has a line for each variable, with its name and the reason."""


class Settings(BaseSettings):
    """The settings of an installation; the municipality's own content is in its profile."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    # Production unless set: an installation that forgets the variable gets the strict checks.
    env: Literal["development", "production"] = "production"
    secret_key: str = ""
    data_keys: str = ""
    index_keys: str = ""
    code_key: str = ""
    database_url: str = ""
    storage: str = ""
    clamd: str = Field("", pattern=CLAMD)
    listen_url: str = ""
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
    mail_return_path: str = ""
    mail_forward: str = ""
    imap_server: str = ""
    imap_port: int = Field(993, ge=1, le=65535)
    imap_username: str = ""
    imap_password: str = ""
    imap_security: Literal["none", "starttls", "tls"] = "tls"
    imap_folder: str = "INBOX"
    sms_gateway: Literal["", "46elks", "console"] = ""
    sms_url: str = "https://api.46elks.com"
    sms_username: str = ""
    sms_password: str = ""
    sms_sender: str = "Kontakt"
    limits: Literal["on", "off"] = "on"
    redis_url: str = ""
    processes: int = Field(1, ge=1, le=64)
    hsts_subdomains: Literal["on", "off"] = "off"
    security_contact: str = ""
    metrics_token: str = ""
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _development_defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("env") != "development":
            return values
        defaults = dict(DEVELOPMENT)
        for name, value in values.items():
            # An empty variable counts as unset, as in a compose file that passes on what it lacks.
            if value != "":
                defaults[name] = value
        return defaults

    @model_validator(mode="after")
    def _check(self) -> Self:
        problems = _address_problems(self) + _mail_problems(self) + _key_problems(self)
        if self.env == "production":
            problems += _production_problems(self)
        # All problems in one message, so that an installation is not corrected one restart at a time.
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def development(self) -> bool:
        """Whether this is a developer's machine: test identities and defaults without secrets are allowed."""
        return self.env == "development"


def _address_problems(settings: Settings) -> list[str]:
    problems = []
    parts = urlsplit(settings.base_url)
    is_origin = parts.scheme in ("http", "https") and parts.netloc and parts.path in ("", "/")
    if settings.base_url and not is_origin:
        problems.append(
            "PORTAL_BASE_URL must be an address without a path, such as https://kontakt.example.se"
        )
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://", "unix://")):
        problems.append("PORTAL_REDIS_URL must begin with redis://, rediss:// or unix://")
    if settings.listen_url and not settings.listen_url.startswith(("postgresql://", "postgresql+psycopg://")):
        problems.append("PORTAL_LISTEN_URL must begin with postgresql://")
    return problems


def _mail_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.security_contact and not CONTACT.fullmatch(settings.security_contact):
        problems.append("PORTAL_SECURITY_CONTACT must be an e-mail address, or begin with https://")
    for name in ("mail_sender", "mail_reply_to", "mail_return_path", "mail_forward"):
        value = getattr(settings, name)
        if value and not (value.isprintable() and ADDRESS.fullmatch(value)):
            problems.append(f"PORTAL_{name.upper()} must be an e-mail address")
    own = {address.lower() for address in (settings.mail_sender, settings.mail_reply_to) if address}
    if settings.mail_forward.lower() in own:
        problems.append("PORTAL_MAIL_FORWARD would send to the portal's own mailbox what it reads there")
    return problems + _imap_problems(settings)


def _imap_problems(settings: Settings) -> list[str]:
    if not settings.imap_server:
        return []
    problems = []
    if not (settings.imap_username and settings.imap_password):
        problems.append("PORTAL_IMAP_USERNAME and PORTAL_IMAP_PASSWORD are not set")
    if not (settings.imap_folder.isascii() and settings.imap_folder.isprintable()):
        problems.append("PORTAL_IMAP_FOLDER must be the name of a folder in ASCII")
    if settings.imap_security == "none" and settings.imap_server not in LOOPBACK:
        problems.append("PORTAL_IMAP_SECURITY=none would send PORTAL_IMAP_PASSWORD unencrypted")
    return problems


def split_keys(keys: str) -> list[str]:
    """The keys of a comma-separated setting, newest first."""
    return [key.strip() for key in keys.split(",") if key.strip()]


def _key_problems(settings: Settings) -> list[str]:
    problems = []
    data_keys = split_keys(settings.data_keys)
    if settings.data_keys and not (data_keys and all(map(is_fernet_key, data_keys))):
        problems.append("PORTAL_DATA_KEYS must be Fernet keys, the newest first, with commas between")
    if settings.index_keys and not split_keys(settings.index_keys):
        problems.append("PORTAL_INDEX_KEYS holds no key")
    return problems


def _production_problems(settings: Settings) -> list[str]:
    missing = []
    defaults = []
    for name in _required_in_production(settings):
        value = getattr(settings, name)
        if not value:
            missing.append(f"PORTAL_{name.upper()} is not set")
        elif value == DEVELOPMENT.get(name):
            defaults.append(f"PORTAL_{name.upper()} has its development default, which is no secret")
    return missing + defaults + _unsafe_in_production(settings)


def _required_in_production(settings: Settings) -> list[str]:
    names = list(REQUIRED_IN_PRODUCTION)
    for audience in ("citizen", "staff"):
        # The client then proves itself by its private key (RFC 7523) and has no secret.
        if getattr(settings, f"oidc_{audience}_auth") == "private_key_jwt":
            names.remove(f"oidc_{audience}_client_secret")
    return names


def _unsafe_in_production(settings: Settings) -> list[str]:
    unsafe = {
        "PORTAL_LIMITS=off is for development only": settings.limits == "off",
        "PORTAL_SMS_GATEWAY=console is for development only": settings.sms_gateway == "console",
        "PORTAL_SMS_USERNAME and PORTAL_SMS_PASSWORD are not set": _sms_without_login(settings),
        "PORTAL_BASE_URL must begin with https://": settings.base_url.startswith("http://"),
        "PORTAL_OIDC_STAFF_ISSUER must begin with https://": settings.oidc_staff_issuer.startswith("http://"),
        "PORTAL_OIDC_CITIZEN_ISSUER must begin with https://": settings.oidc_citizen_issuer.startswith(
            "http://"
        ),
        "PORTAL_MAIL_SECURITY=none would send PORTAL_MAIL_PASSWORD unencrypted": _mail_password_in_clear(
            settings
        ),
        "PORTAL_SMS_URL must begin with https://": _sms_password_in_clear(settings),
        "PORTAL_REDIS_URL must begin with rediss://": _redis_password_in_clear(settings),
    }
    problems = [message for message, applies in unsafe.items() if applies]
    keys = {f"PORTAL_{name.upper()}": split_keys(getattr(settings, name)) for name in KEYS}
    return problems + list(_weak_keys(settings)) + list(shared_keys(keys))


def _mail_password_in_clear(settings: Settings) -> bool:
    # On the machine itself nothing passes a network.
    has_login = bool(settings.mail_username or settings.mail_password)
    return settings.mail_security == "none" and has_login and settings.mail_server not in LOOPBACK


def _sms_password_in_clear(settings: Settings) -> bool:
    parts = urlsplit(settings.sms_url)
    return settings.sms_gateway == "46elks" and parts.scheme != "https" and parts.hostname not in LOOPBACK


def _redis_password_in_clear(settings: Settings) -> bool:
    parts = urlsplit(settings.redis_url)
    return parts.scheme == "redis" and bool(parts.password) and parts.hostname not in LOOPBACK


def _weak_keys(settings: Settings) -> Iterator[str]:
    for name in KEYS:
        for key in split_keys(getattr(settings, name)):
            if key == DEVELOPMENT[name]:
                # The first alone is named as a missing setting is; one after it hides in the list.
                if getattr(settings, name) != key:
                    yield f"PORTAL_{name.upper()} holds the development key, which is no secret"
            elif reason := fernet_weakness(key) if name == "data_keys" else weakness(key):
                yield f"PORTAL_{name.upper()} {reason}"


def _sms_without_login(settings: Settings) -> bool:
    return settings.sms_gateway == "46elks" and not (settings.sms_username and settings.sms_password)


def load(**overrides: Any) -> Settings:
    """Read the settings from the environment; overrides are for tests. Raises BadSetting."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        # Without the cause: pydantic's own text repeats the rejected value, which may be a secret.
        raise BadSetting("\n".join(map(_message, error.errors()))) from None


def _message(problem: Any) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"PORTAL_{str(problem['loc'][0]).upper()}: {message}" if problem["loc"] else message


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Set the settings of this process."""
    global _current
    _current = settings


def settings() -> Settings:
    """The settings of this process. Raises RuntimeError before use() has been called."""
    if _current is None:
        raise RuntimeError("config.use() has not been called")
    return _current
