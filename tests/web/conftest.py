"""What the web tests share."""

from collections.abc import Iterator

import pytest
import time_machine


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """A clock that stands still on a Monday morning until the test moves it."""
    with time_machine.travel("2026-05-04 08:00:00Z", tick=False) as clock:
        yield clock
