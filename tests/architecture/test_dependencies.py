"""What comes from others is pinned: libraries by the locks, vendored files by their sums."""

import configparser
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT

VENDOR = ROOT / "static/vendor"
ENTRY = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    """The version of each library in a lock."""
    return {canonicalize_name(name): version for name, version in ENTRY.findall(lock)}


def without_hash(lock: str) -> list[str]:
    """Libraries that are taken on trust."""
    starts = [entry.start() for entry in ENTRY.finditer(lock)]
    entries = [lock[start:end] for start, end in zip(starts, [*starts[1:], len(lock)], strict=True)]
    return [entry.split("=")[0] for entry in entries if "--hash=sha256:" not in entry]


def asked_for(setup: str) -> list[Requirement]:
    """The libraries that the project asks for, those of tests and checks too."""
    config = configparser.ConfigParser()
    config.read_string(setup)
    lists = [config["options"]["install_requires"], *config["options.extras_require"].values()]
    return [Requirement(line) for text in lists for line in text.splitlines() if line]


def unmet(setup: str, lock: str) -> list[str]:
    """What the project asks for and the lock does not give."""
    versions = pinned(lock)
    found = ((wanted, versions.get(canonicalize_name(wanted.name))) for wanted in asked_for(setup))
    return [str(wanted) for wanted, version in found if not version or version not in wanted.specifier]


def loose_packages(asked: dict[str, Any], lock: dict[str, Any]) -> list[str]:
    """Node packages that are by no exact version, that the lock has otherwise, or without a hash."""
    packages = {name.removeprefix("node_modules/"): found for name, found in lock["packages"].items() if name}
    wanted = asked["dependencies"].items()
    other = [name for name, version in wanted if packages.get(name, {}).get("version") != version]
    trusted = [
        name for name, found in packages.items() if not found.get("integrity", "").startswith("sha512-")
    ]
    return sorted({*other, *trusted})


def wrong_sums(folder: Path) -> list[str]:
    """Files below a folder that SHA256SUMS does not know, or knows otherwise, or that are gone."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    listed = {name.lstrip("*"): digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "SHA256SUMS"]
    sums = {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    return sorted(name for name in listed | sums if listed.get(name) != sums.get(name))


def test_every_library_is_locked_by_its_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert without_hash(lock) == []
    assert pinned(lock)["flask"]


def test_the_lock_gives_what_the_project_asks_for() -> None:
    assert unmet((ROOT / "setup.cfg").read_text(), (ROOT / "requirements.lock").read_text()) == []


def test_a_missing_hash_and_an_unmet_wish_are_found() -> None:
    lock = "flask==3.1 \\\n    --hash=sha256:ab\nPsycopg[binary]==3.2 ; os_name == 'x' \\\n    # via x\n"
    assert without_hash(lock) == ["Psycopg[binary]"]
    setup = "[options]\ninstall_requires =\n    Flask>=3\n    psycopg[binary]>=3.3\n"
    setup += "[options.extras_require]\ntest =\n    x\n"
    assert unmet(setup, lock) == ["psycopg[binary]>=3.3", "x"]


def test_every_package_of_the_certified_provider_is_locked_by_its_hash() -> None:
    folder = ROOT / "tests/independent"
    asked, lock = (json.loads((folder / f"package{end}.json").read_text()) for end in ("", "-lock"))
    assert loose_packages(asked, lock) == []
    assert asked["dependencies"]


def test_a_package_without_a_hash_and_one_of_another_version_are_found() -> None:
    hashed = {"version": "1.0.0", "integrity": "sha512-x"}
    packages = {"": {}, "node_modules/a": hashed, "node_modules/b": {"version": "2.0.0"}}
    asked = {"dependencies": {"a": "^1.0.0", "c": "3.0.0"}}
    assert loose_packages(asked, {"packages": packages}) == ["a", "b", "c"]


def test_vendored_files_are_what_they_were() -> None:
    assert wrong_sums(VENDOR) == []


def test_a_changed_a_strange_and_a_lost_file_are_found(tmp_path: Path) -> None:
    right = hashlib.sha256(b"right").hexdigest()
    for name in ("right.css", "changed.css", "strange.css"):
        (tmp_path / name).write_bytes(b"right" if name == "right.css" else b"other")
    sums = "".join(f"{right}  {name}\n" for name in ("right.css", "changed.css", "lost.css"))
    (tmp_path / "SHA256SUMS").write_text(sums)
    assert wrong_sums(tmp_path) == ["changed.css", "lost.css", "strange.css"]
