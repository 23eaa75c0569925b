"""What can be tried in two ways: make test tries one of them, half of the tests each; test-all tries both."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zlib import crc32

import pytest


def part(
    items: Iterable[pytest.Item], where: Path, name: str, values: Sequence[object], whole: Sequence[str] = ()
) -> None:
    """Mark as full the way that is not a test's own, for each below a path; `whole` are tried in both."""
    for item in below(items, where):
        spec = getattr(item, "callspec", None)
        value = spec.params.get(name) if spec else None
        own = values[crc32(item.name.partition("[")[0].encode()) % len(values)]
        if value in values and value != own and not any(name in item.nodeid for name in whole):
            item.add_marker(pytest.mark.full)


def below(items: Iterable[pytest.Item], where: Path) -> Iterator[pytest.Item]:
    """The items of a file or a folder; a path of each item would take seconds, there are so many."""
    file, folder = str(where), f"{where}/"
    return (item for item in items if str(item.path) == file or str(item.path).startswith(folder))


def part_cases(
    items: Iterable[pytest.Item], where: Path, name: str, values: Sequence[object], least: int = 4
) -> None:
    """Mark as full all but one way of each case of a test that has many; its cases take the ways in turn."""
    tests: defaultdict[str, defaultdict[str, list[pytest.Item]]] = defaultdict(lambda: defaultdict(list))
    for item in below(items, where):
        spec = getattr(item, "callspec", None)
        if spec and spec.params.get(name) in values:
            case = {param: index for param, index in spec.indices.items() if param != name}
            tests[item.nodeid.partition("[")[0]][str(sorted(case.items()))].append(item)
    for cases in tests.values():
        for place, (_case, ways) in enumerate(sorted(cases.items()) if len(cases) >= least else ()):
            own = values[place % len(values)]
            for item in ways:
                if item.callspec.params[name] != own:  # type: ignore[attr-defined]
                    item.add_marker(pytest.mark.full)
