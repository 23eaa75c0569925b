"""Settings: production is the default, and a bad one stops the start and is named."""

import base64
import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import config, create_app, key_strength
from portal.config import DEVELOPMENT, OPTIONAL, REQUIRED_IN_PRODUCTION, BadSetting
from portal.config_variables import unknown_variables

GOOD = {
    "SECRET_KEY": "xQ7vLr2mZk9TnB4wYc6HsDf8JgPa3EuX",
    "DATA_KEYS": "p3v-4mGqXqZk0o7B2nq9dKx1u8Wc5rJt6yEhLfAsVbM=",
    "INDEX_KEYS": "Rk5tWn8qZb2LvXc7MyHs4JdGf9PaUe3T",
    "CODE_KEY": "Vd3hNq6sYw9KzBr4TfLm7XcJg2PeAu8R",
    "DATABASE_URL": "postgresql+psycopg://kontakt:losenord@db/kontakt",
    "STORAGE": "/var/lib/kontakt/files",
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
    "IMAP_PASSWORD",
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
        ("CLAMD", "clamd.example"),
        ("CLAMD", "http://clamd.example:3310"),
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
        ("MAIL_SENDER", "hej"),
        ("MAIL_SENDER", "kontakt@"),
        ("MAIL_SENDER", "a@b.se, c@d.se"),
        ("MAIL_REPLY_TO", "hej"),
        ("SECURITY_CONTACT", "http://kontakt.example"),
        ("LOG_FORMAT", "xml"),
        ("HSTS_SUBDOMAINS", "yes"),
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


GUESSED = [
    "1",
    "kort",
    "s" * 40,
    "ab" * 20,
    "qwertyuiop" * 4,
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "changeme-changeme-now-and-then-12345",
    "Lösenord-Lösenord-Sommar-2026-Burlöv!",
    "development-secret-key-of-this-portal",
    "0123456789" * 4,
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcdefghijk",
]


@pytest.mark.parametrize("key", GUESSED)
@pytest.mark.parametrize("name", ["SECRET_KEY", "CODE_KEY", "INDEX_KEYS"])
@pytest.mark.parametrize("after", [False, True])
def test_a_key_that_can_be_guessed_is_refused_wherever_it_is(
    environment: pytest.MonkeyPatch, name: str, key: str, after: bool
) -> None:
    if after and name != "INDEX_KEYS":
        key = f"{key},"
    environment.setenv(f"PORTAL_{name}", f"{GOOD[name]},{key}" if after and name == "INDEX_KEYS" else key)
    told = problems()
    assert f"PORTAL_{name}" in told
    assert len(key) < 6 or key not in told


@pytest.mark.parametrize(
    "raw",
    [bytes(32), b"a" * 32, bytes(range(32)), b"produktion-produktion-data-key-1", b"0123456789" * 3 + b"01"],
)
def test_a_data_key_that_can_be_guessed_is_refused(environment: pytest.MonkeyPatch, raw: bytes) -> None:
    environment.setenv("PORTAL_DATA_KEYS", f"{GOOD['DATA_KEYS']},{base64.urlsafe_b64encode(raw).decode()}")
    assert "PORTAL_DATA_KEYS" in problems()


@pytest.mark.parametrize("name", ["DATA_KEYS", "INDEX_KEYS"])
@pytest.mark.parametrize("form", ["{good},{bad}", "{bad},{good}", " {good} , {bad} "])
def test_a_development_key_anywhere_in_a_list_is_refused(
    environment: pytest.MonkeyPatch, name: str, form: str
) -> None:
    environment.setenv(f"PORTAL_{name}", form.format(good=GOOD[name], bad=DEVELOPMENT[name.lower()]))
    assert f"PORTAL_{name} holds the development key" in problems()


def test_one_key_does_not_serve_two_purposes(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORTAL_INDEX_KEYS", f"{GOOD['INDEX_KEYS']},{GOOD['CODE_KEY']}")
    assert "PORTAL_INDEX_KEYS and PORTAL_CODE_KEY hold the same key" in problems()


@given(st.binary(min_size=24, max_size=64).map(lambda seed: hashlib.sha512(seed).digest()))
def test_a_random_key_is_never_refused(digest: bytes) -> None:
    for key in (digest.hex(), base64.urlsafe_b64encode(digest[:24]).decode(), digest.hex()[:32]):
        assert key_strength.weakness(key) == ""
    assert key_strength.raw_weakness(digest[:32]) == ""


def test_a_mail_password_goes_over_no_network_in_clear(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORTAL_MAIL_SECURITY", "none")
    assert config.load().mail_security == "none"
    environment.setenv("PORTAL_MAIL_PASSWORD", "sommarregn")
    told = problems()
    assert "PORTAL_MAIL_SECURITY=none" in told
    assert "sommarregn" not in told
    environment.setenv("PORTAL_MAIL_SERVER", "127.0.0.1")
    assert config.load().mail_server == "127.0.0.1"


def test_an_sms_password_goes_over_no_network_in_clear(environment: pytest.MonkeyPatch) -> None:
    for name, value in {"GATEWAY": "46elks", "USERNAME": "u", "PASSWORD": "sommarregn"}.items():
        environment.setenv(f"PORTAL_SMS_{name}", value)
    assert config.load().sms_gateway == "46elks"
    environment.setenv("PORTAL_SMS_URL", "http://gateway.example")
    told = problems()
    assert "PORTAL_SMS_URL must begin with https://" in told
    assert "sommarregn" not in told


def test_a_misspelt_variable_is_named_with_the_one_that_is_meant(environment: pytest.MonkeyPatch) -> None:
    assert unknown_variables() == []
    environment.setenv("PORTAL_MAIL_SERVR", "hemlig.example")
    environment.setenv("PORTAL_XYZZY", "1")
    assert unknown_variables() == [
        "PORTAL_MAIL_SERVR is no setting: is PORTAL_MAIL_SERVER meant?",
        "PORTAL_XYZZY is no setting",
    ]


@pytest.mark.parametrize("sender", ["kontakt@burlov.se", "Kontakt Burlöv <kontakt@burlov.se>"])
def test_a_sender_is_an_address_with_or_without_a_name(environment: pytest.MonkeyPatch, sender: str) -> None:
    environment.setenv("PORTAL_MAIL_SENDER", sender)
    assert config.load().mail_sender == sender


MAILBOX = {"IMAP_SERVER": "imap.example", "IMAP_USERNAME": "kontakt", "IMAP_PASSWORD": "brevlosen"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, ""),
        ({"IMAP_SECURITY": "starttls"}, ""),
        ({"IMAP_SECURITY": "none"}, "PORTAL_IMAP_SECURITY=none would send PORTAL_IMAP_PASSWORD unencrypted"),
        ({"IMAP_SECURITY": "none", "IMAP_SERVER": "127.0.0.1"}, ""),
        ({"IMAP_SECURITY": "ssl"}, "PORTAL_IMAP_SECURITY"),
        ({"IMAP_PORT": "0"}, "PORTAL_IMAP_PORT"),
        ({"IMAP_PASSWORD": ""}, "PORTAL_IMAP_USERNAME and PORTAL_IMAP_PASSWORD are not set"),
        ({"IMAP_FOLDER": "In\r\nkorg"}, "PORTAL_IMAP_FOLDER"),
        ({"MAIL_FORWARD": "kommunen"}, "PORTAL_MAIL_FORWARD must be an e-mail address"),
        (
            {"MAIL_FORWARD": "Kontakt@example.se"},
            "PORTAL_MAIL_FORWARD would send to the portal's own mailbox",
        ),
        ({"MAIL_FORWARD": "kommunen@example.se"}, ""),
    ],
)
def test_a_mailbox_is_read_safely_or_not_at_all(
    environment: pytest.MonkeyPatch, changes: dict[str, str], problem: str
) -> None:
    for name, value in (MAILBOX | changes).items():
        environment.setenv(f"PORTAL_{name}", value)
    if problem:
        assert problem in problems()
    else:
        assert config.load().imap_port == 993
