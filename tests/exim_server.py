"""A throw-away Exim, Debian's mail server, on loopback: what a real server makes of our letters."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

MISSING = "no Exim: install the server (Debian: exim4-daemon-light)"
DOMAIN = "exempel.se"
UNKNOWN, BUSY = f"okand@{DOMAIN}", f"upptagen@{DOMAIN}"
# Queued until received() runs the queue, so that no test polls for a file.
SETTINGS = """
primary_hostname = post.exempel.test
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
exim_user = {user}
exim_group = {group}
never_users =
host_lookup =
rfc1413_query_timeout = 0s
queue_only
keep_environment =
smtp_accept_max_per_connection = 100
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny message = no such user here
       local_parts = okand
  defer message = try again later
       local_parts = upptagen
  deny message = relay not permitted
       !domains = {domain}
  accept
begin routers
everybody:
  driver = accept
  transport = inbox
begin transports
inbox:
  driver = appendfile
  file = {folder}/inbox
  user = {user}
  group = {group}
  envelope_to_add
  return_path_add
"""


@dataclass
class Exim:
    """A running server; its letters are delivered to one file."""

    program: str
    folder: Path
    port: int

    host = "127.0.0.1"

    def received(self) -> list[EmailMessage]:
        """Deliver what is queued, and parse it."""
        subprocess.run([self.program, "-C", f"{self.folder}/conf", "-qff"], check=True, timeout=60)
        inbox = self.folder / "inbox"
        text = inbox.read_text(encoding="utf-8") if inbox.exists() else ""
        letters = text.split("\nFrom ") if text else []
        return [_parsed(letter.partition("\n")[2]) for letter in letters]

    def connections(self) -> int:
        """How many sessions brought a letter, by its log."""
        log = (self.folder / "mainlog").read_text(encoding="utf-8")
        arrived = [line for line in log.splitlines() if " <= " in line]
        return len({line.partition("H=")[2].partition(" P=")[0] for line in arrived})


def _parsed(text: str) -> EmailMessage:
    letter = message_from_string(text, policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


@contextmanager
def server() -> Iterator[Exim]:
    """A running server, which ends with the block; without the program the test is skipped."""
    program = shutil.which("exim4", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory(prefix="kontakt-exim-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        port = _free_port()
        _configure(folder)
        command = [program, "-C", f"{folder}/conf", "-bdf", "-oX", f"<, 127.0.0.1.{port}"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                _wait_until_ready(port)
                yield Exim(program, folder, port)
            finally:
                process.kill()


def _configure(folder: Path) -> None:
    user, group = os.getuid(), os.getgid()
    # Started by root it delivers as a user of its own.
    if user == 0:
        status = Path("/var/spool/exim4").stat()
        user, group = status.st_uid, status.st_gid
    text = SETTINGS.format(folder=folder, user=user, group=group, domain=DOMAIN)
    (folder / "conf").write_text(text, encoding="utf-8")
    os.chown(folder, user, group)


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError("Exim did not start")
