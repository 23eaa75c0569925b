"""Our own keys at the providers: made, published, changed and forgotten without a restart."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import Result
from joserfc import jwt
from joserfc.jwk import KeySet

from portal import config, create_app, db
from portal.config import BadSetting
from portal.identity.oidc import client_keys
from tests import migrated

pytestmark = pytest.mark.slow

Run = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "client-keys.json"


def runner(tmp_path: Path, **more: str) -> Run:
    file = tmp_path / "kontakt.db"
    file.write_bytes(migrated.sqlite_file())
    app = create_app(config.load(env="development", database_url=f"sqlite:///{file}", **more))
    return lambda *words: app.test_cli_runner().invoke(args=["client-key", *words])


@pytest.fixture
def run(tmp_path: Path, file: Path) -> Run:
    return runner(tmp_path, oidc_client_keys=str(file))


def kids() -> list[str]:
    return [str(key.kid) for key in client_keys.load()]


def signer() -> str:
    token = client_keys.assertion("kontakt", "https://op.example")
    return str(jwt.decode(token, KeySet(list(client_keys.load()))).header["kid"])


def test_without_a_file_there_are_no_keys_and_nothing_is_published(run: Run) -> None:
    assert client_keys.published() == {"keys": []}
    with pytest.raises(client_keys.NoSuchKey):
        client_keys.assertion("kontakt", "https://op.example")


def test_without_the_setting_no_key_is_made(tmp_path: Path) -> None:
    result = runner(tmp_path)("new")
    assert (result.exit_code, "PORTAL_OIDC_CLIENT_KEYS is not set" in result.output) == (1, True)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_a_first_key_signs_at_once_and_only_its_public_half_is_published(
    run: Run, file: Path, algorithm: str
) -> None:
    assert run("new", "--algorithm", algorithm).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    published = json.loads(json.dumps(client_keys.published()))["keys"]
    assert [key["alg"] for key in published] == [algorithm]
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(published[0])
    token = client_keys.assertion("kontakt", "https://op.example")
    found = jwt.decode(token, KeySet.import_key_set({"keys": published}), algorithms=[algorithm])
    assert found.header["kid"] == published[0]["kid"]


def test_each_assertion_is_a_new_one_that_says_who_for_whom_and_until_when(run: Run) -> None:
    run("new", "--algorithm", "ES256")
    with time_machine.travel(1_793_000_000, tick=False):
        one, other = (client_keys.assertion("kontakt", "https://op.example") for _each in range(2))
    said: dict[str, Any] = jwt.decode(one, client_keys.load()[0]).claims
    assert said.pop("jti") != jwt.decode(other, client_keys.load()[0]).claims["jti"]
    assert said == {
        "iss": "kontakt",
        "sub": "kontakt",
        "aud": "https://op.example",
        "iat": 1_793_000_000,
        "exp": 1_793_000_060,
    }


def test_a_key_is_changed_step_by_step(run: Run) -> None:
    run("new", "--algorithm", "ES256")
    first = kids()[0]
    run("new", "--algorithm", "ES256")
    second = kids()[1]
    assert signer() == first
    assert run("remove", first).exit_code == 1
    assert run("use", second).exit_code == 0
    assert (signer(), kids()) == (second, [second, first])
    assert run("remove", first).exit_code == 0
    assert kids() == [second]
    assert f"{second}  ES256  signs" in run("list").output


def test_no_key_is_changed_where_the_change_cannot_be_recorded(run: Run) -> None:
    run("new", "--algorithm", "ES256")
    run("new", "--algorithm", "ES256")
    before = kids()
    with db.engine().begin() as connection:
        connection.execute(sa.text("DROP TABLE security_log"))
    for words in (["new"], ["use", before[1]], ["remove", before[1]]):
        assert run(*words).exit_code == 1
        assert kids() == before


def test_an_unknown_key_is_named(run: Run) -> None:
    run("new", "--algorithm", "ES256")
    for step in ("use", "remove"):
        result = run(step, "gissad")
        assert (result.exit_code, "no key gissad" in result.output) == (1, True)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"keys": 5}', '{"keys": [{"kty": "oct", "k": "eA"}]}', '{"keys": [{}]}']
)
def test_a_file_that_is_no_key_file_stops_the_start_and_nothing_of_it_is_told(
    run: Run, file: Path, content: str
) -> None:
    file.write_text(content)
    with pytest.raises(BadSetting, match=r"^PORTAL_OIDC_CLIENT_KEYS (cannot be read|holds a key)"):
        client_keys.load()


def test_a_file_that_was_changed_elsewhere_is_read_anew(run: Run, file: Path) -> None:
    run("new", "--algorithm", "ES256")
    before, kept = kids(), file.read_bytes()
    run("new", "--algorithm", "ES256")
    assert len(kids()) == 2
    other = file.with_suffix(".other")
    other.write_bytes(kept)
    other.replace(file)
    assert kids() == before
