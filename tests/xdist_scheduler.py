"""Tests that share what takes long to start, one after another in one worker.

xdist has marks for this, but it keeps them in a part of the name that pytest 9.2 does not read any more.
"""

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# Each file with what it shares.
SHARING = {
    "tests/browser/test_profiles.py": "the portal of another municipality",
    "tests/integration/test_growth.py": "a filled database",
    "tests/penetration/test_penetration.py": "a site",
    "tests/web/test_independent_provider.py": "a provider",
    "tests/web/test_real_server.py": "a portal",
    **dict.fromkeys(
        (
            "tests/architecture/test_swedish.py",
            "tests/architecture/test_translations.py",
            "tests/web/backoffice/test_guide.py",
            "tests/web/test_english.py",
            "tests/web/test_profiles.py",
        ),
        "all texts",
    ),
    **dict.fromkeys(
        (
            "tests/architecture/test_addresses.py",
            "tests/architecture/test_clock_steps.py",
            "tests/architecture/test_commands.py",
            "tests/architecture/test_docs.py",
            "tests/architecture/test_exceptions.py",
            "tests/architecture/test_logs.py",
            "tests/architecture/test_prose.py",
            "tests/architecture/test_source.py",
            "tests/architecture/test_vocabulary.py",
        ),
        "the syntax trees of the portal",
    ),
}


def shared_by(nodeid: str) -> str | None:
    """What a test shares with others, if anything."""
    return SHARING.get(nodeid.partition("::")[0])


class Together(LoadScopeScheduling):
    """Assigns each test to the next free worker, and tests that share a scope to the same one.

    So do the unit tests of a file: to hand one out takes longer than it does.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return SHARING.get(file) or (file if file.startswith("tests/unit/") else nodeid)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Forget what is complete: after each test all that its worker has had would be counted."""
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]
