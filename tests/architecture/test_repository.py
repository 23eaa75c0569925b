"""House rules of every file that git keeps. Each rule is also shown a sample that breaks it."""

import datetime as dt
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.architecture.tree import PROVIDER, ROOT, kept_files, text_files

pytestmark = pytest.mark.slow

Rule = Callable[[str], list[str]]

# Written in parts, so that this file keeps its own rule.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        *(("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com")),
        *(("unpkg", "com"), ("jsdelivr", "net"), ("deb", "debian"), ("crates", "io"), ("proxy", "golang")),
    ]
]
FORBIDDEN = {
    "the host of a package registry": re.compile("|".join(map(re.escape, REGISTRIES))),
    "a path of somebody's machine": re.compile(rf"(?<![\w.])/({'|'.join(('work', 'root', 'home'))})/"),
}
LEFTOVERS = ["".join(parts) for parts in (("TO", "DO"), ("FIX", "ME"), ("X", "XX"))]
UNFINISHED = re.compile(rf"\b({'|'.join(LEFTOVERS)})\b")
# Twelve digits, or ten with a sign before the last four.
NUMBER = re.compile(r"(?<![\w.-])(?:(?:18|19|20)(\d{6})[-+]?(\d{4})|(\d{6})[-+](\d{4}))(?![\w-])")
NUMBERS = ROOT / "tests/expected/test-numbers.txt"
REGISTERS = [ROOT / f"tests/expected/test-{name}.txt" for name in ("personnummer", "samordningsnummer")]


def forbidden(text: str) -> list[str]:
    """What must stand in no file."""
    return [f"{what}: {found[0]}" for what, rule in FORBIDDEN.items() for found in rule.finditer(text)]


def unfinished(text: str) -> list[str]:
    """Notes of work left over; they belong to an issue."""
    return UNFINISHED.findall(text)


def identity_numbers(text: str) -> set[str]:
    """The last ten digits of everything in a text that could be somebody's personnummer."""
    found = (one[1] + one[2] if one[1] else one[3] + one[4] for one in NUMBER.finditer(text))
    return {digits for digits in found if is_date(digits[:6]) and checksum(digits) == 0}


def is_date(digits: str) -> bool:
    """Whether six digits are a day of some year, as a personnummer or a samordningsnummer writes it."""
    month, day = int(digits[2:4]), int(digits[4:6])
    try:
        return bool(dt.date(2000, month, day - 60 if day > 60 else day))
    except ValueError:
        return False


def checksum(digits: str) -> int:
    """What the ten digits leave over by the Luhn rule: 0 when they are right."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return sum(number // 10 + number % 10 for number in doubled) % 10


def official(file: Path = NUMBERS) -> list[str]:
    """The official test numbers that the project uses."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def broken(rule: Rule, files: Iterable[tuple[str, str]]) -> list[str]:
    """Every place in these files that breaks a rule."""
    return [f"{name}: {fault}" for name, text in files for fault in rule(text)]


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    assert broken(forbidden, text_files()) == []


def test_no_file_of_our_own_is_left_unfinished() -> None:
    own = (file for file in text_files() if not file[0].startswith("static/vendor/"))
    assert broken(unfinished, own) == []


def test_a_registry_a_path_and_a_leftover_are_found() -> None:
    machine = "/".join(["", "home", "eva", "x"])
    assert len(forbidden(f"see https://{REGISTRIES[0]}/x and {machine}")) == 2
    assert forbidden(f"see https://example.se/{'home'}/eva and ./{'work'}/ and /handlaggning/") == []
    assert unfinished(f"# {LEFTOVERS[0]}: later") == LEFTOVERS[:1]
    assert unfinished(f"KB-{LEFTOVERS[2]}X-000123 {LEFTOVERS[0].lower()}") == []


def test_every_identity_number_is_an_official_test_number() -> None:
    known = {number[2:] for file in (NUMBERS, *REGISTERS) for number in official(file)}
    assert broken(lambda text: sorted(identity_numbers(text) - known), text_files()) == []


def test_every_test_person_has_an_official_test_number_of_their_own() -> None:
    people = tomllib.loads((PROVIDER / "people.toml").read_text(encoding="utf-8"))["people"]
    numbers = [person["number"] for person in people]
    assert set(numbers) <= set(official())
    assert len(numbers) == len(set(numbers))
    assert [number for number in official() if identity_numbers(number) != {number[2:]}] == []


@pytest.mark.parametrize("form", ["{0}{1}{2}", "{0}{1}-{2}", "{1}-{2}", "{1}+{2}", 'number="{0}{1}{2}"'])
def test_an_identity_number_is_found_however_it_is_written(form: str) -> None:
    number = official()[0]
    written = form.format(number[:2], number[2:8], number[8:])
    assert identity_numbers(f"Ring {written}, tack.") == {number[2:]}


def test_other_long_numbers_are_no_identity_numbers() -> None:
    wrong = official()[0][:-1] + str((int(official()[0][-1]) + 1) % 10)
    month = "1984" + "13" + official()[0][6:]
    assert identity_numbers(f"{wrong} {month} a{official()[0]} 0{official()[0]} KB-2026-000123") == set()


def test_the_samordningsnummer_of_a_test_person_is_found_too() -> None:
    digits = "840669238"
    last = -checksum(f"{digits}0") % 10
    assert identity_numbers(f"19{digits}{last}") == {f"{digits}{last}"}


def test_kept_files_are_those_that_git_keeps_or_would_keep(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for name, content in {".gitignore": b"out/\n", "åtgärd.txt": b"x", "bild.png": b"\x89PNG\xff"}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/x.txt").write_text("x")
    assert [file.name for file in kept_files(tmp_path)] == [".gitignore", "bild.png", "åtgärd.txt"]
    assert [name for name, _ in text_files(tmp_path)] == [".gitignore", "åtgärd.txt"]
