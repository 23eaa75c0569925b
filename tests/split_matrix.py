"""What can be tried in two ways: make test tries one of them, half of the tests each; test-all tries both."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

import pytest


def part(
    items: Iterable[pytest.Item], where: Path, name: str, values: Sequence[object], whole: str = ""
) -> None:
    """Mark as full the way that is not a test's own, for each below a path; `whole` is tried in both."""
    for item in items:
        spec = getattr(item, "callspec", None)
        value = spec.params.get(name) if spec and item.path.is_relative_to(where) else None
        own = values[crc32(item.name.partition("[")[0].encode()) % len(values)]
        if value in values and value != own and not (whole and whole in item.nodeid):
            item.add_marker(pytest.mark.full)
