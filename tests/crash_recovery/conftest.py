"""What the crash recovery tests share."""

from pathlib import Path

import pytest

from tests.split_matrix import below

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """PostgreSQL in make test, both databases in test-all: each kill costs two starts of a process."""
    for item in below(items, HERE):
        spec = getattr(item, "callspec", None)
        if spec and spec.params.get("database_url") == "sqlite":
            item.add_marker(pytest.mark.full)
