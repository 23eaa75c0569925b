"""Tests that share what takes long to start, one after another in one worker.

xdist has marks for this, but it keeps them in a part of the name that pytest 9.2 does not read any more.
"""

from xdist.scheduler import LoadScopeScheduling

SHARING = (
    "tests/browser/test_profiles.py",
    "tests/integration/test_growth.py",
    "tests/penetration/test_penetration.py",
    "tests/web/test_independent_provider.py",
    "tests/web/test_real_server.py",
)


class Together(LoadScopeScheduling):
    """Each test goes to whoever is free, but these files go whole."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in SHARING else nodeid
