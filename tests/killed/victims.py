"""The web process and the worker, killed without a warning again and again, and started anew."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Event

import sqlalchemy as sa

from portal import clock, db
from portal.notifications.models import OutboxMessage, State
from tests.running import PATIENCE, ROOT, wait_for

Process = subprocess.Popen[bytes]
WEB = "gunicorn --config python:portal.server --bind 127.0.0.1:{port} wsgi:app"
WORKER = "flask --app wsgi worker"


class Victim:
    """A process that is started as often as it is killed; `up` while there is one that can be used."""

    def __init__(self, command: str, environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
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
            )
        self.wait(self._process)
        self.up.set()

    def wait(self, process: Process) -> None:
        """Until it can be used."""

    def kill(self) -> None:
        """SIGKILL to the whole group. It must have been alive: ending by itself is no way to go."""
        assert self._process, "never started"
        assert self._process.poll() is None, f"{self.command} ended by itself:\n{self.log.read_text()}"
        self.up.clear()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        self.kills += 1


class Web(Victim):
    """The web process. It is up when it answers."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        super().__init__(WEB.format(port=environment["PORT"]), environment, log)
        self.address = environment["PORTAL_BASE_URL"]

    def wait(self, process: Process) -> None:
        """Until it answers."""
        wait_for(process, [f"{self.address}/readyz"], self.log)


class Worker(Victim):
    """The worker. It is up when something more has arrived, so that it dies at work and not on its way."""

    def __init__(
        self, environment: dict[str, str], log: Path, arrived: Callable[[], int], over: Event
    ) -> None:
        super().__init__(WORKER, environment, log)
        self.arrived, self.over = arrived, over

    def start(self) -> None:
        """Start it when the time has passed that it leaves to the one before it."""
        lapse()
        super().start()

    def wait(self, process: Process) -> None:
        """Until something more has arrived, or all is over."""
        before = self.arrived()
        while self.arrived() == before and process.poll() is None and not self.over.wait(0.01):
            pass


def haunt(victim: Victim, longest: float, random: Random, over: Event) -> None:
    """Kill at a random moment and start anew, until all is over; the last one dies too."""
    try:
        victim.start()
        while not over.wait(random.uniform(0, longest)):
            victim.kill()
            victim.start()
    finally:
        victim.kill()


def lapse() -> None:
    """As if five minutes had passed since a worker died: what it was sending is anybody's again."""
    with db.transaction() as session:
        left = sa.update(OutboxMessage).where(OutboxMessage.state == State.SENDING)
        session.execute(left.values(next_try_at=clock.now()))
