"""What the integration tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, installed


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Installation]:
    """An installation whose profile the test may change."""
    with installed(tmp_path) as made:
        yield made
