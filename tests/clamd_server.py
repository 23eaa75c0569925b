"""A throw-away clamd with one signature of our own, on a Unix socket."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.files.scanning import clamd

MISSING = "no clamd: install the server (Debian: clamav-daemon)"
# Put together here, so that no scanner takes this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"
SETTINGS = """
Foreground yes
LocalSocket {folder}/socket
DatabaseDirectory {folder}/signatures
PidFile {folder}/pid
TemporaryDirectory {folder}
StreamMaxLength 26M
MaxScanSize 100M
MaxFileSize 26M
AlertExceedsMax yes
MaxThreads 2
DisableCache yes
ConcurrentDatabaseReload no
"""


def eicar_in_text() -> bytes:
    """A text file that the signature below matches, in a part of it."""
    return b"Ett brev.\n" + EICAR + b"\nMed v\xc3\xa4nlig h\xc3\xa4lsning\n"


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server, which ends with the block; without the program the test is skipped."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory(prefix="kontakt-clamd-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _configure(folder)
        command = [program, "--config-file", f"{folder}/conf"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                _wait_until_ready(process, f"{folder}/socket")
                yield f"{folder}/socket"
            finally:
                process.kill()


def _configure(folder: Path) -> None:
    signatures = folder / "signatures"
    signatures.mkdir()
    # In a file of any kind (0), anywhere (*).
    (signatures / "kontakt.ndb").write_text(f"Kontakt.Test:0:*:{EICAR.hex()}\n", encoding="ascii")
    (folder / "conf").write_text(SETTINGS.format(folder=folder), encoding="ascii")


def _wait_until_ready(process: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if clamd.is_available(address):
            return
        time.sleep(0.05)
    raise RuntimeError("clamd did not start")
