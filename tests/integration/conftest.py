"""What the integration tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, installed
from tests.split_matrix import part, part_cases

# Of what comes back, what depends on the database itself is on both.
COMES_BACK = {
    "test_mailbox.py": ("two_workers", "killed"),
    "test_delivery_reports.py": ("before_the_answer", "no_key"),
    "test_email_replies.py": (),
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages are walked often: each of these tests is on one of the databases, and on both in test-all."""
    part(items, Path(__file__).parent / "test_pagination.py", "database_url", ("sqlite", "postgresql"))
    messages = Path(__file__).parent / "test_message_budgets.py"
    part(items, messages, "database_url", ("sqlite", "postgresql"), whole="two_at_once")
    # And what goes through a whole portal takes long.
    part(items, Path(__file__).parent / "test_anonymity.py", "url", ("sqlite", "postgresql"))
    part(items, Path(__file__).parent / "test_stateful.py", "database_url", ("sqlite", "postgresql"))
    # The demo calls the same commands as all the other tests.
    part(items, Path(__file__).parent / "test_demo.py", "database_url", ("sqlite", "postgresql"))
    part(
        items,
        Path(__file__).parent / "test_delivery.py",
        "database_url",
        ("sqlite", "postgresql"),
        ("two_workers",),
    )
    part(items, Path(__file__).parent / "test_exim.py", "database_url", ("sqlite", "postgresql"))
    folder = Path(__file__).parent
    for name, whole in COMES_BACK.items():
        part(items, folder / name, "database_url", ("sqlite", "postgresql"), whole)
    # A test with many cases is on both databases, but each of its cases on one.
    part_cases(items, Path(__file__).parent, "database_url", ("sqlite", "postgresql"))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Installation]:
    """An installation whose profile the test may change."""
    with installed(tmp_path) as made:
        yield made
