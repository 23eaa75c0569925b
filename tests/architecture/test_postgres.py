"""The PostgreSQL of the tests: starts by itself, keeps the workers apart, and is gone afterwards."""

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import postgres
from tests.architecture.tree import ROOT

pytestmark = pytest.mark.slow

KILLED = """
import sys
from tests import postgres
with postgres.server() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server of the session's: each test here starts its own, if there is one to start."""
    monkeypatch.delenv(postgres.VARIABLE, raising=False)
    try:
        postgres._programs()
    except postgres.Unavailable as reason:
        pytest.skip(str(reason))


def folder_of(url: str) -> Path:
    return Path(str(sa.make_url(url).query["host"]))


def ask(url: str, sql: str) -> object:
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        return connection.execute(sa.text(sql)).scalar()


def fails_inside(seen: list[str]) -> None:
    with postgres.server() as url:
        seen.append(url)
        raise LookupError("the test failed")


@pytest.mark.usefixtures("own_server")
def test_a_server_knows_swedish_letters_and_is_gone_after_a_failure() -> None:
    with postgres.server() as url:
        assert ask(url, "SELECT lower('ÅÄÖ')") == "åäö"
    assert not folder_of(url).exists()
    seen: list[str] = []
    with pytest.raises(LookupError):
        fails_inside(seen)
    assert not folder_of(seen[0]).exists()


@pytest.mark.usefixtures("own_server")
def test_each_worker_has_an_empty_database_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres.server() as url:
        monkeypatch.setenv(postgres.VARIABLE, url)
        first, second = postgres.url_for_worker("gw0"), postgres.url_for_worker("gw1")
        with sa.create_engine(first, poolclass=sa.NullPool).begin() as connection:
            connection.execute(sa.text("CREATE TABLE left_behind (x integer)"))
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert ask(first, tables) == 1
        assert ask(second, tables) == 0
        assert ask(postgres.url_for_worker("gw0"), tables) == 0


@pytest.mark.usefixtures("own_server")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_killed_test_run_leaves_no_server_behind() -> None:
    command = [sys.executable, "-c", KILLED]
    with subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True) as run:
        assert run.stdout
        folder = folder_of(run.stdout.readline().strip())
        server = os.pidfd_open(int((folder / "data/postmaster.pid").read_text().split()[0]))
        run.send_signal(signal.SIGKILL)
    ended, _, _ = select.select([server], [], [], 30)
    os.close(server)
    shutil.rmtree(folder)
    assert ended


def test_without_a_server_the_tests_are_skipped_at_home_and_stopped_in_ci(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    def none() -> Path:
        raise postgres.Unavailable(postgres.MISSING)

    monkeypatch.delenv(postgres.VARIABLE, raising=False)
    monkeypatch.setattr(postgres, "_programs", none)
    monkeypatch.delattr(request.config, "workerinput", raising=False)
    monkeypatch.setenv("CI", "false")
    postgres.start_for_session(request.config)
    with pytest.raises(pytest.skip.Exception, match="no PostgreSQL"):
        postgres.url_for_worker("gw0")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.UsageError, match="no PostgreSQL"):
        postgres.start_for_session(request.config)
