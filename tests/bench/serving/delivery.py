"""How many messages a second the worker delivers to a mail server that takes everything."""

import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from portal import clock, db
from portal.notifications.models import OutboxMessage, State
from tests.bench.serving.server import environment

MESSAGES = 200


class NullServer(socketserver.StreamRequestHandler):
    """Answers as a mail server does, and keeps nothing but the moment of each message."""

    taken: list[float] = []

    def handle(self) -> None:
        """One connection."""
        self._say("220 null")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._read_message()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _read_message(self) -> None:
        self._say("354 go on")
        while self.rfile.readline() not in (b".\r\n", b""):
            pass
        NullServer.taken.append(time.perf_counter())
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def messages_a_second(database: str) -> float:
    """Queue messages in the database of this process, and time a worker from its first to its last."""
    queue()
    NullServer.taken = []
    with mail_server() as port:
        more = {
            "PORTAL_MAIL_SERVER": "127.0.0.1",
            "PORTAL_MAIL_PORT": str(port),
            "PORTAL_MAIL_SECURITY": "none",
        }
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"]
        subprocess.run(command, env=environment(database, **more), check=True, timeout=300)
    taken = NullServer.taken
    return (len(taken) - 1) / (taken[-1] - taken[0]) if len(taken) > 1 else 0.0


def queue(count: int = MESSAGES) -> None:
    """Put messages into the outbox, for the latest cases."""
    from portal.cases.enums import NotifyBy
    from portal.cases.models import Case

    now = clock.now()
    # A message to anyone else is withheld.
    by_email = sa.select(Case.id).where(Case.notify_by == NotifyBy.EMAIL)
    with db.transaction() as session:
        cases = session.scalars(by_email.order_by(Case.id.desc()).limit(count)).all()
        # Only these are delivered: what scenarios have queued is not a part of the figure.
        waiting = sa.update(OutboxMessage).where(OutboxMessage.state == State.QUEUED)
        session.execute(waiting.values(state=State.KEPT))
        for number, case in enumerate(cases):
            row = OutboxMessage(case_id=case, name="received", medium="email", language="sv")
            row.recipient, row.subject = f"person{number}@exempel.se", "Vi har fått ditt ärende"
            row.text, row.html = "Tack för att du skrev.\n" * 20, "<p>Tack för att du skrev.</p>" * 40
            row.message_id, row.state = f"<bench-{now.timestamp()}-{number}@kontakt.example>", State.QUEUED
            row.created_at = row.next_try_at = now
            session.add(row)


@contextmanager
def mail_server() -> Iterator[int]:
    """The port of a mail server that takes everything."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), NullServer) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
