"""What the tests of files share."""

import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import config
from portal.files.checking import child as checking_child
from portal.files.checking import process
from portal.files.checking.process import Answer
from tests import clamd_server

Configure = Callable[..., None]


@pytest.fixture(autouse=True)
def checked_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check in this process where no test is of the child: to start one takes longer than all the rest."""
    if "child" not in request.fixturenames:
        monkeypatch.setattr(process, "_child_answers", _checked)


@pytest.fixture
def child() -> None:
    """The test is of the child."""


def _checked(pieces: Iterable[bytes], extension: str, store: Callable[[Iterable[bytes]], Any]) -> Answer:
    answer = io.BytesIO(b"".join(checking_child.answer(b"".join(pieces), extension, lambda: None)))
    return process.read_answer(answer, store)


@pytest.fixture
def configure(inside: Flask) -> Iterator[Configure]:
    """Change settings of this process for the test."""
    before = config.settings()

    def changed(**settings: object) -> None:
        config.use(config.settings().model_copy(update=settings))

    yield changed
    config.use(before)


@pytest.fixture
def storage(configure: Configure, tmp_path: Path) -> Path:
    """A storage folder of the test's own."""
    configure(storage=str(tmp_path / "files"))
    return tmp_path / "files"


@pytest.fixture(scope="session")
def clamd_address() -> Iterator[str]:
    """A real clamd."""
    with clamd_server.server() as address:
        yield address
