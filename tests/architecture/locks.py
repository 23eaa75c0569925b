"""Read the locks, and compare them with what setup.cfg and the installed packages require."""

import configparser
import re
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, distributions
from itertools import chain

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

Environment = Mapping[str, str]
# The requirements of a package, extras too, by its canonical name.
Metadata = Callable[[str], list[Requirement]]

CONTINUATION = re.compile(r"\s*\\\n\s*")


def entries(lock: str) -> dict[str, set[str]]:
    """The hashes of each pinned requirement, as `name==version ; marker`."""
    lines = [
        line
        for line in CONTINUATION.sub(" ", lock).splitlines()
        if line and not line.lstrip().startswith("#")
    ]
    parts = [line.split(" --hash=") for line in lines]
    return {requirement.strip(): set(hashes) for requirement, *hashes in parts}


def without_hash(lock: str) -> list[str]:
    """Packages that anyone could replace."""
    return [entry for entry, hashes in entries(lock).items() if not hashes]


def linux(python: str) -> Environment:
    """What markers are evaluated against in CPython of that full version."""
    minor = ".".join(python.split(".")[:2])
    system = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}
    cpython = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return {
        **{key: str(value) for key, value in default_environment().items()},
        **system,
        **cpython,
        "python_version": minor,
        "python_full_version": python,
        "implementation_version": python,
    }


def applies(requirement: Requirement, environment: Environment, extras: Iterable[str] = ()) -> bool:
    """Whether a package with those extras requires it there."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**environment, "extra": name}) for name in ("", *extras))


def versions(lock: str, environment: Environment) -> dict[str, list[str]]:
    """The versions that an installer takes there, by canonical name. More than one is a fault."""
    result: dict[str, list[str]] = {}
    for requirement in map(Requirement, entries(lock)):
        if applies(requirement, environment):
            version = str(requirement.specifier).removeprefix("==")
            result.setdefault(canonicalize_name(requirement.name), []).append(version)
    return result


def roots(setup: str, *extras: str) -> list[Requirement]:
    """What setup.cfg requires, with those extras."""
    lists = [extra(setup, name) for name in extras]
    return [*_requirements(setup, "options", "install_requires"), *chain.from_iterable(lists)]


def extra(setup: str, name: str) -> list[Requirement]:
    """What one extra of setup.cfg adds."""
    return _requirements(setup, "options.extras_require", name)


def _requirements(setup: str, section: str, option: str) -> list[Requirement]:
    config = configparser.ConfigParser()
    config.read_string(setup)
    return [Requirement(line) for line in config[section][option].splitlines() if line]


def reachable(start: list[Requirement], environment: Environment, metadata: Metadata) -> list[Requirement]:
    """What is required there: the start, what that requires, and so on."""
    waiting = [requirement for requirement in start if applies(requirement, environment)]
    result: dict[str, Requirement] = {}
    while waiting:
        requirement = waiting.pop()
        if str(requirement) not in result:
            result[str(requirement)] = requirement
            children = metadata(canonicalize_name(requirement.name))
            waiting += [child for child in children if applies(child, environment, requirement.extras)]
    return list(result.values())


def unlocked(requirements: list[Requirement], locked: dict[str, list[str]]) -> list[str]:
    """Requirements that the lock meets with no version, with another, or with two."""
    return sorted(str(requirement) for requirement in requirements if not _meets(requirement, locked))


def _meets(requirement: Requirement, locked: dict[str, list[str]]) -> bool:
    match locked.get(canonicalize_name(requirement.name), []):
        case [version]:
            return requirement.specifier.contains(version, prereleases=True)
        case _:
            return False


def unneeded(requirements: list[Requirement], locked: dict[str, list[str]]) -> list[str]:
    """Locked packages that nothing requires."""
    return sorted(locked.keys() - {canonicalize_name(requirement.name) for requirement in requirements})


def installed() -> dict[str, list[str]]:
    """What is in the virtual environment, except pip, which makes it."""
    result: dict[str, list[str]] = {}
    for package in distributions(path=[sysconfig.get_path("purelib")]):
        result.setdefault(canonicalize_name(package.name), []).append(package.version)
    result.pop("pip", None)
    return result


def metadata_of(locked: dict[str, list[str]]) -> Metadata:
    """From the installed packages. One that is locked in another version for another Python gives nothing."""

    def requirements(name: str) -> list[Requirement]:
        version, required = _installed_metadata(name)
        return required if locked.get(name) == [version] else []

    return requirements


@cache
def _installed_metadata(name: str) -> tuple[str, list[Requirement]]:
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return "", []
    return package.version, list(map(Requirement, package.requires or ()))


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    """Packages that only one has, or that both have in different versions."""
    return sorted(name for name in one | other if one.get(name) != other.get(name))
