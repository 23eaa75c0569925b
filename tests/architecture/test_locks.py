"""Nothing is resolved at an install: the locks are complete, and what is installed is what they pin."""

import platform

import pytest
from packaging.requirements import Requirement

from tests.architecture import locks
from tests.architecture.tree import ROOT

SETUP = (ROOT / "setup.cfg").read_text()
RUNTIME = (ROOT / "requirements.lock").read_text()
DEV = (ROOT / "requirements-dev.lock").read_text()
BUILD = (ROOT / "requirements-build.lock").read_text()
PENETRATION = (ROOT / "tests/penetration/requirements.lock").read_text()
TEST_TOOLS = ("test", "check")
LOCKS = pytest.mark.parametrize(
    ("lock", "extras"), [(RUNTIME, ["pdf"]), (DEV, ["pdf", *TEST_TOOLS])], ids=["runtime", "dev"]
)
# The first of each, and the one where soupsieve changes.
PYTHONS = ["3.11.0", "3.11.5", "3.12.0", "3.13.0", "3.14.0"]
HERE = locks.linux(platform.python_version())

SAMPLE = """\
# by uv
app[fast]==1.0 \\
    --hash=sha256:ab \\
    --hash=sha256:cd
    # via x
Speed_Up==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:ef
speed-up==3.0 ; python_full_version >= '3.12'
    # via app
"""
SAMPLE_METADATA = {
    "app": ["speed-up>=3 ; extra == 'fast'", "slow ; extra == 'slow'", "gone ; os_name == 'nt'"],
    "speed-up": ["wheel-less"],
}


def sample_metadata(name: str) -> list[Requirement]:
    return list(map(Requirement, SAMPLE_METADATA.get(name, [])))


@pytest.mark.parametrize(
    "lock", [RUNTIME, DEV, BUILD, PENETRATION], ids=["runtime", "dev", "build", "penetration"]
)
def test_every_package_is_locked_by_its_hash(lock: str) -> None:
    assert locks.without_hash(lock) == []
    assert locks.entries(lock)


@pytest.mark.parametrize("python", PYTHONS)
@LOCKS
def test_each_requirement_of_each_package_is_locked(lock: str, extras: list[str], python: str) -> None:
    environment = locks.linux(python)
    locked = locks.versions(lock, environment)
    start = locks.roots(SETUP, *extras)
    required = locks.reachable(start, environment, locks.metadata_of(locked))
    assert locks.unlocked(required, locked) == []
    assert len(required) > len(start)


@LOCKS
def test_nothing_is_locked_that_nothing_requires(lock: str, extras: list[str]) -> None:
    locked = locks.versions(lock, HERE)
    required = locks.reachable(locks.roots(SETUP, *extras), HERE, locks.metadata_of(locked))
    assert locks.unneeded(required, locked) == []


def test_no_test_tool_is_among_what_runs() -> None:
    tools = {tool.name for extra in TEST_TOOLS for tool in locks.extra(SETUP, extra)}
    assert tools & locks.versions(RUNTIME, HERE).keys() == set()
    assert tools <= locks.versions(DEV, HERE).keys()


def test_tests_run_with_the_packages_that_production_runs_with() -> None:
    assert locks.entries(RUNTIME).items() <= locks.entries(DEV).items()


def test_what_is_installed_is_what_is_locked() -> None:
    locked = locks.versions(DEV, HERE) | locks.versions(BUILD, HERE)
    assert locks.differences(locks.installed(), locked) == [], "run make install-dev"


def test_a_package_without_a_hash_is_reported() -> None:
    assert locks.without_hash(SAMPLE) == ["speed-up==3.0 ; python_full_version >= '3.12'"]


def test_a_missing_package_and_another_version_are_reported() -> None:
    start = [Requirement("app[fast]"), Requirement("absent")]
    old, new = locks.linux("3.11.0"), locks.linux("3.12.0")
    missing = ["absent", "wheel-less"]
    required = locks.reachable(start, old, sample_metadata)
    assert locks.unlocked(required, locks.versions(SAMPLE, old)) == [
        *missing[:1],
        'speed-up>=3; extra == "fast"',
        *missing[1:],
    ]
    required = locks.reachable(start, new, sample_metadata)
    assert locks.unlocked(required, locks.versions(SAMPLE, new)) == missing


def test_two_versions_for_one_python_are_reported() -> None:
    lock = "app==1.0\napp==2.0 ; python_version >= '3.11'\n"
    assert locks.unlocked([Requirement("app")], locks.versions(lock, HERE)) == ["app"]


def test_a_package_that_nothing_requires_is_reported() -> None:
    required = locks.reachable([Requirement("app")], HERE, sample_metadata)
    assert locks.unneeded(required, locks.versions(SAMPLE, HERE)) == ["speed-up"]


def test_a_package_that_differs_or_is_on_one_side_only_is_reported() -> None:
    there = {"same": ["1"], "older": ["1"], "extra": ["1"]}
    locked = {"same": ["1"], "older": ["2"], "missing": ["1"]}
    assert locks.differences(there, locked) == ["extra", "missing", "older"]
