"""What comes from others is pinned: Node packages by their lock, vendored files by their sums."""

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOT

VENDOR = ROOT / "static/vendor"


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
