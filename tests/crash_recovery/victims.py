"""The web process and the worker, killed without a warning again and again, and started anew."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Event
from time import sleep

import sqlalchemy as sa

from portal import clock, db
from portal.audit.models import TrailEntry
from portal.notifications.models import OutboxMessage, State
from tests.running import PATIENCE, ROOT

Process = subprocess.Popen[bytes]
WEB = "gunicorn --config python:portal.operations.gunicorn --bind 127.0.0.1:{port} wsgi:app"
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
# As long as it takes, about, to tell of what has been stored, or to note that a message has been taken.
BLINK = 0.005
WORKER = "flask --app wsgi worker"


class Victim:
    """A process that is started as often as it is killed; `up` while there is one that can be used."""

    def __init__(self, command: str, environment: dict[str, str], log: Path, done: Callable[[], int]) -> None:
        self.command, self.environment, self.log, self.done = command, environment, log, done
        self.up, self.kills = Event(), 0
        self._process: Process | None = None

    def start(self) -> None:
        """Start it, in a group of its own."""
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self.command.split()],
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_killer,
            )

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL to the whole group. It must have been alive: ending by itself is no way to go."""
        self.up.clear()
        assert self._process
        assert self.alive(), f"{self.command} ended by itself:\n{self.log.read_text()}"
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        self.kills += 1


def _end_with_killer() -> None:
    """Where Linux can, die also when the tests are killed (prctl PR_SET_PDEATHSIG; the killer's thread)."""
    if LIBC:
        LIBC.prctl(1, signal.SIGKILL)


class Web(Victim):
    """The web process: what it does is store."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        super().__init__(WEB.format(port=environment["PORT"]), environment, log, stored)
        self.address, self.port = environment["PORTAL_BASE_URL"], int(environment["PORT"])

    def kill(self) -> None:
        """The group is dead when nobody listens: gunicorn's child may outlive its parent for a moment."""
        super().kill()
        while _listens(self.port):
            sleep(0.001)

    def start(self) -> None:
        """Start it, and wait until the server listens: whoever asks from then on waits for their answer."""
        super().start()
        while self.alive() and not _listens(self.port):
            sleep(0.01)
        self.up.set()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stored() -> int:
    """How much has happened to cases, all in all."""
    try:
        return db.session().scalar(sa.select(sa.func.count()).select_from(TrailEntry)) or 0
    finally:
        db.close_read_session()


class Worker(Victim):
    """The worker: what it does is hand over."""

    def __init__(self, environment: dict[str, str], log: Path, arrived: Callable[[], int]) -> None:
        super().__init__(WORKER, environment, log, arrived)

    def start(self) -> None:
        """Start it when the time has passed that it leaves to the one before it."""
        lapse()
        super().start()


def haunt(victim: Victim, most: int, random: Random, over: Event) -> None:
    """Start it, let it do something and kill it in the midst of it, until all is over; the last dies too.

    A moment of the clock would mostly find it at rest, and a slow machine would never come to an end.
    """
    try:
        victim.start()
        while _let_live(victim, victim.done() + random.randint(1, most), over):
            over.wait(random.uniform(0, BLINK))
            victim.kill()
            victim.start()
    finally:
        victim.kill()


def _let_live(victim: Victim, enough: int, over: Event) -> bool:
    """Until it has done so much, looked at the more often the less is left; False if all was over before."""
    while (left := enough - victim.done()) > 0 and victim.alive():
        if over.wait(min(left * 0.003, 0.05)):
            return False
    return not over.is_set()


def lapse() -> None:
    """As if five minutes had passed since a worker died: what it was sending is anybody's again."""
    with db.transaction() as session:
        left = sa.update(OutboxMessage).where(OutboxMessage.state == State.SENDING)
        session.execute(left.values(next_try_at=clock.now()))
