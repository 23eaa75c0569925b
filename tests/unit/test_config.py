"""Settings: production is the default, and a bad one stops the start and is named."""

import os

import pytest

from portal import config, create_app
from portal.config import DEVELOPMENT, OPTIONAL, REQUIRED_IN_PRODUCTION, BadSetting

GOOD = {
    "SECRET_KEY": "s" * 32,
    "DATA_KEYS": "cHJvZHVrdGlvbi1wcm9kdWt0aW9uLWRhdGEta2V5LTE=",
    "INDEX_KEYS": "i" * 32,
    "CODE_KEY": "c" * 32,
    "DATABASE_URL": "postgresql+psycopg://kontakt:losenord@db/kontakt",
    "BASE_URL": "https://kontakt.example",
    "OIDC_STAFF_ISSUER": "https://op.example",
    "OIDC_STAFF_CLIENT_ID": "kontakt",
    "OIDC_STAFF_CLIENT_SECRET": "klienthemlighet",
    "OIDC_CITIZEN_ISSUER": "https://op.example",
    "OIDC_CITIZEN_CLIENT_ID": "medborgare",
    "OIDC_CITIZEN_CLIENT_SECRET": "medborgarhemlighet",
    "MAIL_SENDER": "kontakt@example.se",
    "MAIL_SERVER": "smtp.example",
}
SECRETS = (
    "SECRET_KEY",
    "DATA_KEYS",
    "INDEX_KEYS",
    "CODE_KEY",
    "OIDC_STAFF_CLIENT_SECRET",
    "MAIL_PASSWORD",
    "SMS_PASSWORD",
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a good production, to be spoilt."""
    for name in os.environ:
        if name.startswith("PORTAL_"):
            monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(f"PORTAL_{name}", value)
    return monkeypatch


def problems() -> str:
    with pytest.raises(BadSetting) as refusal:
        config.load()
    return str(refusal.value)


def test_a_whole_production_starts() -> None:
    found = config.load()
    assert found.env == "production"
    assert not found.development
    assert found.base_url == "https://kontakt.example"


def test_unset_means_production(environment: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        environment.delenv(f"PORTAL_{name}")
    assert "PORTAL_SECRET_KEY is not set" in problems()


def test_an_unknown_environment_is_refused(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORTAL_ENV", "staging")
    assert "PORTAL_ENV" in problems()


def test_development_needs_nothing(environment: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        environment.delenv(f"PORTAL_{name}")
    environment.setenv("PORTAL_ENV", "development")
    found = config.load()
    assert {name: getattr(found, name) for name in DEVELOPMENT} == DEVELOPMENT
    assert found.mail_server == ""


@pytest.mark.parametrize("name", REQUIRED_IN_PRODUCTION)
@pytest.mark.parametrize("empty", [True, False])
def test_each_required_setting_is_named_when_it_is_missing(
    environment: pytest.MonkeyPatch, name: str, empty: bool
) -> None:
    environment.setenv(f"PORTAL_{name.upper()}", "")
    if not empty:
        environment.delenv(f"PORTAL_{name.upper()}")
    assert f"PORTAL_{name.upper()}" in problems()


@pytest.mark.parametrize("name", sorted(DEVELOPMENT.keys() - OPTIONAL))
def test_each_development_default_is_refused_and_named(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv(f"PORTAL_{name.upper()}", DEVELOPMENT[name])
    assert f"PORTAL_{name.upper()} has its development default" in problems()


def test_everything_that_is_wrong_is_named_at_once(environment: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        environment.delenv(f"PORTAL_{name}")
    told = problems()
    assert [name for name in REQUIRED_IN_PRODUCTION if f"PORTAL_{name.upper()}" not in told] == []
    assert told.count("PORTAL_BASE_URL") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_PORT", "smtp"),
        ("MAIL_PORT", "0"),
        ("MAIL_PORT", "65536"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "6"),
        ("TRUSTED_PROXIES", "one"),
        ("MAIL_SECURITY", "ssl"),
        ("LIMITS", "no"),
        ("LIMITS", "off"),
        ("BASE_URL", "kontakt.example"),
        ("BASE_URL", "https://kontakt.example/portal"),
        ("BASE_URL", "http://kontakt.example"),
        ("BASE_URL", "ftp://kontakt.example"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost:6379"),
        ("PROCESSES", "0"),
        ("PROCESSES", "many"),
        ("OIDC_STAFF_ISSUER", "http://op.example"),
        ("SECRET_KEY", "short"),
        ("CODE_KEY", "short"),
        ("DATA_KEYS", "no-fernet-key"),
        ("DATA_KEYS", f"{GOOD['DATA_KEYS']},no-fernet-key"),
        ("DATA_KEYS", ","),
        ("INDEX_KEYS", " , "),
    ],
)
def test_a_bad_setting_stops_the_start_and_is_named(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(f"PORTAL_{name}", value)
    assert f"PORTAL_{name}" in problems()


@pytest.mark.parametrize("spoilt", ["MAIL_PORT", "BASE_URL", "LIMITS", "ENV", "DATA_KEYS"])
def test_no_secret_is_printed_when_something_is_wrong(environment: pytest.MonkeyPatch, spoilt: str) -> None:
    for number, name in enumerate(SECRETS):
        environment.setenv(f"PORTAL_{name}", f"hemlighet-{number}-" + "x" * 32)
    environment.setenv(f"PORTAL_{spoilt}", "hemlighet-och-fel")
    told = problems()
    assert spoilt in told
    assert "hemlighet" not in told
    assert "losenord" not in told


def test_limits_may_be_off_in_development(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORTAL_ENV", "development")
    environment.setenv("PORTAL_LIMITS", "off")
    assert config.load().limits == "off"


def test_the_application_does_not_start_with_a_bad_setting(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("PORTAL_CODE_KEY")
    with pytest.raises(BadSetting, match="PORTAL_CODE_KEY"):
        create_app()


def test_settings_cannot_be_changed_once_they_are_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        config.load().limits = "off"


def test_the_console_sends_no_sms_in_production(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORTAL_SMS_GATEWAY", "console")
    assert "PORTAL_SMS_GATEWAY=console" in problems()


def test_an_sms_gateway_needs_its_login(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORTAL_SMS_GATEWAY", "46elks")
    assert "PORTAL_SMS_USERNAME and PORTAL_SMS_PASSWORD are not set" in problems()
