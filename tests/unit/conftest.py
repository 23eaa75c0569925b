"""What the unit tests share."""

import pytest

from portal import db


@pytest.fixture(autouse=True)
def unbound() -> None:
    """No database is bound, whichever tests ran before: a rule that asks for one raises RuntimeError."""
    db.close_read_session()
    # Not by monkeypatch: a test that binds one of its own would get the earlier one back, its own still open.
    db._engine = None
