"""Ctrl-C ends all that make run has started, and frees its ports."""

import os
import re
import socket
from pathlib import Path

import pytest
import requests

from tests.running import portal

PROC = Path("/proc")
pytestmark = pytest.mark.skipif(not (PROC / "self" / "stat").exists(), reason="no /proc to see processes in")


def parents() -> dict[int, int]:
    """Every process that is not merely waiting to be buried, and its parent."""
    told = (read(folder / "stat") for folder in PROC.iterdir() if folder.name.isdigit())
    found = (re.match(r"(\d+) \(.*\) (\S) (\d+) ", one, re.DOTALL) for one in told)
    return {int(one[1]): int(one[3]) for one in found if one and one[2] != "Z"}


def descendants(ancestor: int) -> set[int]:
    """A process's children, theirs, and so on."""
    above, found = parents(), {ancestor}
    while more := {pid for pid, parent in above.items() if parent in found} - found:
        found |= more
    return found - {ancestor}


def read(file: Path) -> str:
    """A file of a process that may have ended just now."""
    try:
        return file.read_text()
    except OSError:
        return ""


def test_ctrl_c_leaves_no_process_and_no_port_behind(tmp_path: Path) -> None:
    before = descendants(os.getpid())
    with portal(tmp_path) as one:
        assert requests.get(f"{one.address}/healthz", timeout=10).ok
        family = descendants(os.getpid()) - before
        commands = [read(PROC / str(pid) / "cmdline") for pid in family]
    for part in ("develop", "portal.testlegitimering", "wsgi:app", "worker"):
        assert any(part in command for command in commands), part
    assert family & set(parents()) == set()
    port = int(one.address.rsplit(":", 1)[1])
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
