"""flask check: settings, database, profile, keys, mail server and identity providers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from structlog.testing import capture_logs

from portal import config, create_app, db
from portal.budgets.trips import Trips
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Problem
from portal.operations import budget_checks, checks, gunicorn
from portal.organisation import queries as organisation
from portal.organisation.loading import SHIPPED
from tests import factories
from tests.conftest import settings
from tests.running import free_port
from tests.stubs.imap_server import ImapServer
from tests.stubs.mail_server import MailServer
from tests.web.providers import serving_testlegitimering

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with serving_testlegitimering() as address:
        yield address


@pytest.fixture
def run(database_url: str, issuer: str) -> Iterator[Run]:
    """Checks an installation with settings of the test's own."""

    def checked(**more: object) -> Result:
        issuers = {"oidc_citizen_issuer": issuer, "oidc_staff_issuer": issuer}
        using = {"database_url": database_url} | issuers | more
        app = create_app(settings(str(using.pop("database_url")), **using))
        with app.app_context():
            return app.test_cli_runner().invoke(args=["check"])

    config.use(settings(database_url))
    db.bind(database_url)
    yield checked
    db.close_read_session()
    db.engine().dispose()


def test_each_part_is_named_and_in_order(run: Run) -> None:
    factories.citizen()
    with MailServer() as server:
        result = run(mail_server=server.host, mail_port=server.port, mail_security="none")
        assert server.sessions == 1
        assert server.raw == []
    assert result.exit_code == 0
    assert [line for line in result.output.splitlines() if line.endswith(": in order")] == [
        f"{name}: in order" for name in checks.CHECKS
    ]


def test_a_mail_server_that_is_not_there_is_named(run: Run) -> None:
    result = run(mail_server="127.0.0.1", mail_port=free_port(), mail_security="none")
    assert result.exit_code == 1
    assert "Mail server: Det gick inte att nå servern." in result.output
    assert "Error: not in order: Mail server" in result.output


def test_a_mail_server_without_encryption_is_named(run: Run) -> None:
    with MailServer("none") as server:
        result = run(mail_server=server.host, mail_port=server.port, mail_security="starttls")
    assert "Mail server: Det gick inte att nå servern på ett säkert sätt." in result.output


def test_a_provider_that_does_not_answer_is_named(run: Run) -> None:
    result = run(oidc_staff_issuer=f"http://127.0.0.1:{free_port()}")
    assert "Identity providers: no answer that can be used from personal" in result.output


def test_a_data_key_that_is_gone_is_named(run: Run) -> None:
    factories.citizen()
    result = run(data_keys=Fernet.generate_key().decode())
    assert "Keys: PORTAL_DATA_KEYS lacks a key" in result.output
    old = config.DEVELOPMENT["data_keys"]
    assert "Keys: in order" in run(data_keys=f"{Fernet.generate_key().decode()},{old}").output


def test_a_waiting_message_that_no_key_opens_is_named(run: Run) -> None:
    for _case in range(2):
        factories.send_in(email="maria@exempel.se")
    second = factories.letters()[1].id
    foreign = sa.literal(Fernet(Fernet.generate_key()).encrypt(b"x"), sa.LargeBinary)
    with db.transaction() as writer:
        damaged = sa.update(OutboxMessage.__table__).where(OutboxMessage.id == second)
        writer.execute(damaged.values(html=foreign))
    assert f"outbox 1 rows (id {second})" in run().output


def test_messages_that_wait_for_their_channel_are_named_with_the_reason(run: Run) -> None:
    factories.send_in(email="maria@exempel.se")
    with db.transaction() as writer:
        (row,) = writer.scalars(sa.select(OutboxMessage))
        row.state, row.created_at = State.QUEUED, row.created_at - timedelta(minutes=16)
    assert "Outbox: 1 email messages wait, the oldest since" in run().output
    assert "is the worker running?" in run().output
    with db.transaction() as writer:
        (row,) = writer.scalars(sa.select(OutboxMessage))
        row.problem, row.reply_code = Problem.OUR_LOGIN, 535
    assert "Servern godtar inte vår inloggning. (535)" in run().output


def test_an_index_key_that_is_not_the_one_is_named(run: Run) -> None:
    factories.citizen()
    assert "Keys: PORTAL_INDEX_KEYS" in run(index_keys="another-key").output


def test_a_profile_that_is_not_applied_is_named(run: Run, tmp_path: Path) -> None:
    changed = tmp_path / "burlov.toml"
    changed.write_text((SHIPPED / "burlov.toml").read_text() + "\n# One more line.\n")
    assert "Profile: the file has changed" in run(profile=str(changed)).output


def test_in_production_a_profile_without_an_officer_is_named(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = organisation.profile()
    with app.app_context():
        monkeypatch.setattr(checks, "settings", production)
        assert checks.profile() == ""
        without = profile.model_copy(update={"privacy": None})
        monkeypatch.setattr(organisation, "profile", lambda: without)
        assert checks.profile() == checks.NO_OFFICER
        monkeypatch.undo()
        assert checks.profile() == ""


def test_without_a_database_nothing_else_is_asked(run: Run, tmp_path: Path) -> None:
    result = run(database_url=f"sqlite:///{tmp_path}/empty.db")
    assert result.output.splitlines()[1:] == ["Database: migrations", "Error: not in order: Database"]


PRODUCTION = {
    "env": "production",
    "secret_key": "xQ7vLr2mZk9TnB4wYc6HsDf8JgPa3EuX",
    "code_key": "Vd3hNq6sYw9KzBr4TfLm7XcJg2PeAu8R",
    "data_keys": Fernet.generate_key().decode(),
    "index_keys": "Rk5tWn8qZb2LvXc7MyHs4JdGf9PaUe3T",
    "base_url": "https://kontakt.exempel.se",
    "storage": "/var/lib/kontakt/files",
    "mail_server": "mail.exempel.se",
    "mail_sender": "kontakt@exempel.se",
}
PROVIDERS = {
    f"oidc_{audience}_{name}": f"https://{audience}.exempel.se"
    for audience in ("citizen", "staff")
    for name in ("issuer", "client_id", "client_secret")
}


def production(**more: object) -> config.Settings:
    return config.load(
        **{**PRODUCTION, **PROVIDERS, "database_url": "sqlite://", "trusted_proxies": 1, **more}
    )


def test_several_processes_without_a_redis_are_named() -> None:
    (problem,) = budget_checks.setting_problems(production(), 3)
    assert problem == "3 processes count separately: set PORTAL_REDIS_URL"
    assert list(budget_checks.setting_problems(production(redis_url="redis://localhost"), 3)) == []
    assert list(budget_checks.setting_problems(production(), 1)) == []


def test_a_proxy_that_is_not_counted_is_named() -> None:
    (problem,) = budget_checks.setting_problems(production(trusted_proxies=0), 1)
    assert "PORTAL_TRUSTED_PROXIES" in problem


def test_the_server_says_at_its_start_what_makes_limits_count_wrongly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = production(trusted_proxies=0)
    monkeypatch.setattr(config, "load", lambda: settings)
    with capture_logs() as lines:
        gunicorn.on_starting(SimpleNamespace(cfg=SimpleNamespace(workers=2)))
    assert [line["event"] for line in lines] == ["limits.unsafe"] * 2
    assert [line["log_level"] for line in lines] == ["warning"] * 2


def test_a_redis_that_does_not_answer_is_named(run: Run) -> None:
    result = run(redis_url=f"redis://127.0.0.1:{free_port()}")
    assert "Limits: Redis does not answer: each process counts separately" in result.output
    assert result.exit_code == 1


def test_what_the_budgets_stopped_is_a_note_and_no_error(run: Run) -> None:
    Trips().report("try_code", "stranger")
    result = run()
    assert "Note: try_code (stranger) was used up, minutes of the last 24 hours: 1" in result.output
    assert result.exit_code == 0


def test_a_mailbox_that_cannot_be_read_is_named_with_the_reason(run: Run) -> None:
    with ImapServer() as server:
        found = {"imap_server": server.host, "imap_port": server.port, "imap_security": "none"}
        login = {"imap_username": "kontakt", "imap_password": "brevlosen"}
        assert "Mailbox: in order" in run(**found, **login).output
        server.answers = {"LOGIN": "NO brevlosen"}
        result = run(**found, **login)
    assert "Mailbox: the mailbox cannot be read: login" in result.output
    assert "brevlosen" not in result.output
