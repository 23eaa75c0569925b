"""flask check: settings, database, profile, keys, mail server and identity providers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.fernet import Fernet

from portal import config, create_app, db
from portal.operations import checks
from portal.organisation.loading import SHIPPED
from tests import factories
from tests.conftest import settings
from tests.running import free_port
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
    assert "Mail server: E-postservern svarar inte som den ska." in result.output
    assert "Error: not in order: Mail server" in result.output


def test_a_mail_server_without_encryption_is_named(run: Run) -> None:
    with MailServer("none") as server:
        result = run(mail_server=server.host, mail_port=server.port, mail_security="starttls")
    assert "Mail server: Det gick inte att nå e-postservern på ett säkert sätt." in result.output


def test_a_provider_that_does_not_answer_is_named(run: Run) -> None:
    result = run(oidc_staff_issuer=f"http://127.0.0.1:{free_port()}")
    assert "Identity providers: no answer that can be used from personal" in result.output


def test_a_data_key_that_is_gone_is_named(run: Run) -> None:
    factories.citizen()
    result = run(data_keys=Fernet.generate_key().decode())
    assert "Keys: PORTAL_DATA_KEYS lacks a key" in result.output
    old = config.DEVELOPMENT["data_keys"]
    assert "Keys: in order" in run(data_keys=f"{Fernet.generate_key().decode()},{old}").output


def test_an_index_key_that_is_not_the_one_is_named(run: Run) -> None:
    factories.citizen()
    assert "Keys: PORTAL_INDEX_KEYS" in run(index_keys="another-key").output


def test_a_profile_that_is_not_applied_is_named(run: Run, tmp_path: Path) -> None:
    changed = tmp_path / "burlov.toml"
    changed.write_text((SHIPPED / "burlov.toml").read_text() + "\n# One more line.\n")
    assert "Profile: the file has changed" in run(profile=str(changed)).output


def test_without_a_database_nothing_else_is_asked(run: Run, tmp_path: Path) -> None:
    result = run(database_url=f"sqlite:///{tmp_path}/empty.db")
    assert result.output.splitlines()[1:] == ["Database: migrations", "Error: not in order: Database"]
