"""bin/install with a lock of one package: what it leaves is a whole .venv, that of before, or none."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
# A Python whose virtual environments have the pip of the tests: ensurepip compiles one for each, for seconds.
QUICK = """#!/bin/sh
[ "$1 $2" = "-m venv" ] || exec {python} "$@"
{python} -m venv --without-pip "$3" && ln -s {pip} {pip}-*.dist-info "$3"/lib/python*/site-packages/
"""


@dataclass(frozen=True)
class Checkout:
    """A folder with bin/install, a lock, and a folder of wheels as the only package index."""

    folder: Path

    def start(self, **variables: str) -> subprocess.Popen[str]:
        pip = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.folder / "wheels"),
            "PIP_CONFIG_FILE": os.devnull,
        }
        return subprocess.Popen(
            # A shell lets what it starts in the background ignore the signal.
            ["env", "--default-signal=INT", "bin/install"],
            cwd=self.folder,
            env=_environment({**pip, "PYTHON": sys.executable, "PIP_NO_CACHE_DIR": "1", **variables}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def install(self, **variables: str) -> tuple[int, str]:
        """Its exit status, and its last line."""
        process = self.start(**variables)
        _, errors = process.communicate(timeout=SECONDS)
        return process.returncode, (errors.splitlines() or [""])[-1]

    def lock(self, digest: str) -> None:
        (self.folder / "requirements.lock").write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n")

    def imports(self) -> bool:
        command = [self.folder / ".venv/bin/python", "-c", "import tiny"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def folders(self) -> set[str]:
        return {path.name for path in self.folder.glob(".venv*")}


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {**inherited, **variables}


def _wheel(folder: Path) -> str:
    """Make a wheel of one empty module there; its SHA-256."""
    folder.mkdir()
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    files = {
        "tiny.py": "",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "tiny-1.0.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.fixture
def digest(tmp_path: Path) -> str:
    return _wheel(tmp_path / "wheels")


@pytest.fixture
def checkout(tmp_path: Path, digest: str) -> Checkout:
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin/install", tmp_path / "bin")
    result = Checkout(tmp_path)
    result.lock(digest)
    return result


@pytest.fixture
def quick(tmp_path: Path) -> str:
    """The path of such a Python."""
    program = tmp_path / "quick-python"
    pip = Path(str(find_spec("pip").origin)).parent  # type: ignore[union-attr]
    program.write_text(QUICK.format(python=sys.executable, pip=pip))
    program.chmod(0o755)
    return str(program)


def test_a_broken_lock_leaves_the_environment_of_before(checkout: Checkout, digest: str, quick: str) -> None:
    assert checkout.install() == (0, "")
    stamp = (checkout.folder / ".venv/.locked").read_text()
    checkout.lock("0" * 64)
    status, line = checkout.install(PYTHON=quick)
    assert (status, line.startswith("A file of the package index is not the one that")) == (1, True)
    assert checkout.folders() == {".venv"}
    assert checkout.imports()
    assert (checkout.folder / ".venv/.locked").read_text() == stamp
    checkout.lock(digest)
    assert checkout.install(PIP_FIND_LINKS="") == (0, "")


def test_without_a_package_index_nothing_half_made_is_left(checkout: Checkout, quick: str) -> None:
    (checkout.folder / ".venv/bin").mkdir(parents=True)
    address = "http://127.0.0.1:9/"
    status, line = checkout.install(
        PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=address, PIP_RETRIES="1", PYTHON=quick
    )
    assert (status, line.startswith("No package index answers.")) == (1, True)
    assert checkout.folders() == set()


def test_ctrl_c_leaves_nothing(checkout: Checkout, quick: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        index = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": address}
        process = checkout.start(**index, PYTHON=quick)
        silent.settimeout(SECONDS)
        connection, _ = silent.accept()
        with connection:
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    assert checkout.folders() == set()


@pytest.mark.parametrize("text", [None, "", "# by uv\n"])
def test_a_missing_or_empty_lock_is_named(checkout: Checkout, text: str | None) -> None:
    lock = checkout.folder / "requirements.lock"
    lock.unlink()
    if text is not None:
        lock.write_text(text)
    message = "requirements.lock is missing or empty. Restore it: git checkout requirements.lock"
    assert checkout.install() == (1, message)
    assert checkout.folders() == set()


def test_a_python_that_is_not_there_is_named(checkout: Checkout) -> None:
    status, line = checkout.install(PYTHON="python0.0")
    assert (status, line.startswith("There is no python0.0.")) == (1, True)
    assert checkout.folders() == set()
