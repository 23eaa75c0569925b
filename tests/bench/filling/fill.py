"""Fill a PostgreSQL database with realistic cases: rows by COPY from worker processes, indexes afterwards."""

import hashlib
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from portal import ROOT, clock, config, db, install
from portal.operations import migrations
from portal.statistics.published.closed_months import count_next_month
from tests.bench import cluster
from tests.bench.filling import columns, frame, pool, rows, staff

CHUNK = 1_000
BODIES = 20_000
# These hold millions of rows: their indexes are built when the rows are there.
LARGE = ("case", "party", "person", "message", "trail", "search_text", "search_case", "read_log", "outbox")
MIGRATIONS = ROOT / "migrations/versions"
# What decides the rows, besides the migrations.
FILLER = ("columns.py", "frame.py", "life.py", "pool.py", "rows.py", "staff.py", "words.py", "words.toml")
SETTINGS: dict[str, Any] = {"env": "development", "limits": "off", "log_level": "WARNING"}
Progress = Callable[[str], None]
_maker: rows.Maker
_address: str


def name_for(cases: int) -> str:
    """The name of a filled database: another when a migration, the filler or the month changes."""
    digest = hashlib.sha256(f"{date.today():%Y-%m}".encode())
    own = Path(__file__).parent
    parts = [own / name for name in FILLER]
    for file in [*sorted(MIGRATIONS.glob("*.py")), *parts]:
        digest.update(file.read_bytes())
    return f"filled_{cases}_{digest.hexdigest()[:10]}"


def ensure(cases: int, say: Progress) -> str:
    """The name of a database with so many cases, filled now if the cluster has none."""
    name = name_for(cases)
    if not cluster.exists(name):
        with cluster.unsafe():
            build = f"building_{cases}"
            address = _migrated(build)
            fill(address, cases, say)
            db.engine().dispose()
            cluster.rename(build, name)
    return name


def _migrated(name: str) -> str:
    cluster.drop(name)
    with cluster.connect() as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    prepare(cluster.url(name))
    return cluster.url(name)


def prepare(address: str) -> None:
    """Migrate an empty database, and give it a profile and its staff."""
    install(config.load(**SETTINGS, database_url=address))
    db.lift_time_limits()
    migrations.prepare()
    staff.add()


def fill(address: str, cases: int, say: Progress, workers: int = 2) -> None:
    """Fill a prepared PostgreSQL database; this process is bound to it."""
    global _maker, _address
    began = time.monotonic()
    known, calendar = frame.read(), frame.Calendar(cases)
    texts = pool.make(min(BODIES, max(500, cases // 5)))
    _maker, _address = rows.Maker(known, texts, calendar, clock.now()), plain(address)
    db.engine().dispose()
    say(f"{cases} cases: texts after {time.monotonic() - began:.0f} s")
    with psycopg.connect(_address, autocommit=True) as connection, _without_indexes(connection, say):
        chunks = [(first, min(first + CHUNK, cases)) for first in range(0, cases, CHUNK)]
        words: Counter[int] = Counter()
        for done, counted in enumerate(_each(_write, chunks, workers), 1):
            words += counted
            if done % max(1, len(chunks) // 10) == 0:
                say(f"  {done * CHUNK} cases after {time.monotonic() - began:.0f} s")
        _finish(connection, calendar, words)
    # As the worker does in the night.
    while count_next_month():
        pass
    db.engine().dispose()
    with psycopg.connect(_address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    say(f"  filled after {time.monotonic() - began:.0f} s")


def plain(address: str) -> str:
    """An address of the portal as the driver takes it."""
    return address.replace("+psycopg", "")


def _each(function: Callable[[Any], Any], items: Iterable[Any], workers: int) -> Iterable[Any]:
    """The function of each item, by so many processes."""
    if workers < 2:
        yield from map(function, items)
        return
    # Forked, so that they share the texts.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context) as processes:
        yield from processes.map(function, items)


def _write(chunk: tuple[int, int]) -> Counter[int]:
    """Write the rows of some cases; returns how often each word of the index occurs."""
    sheet = _maker.chunk(*chunk)
    with psycopg.connect(_address) as connection:
        # Every row refers to one that is there, or is to come: nothing asks for each.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for table, names in columns.COLUMNS.items():
            if sheet.lines[table]:
                _copy(connection, table, names, sheet.lines[table])
    return sheet.words


def _copy(connection: psycopg.Connection[Any], table: str, names: str, lines: list[str]) -> None:
    listed = ", ".join(names.split())
    with connection.cursor().copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
        copy.write("\n".join(lines) + "\n")


@contextmanager
def _without_indexes(connection: psycopg.Connection[Any], say: Progress) -> Any:
    """The large tables have only their primary keys meanwhile; then their indexes are built side by side."""
    query = """
        SELECT c.conname, t.relname, pg_get_constraintdef(c.oid) FROM pg_constraint c
        JOIN pg_class t ON t.oid = c.conrelid WHERE c.contype = 'u' AND t.relname = ANY(%s)"""
    unique = connection.execute(query, [list(LARGE)]).fetchall()
    for name, table, _definition in unique:
        connection.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    query = """
        SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s)
        AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"""
    indexes = connection.execute(query, [list(LARGE)]).fetchall()
    for name, _definition in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    say("  indexes")
    statements = [f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {rule}' for name, table, rule in unique]
    # The full-text index takes as long as all the others.
    statements += sorted((definition for _name, definition in indexes), key=lambda text: "gin" not in text)
    list(_each(_execute, statements, 2))


def _execute(statement: str) -> None:
    with psycopg.connect(_address, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("SET max_parallel_maintenance_workers = 0")
        connection.execute(statement)


def _finish(connection: psycopg.Connection[Any], calendar: frame.Calendar, words: Counter[int]) -> None:
    """What is known of all rows: the numbers that come next, in each year and each table, and the words."""
    connection.execute('UPDATE "case" SET reopened = true WHERE id IN (SELECT case_id FROM past_clock)')
    with connection.cursor().copy("COPY search_frequency (word, cases) FROM STDIN") as copy:
        for row in words.items():
            copy.write_row(row)
    for year, last in calendar.series().items():
        connection.execute("INSERT INTO number_series (year, last) VALUES (%s, %s)", [year, last])
    for table, names in columns.COLUMNS.items():
        if names.split()[0] == "id":
            newest = f'(SELECT coalesce(max(id), 0) + 1 FROM "{table}")'
            connection.execute(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), {newest}, false)")


def main() -> None:
    """Fill databases of the sizes that the arguments name."""
    for cases in map(int, sys.argv[1:]):
        ensure(cases, lambda line: print(line, flush=True))  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    with cluster.running():
        main()
