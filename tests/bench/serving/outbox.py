"""How many messages a second lanes claim, open and mark: python -m tests.bench.serving.outbox

With a channel that sends nothing, and with a mail server on loopback that takes everything; on PostgreSQL by
four workers and on SQLite by one, with few rows and with many.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal import clock, config, create_app, db, install
from portal.config import Settings
from portal.notifications.delivery.dispatch import EmailChannel, Letter
from portal.notifications.delivery.lanes import Lane
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium
from portal.operations import migrations
from tests import postgres
from tests.bench.serving.delivery import mail_server

# As an installation has it: what was settled survives a power failure.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
WAITING, OLD = 10_000, 300_000


class NullChannel:
    """Accepts every message and sends nothing."""

    def is_configured(self, using: Settings) -> bool:
        """Always."""
        return True

    def send(self, letter: Letter, using: Settings) -> None:
        """Nothing."""

    def interrupt(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""


def settings(url: str, port: int) -> Settings:
    """Development, with the mail server of the bench."""
    mail = {"mail_server": "127.0.0.1", "mail_port": port, "mail_security": "none"}
    return config.load(**{"env": "development", "database_url": url, **mail})


def fill(url: str, waiting: int, old: int) -> None:
    """An outbox with so many messages that wait and so many that were sent."""
    install(settings(url, 25))
    # So many rows take longer to be written than a statement of a request may.
    db.lift_time_limits()
    now = clock.now()
    row = OutboxMessage(name="received", medium=Medium.EMAIL, language="sv", recipient="maria@exempel.se")
    row.subject, row.text = "Vi har fått ditt ärende", "Tack för att du skrev.\n" * 20
    row.html, row.message_id, row.state = "<p>Tack för att du skrev.</p>" * 40, "<0@bench>", State.SENT
    row.created_at = row.next_try_at = now
    with db.transaction() as session:
        session.execute(sa.delete(OutboxMessage))
        session.add(row)
    with _without_foreign_keys() as connection:
        copy(connection, old, State.SENT, 1)
        copy(connection, waiting, State.QUEUED, old + 1)
    db.engine().dispose()


def copy(connection: sa.Connection, count: int, state: State, first: int) -> None:
    """So many copies of the first row, each of a case of its own."""
    outbox: Any = OutboxMessage.__table__
    other = ("id", "message_id", "case_id", "state")
    same = [column for column in outbox.columns if column.name not in other]
    numbers = sa.select(sa.literal(first).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < first + count - 1))
    own = [sa.cast(numbers.c.n, sa.Text), numbers.c.n, sa.literal(state.value)]
    rows = sa.select(*own, *same).join_from(outbox, numbers, outbox.c.message_id == "<0@bench>")
    if count:
        connection.execute(sa.insert(outbox).from_select(["message_id", "case_id", "state", *same], rows))


@contextmanager
def _without_foreign_keys() -> Iterator[sa.Connection]:
    """A transaction that may name cases which are not there."""
    with db.engine().connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not is_sqlite:
                connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            yield connection
        with connection.begin():
            connection.execute(sa.text("ANALYZE outbox"))


def work(url: str, port: int) -> None:
    """One worker: says when it is ready, begins at a word, delivers all, and says how many and until when."""
    app = create_app(settings(url, port or 25))
    with app.app_context():
        lane = Lane(Medium.EMAIL, EmailChannel() if port else NullChannel())
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        count = 0
        while done := lane.turn():
            count += done
        lane.channel.close()
    sys.stdout.write(f"{count} {time.time()}\n")


def rate(url: str, workers: int, port: int = 0) -> float:
    """Messages a second of so many workers; without a port by a channel that sends nothing."""
    command = [sys.executable, "-m", "tests.bench.serving.outbox", url, str(port)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running: list[Any] = [subprocess.Popen(command, **pipes) for _worker in range(workers)]
    for worker in running:
        worker.stdout.readline()
    start = time.time()
    for worker in running:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    ends = [worker.communicate(timeout=600)[0].split()[-2:] for worker in running]
    return sum(int(count) for count, _end in ends) / (max(float(end) for _count, end in ends) - start)


def measure(url: str, name: str, workers: int, few: int) -> None:
    """Print the figures of a database."""
    install(settings(url, 25))
    migrations.prepare()
    for waiting, old in ((few, 0), (WAITING, OLD)):
        fill(url, waiting, old)
        null = rate(url, workers)
        with mail_server() as port:
            fill(url, few, old)
            mailed = rate(url, workers, port)
        what = f"{name}, {workers} workers, {waiting} wait, {old} old"
        figures = f"{null:.0f}/s claimed, opened and marked; {mailed:.0f}/s by SMTP, of {few}"
        sys.stdout.write(f"{what}: {figures}\n")
        sys.stdout.flush()


def main() -> None:
    """Measure both databases, or be one of the workers."""
    if len(sys.argv) > 1:
        work(sys.argv[1], int(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(f"sqlite:///{Path(folder) / 'kontakt.db'}", "SQLite", 1, 1000)
    postgres.SETTINGS.update(DURABLE)
    with postgres.server() as server:
        measure(postgres_database(server), "PostgreSQL", 4, 3000)


def postgres_database(server: str) -> str:
    """A new database of the server, for the portal."""
    url = sa.make_url(server)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE outbox_bench"))
    admin.dispose()
    return url.set(database="outbox_bench").render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
