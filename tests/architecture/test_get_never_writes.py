"""Reading an address changes nothing, apart from the exceptions that are named here."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal import db
from portal.identity.actors import Staff
from tests import factories
from tests.architecture import routes
from tests.architecture.routes import Visitors
from tests.architecture.tree import PORTAL, python_files
from tests.page import Page
from tests.web import steps

WRITE = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|CREATE|DROP|ALTER)\s+"?(\w+)', re.IGNORECASE)
LOG = re.compile(r"\bReading\b|read_log\"")
ADDS = re.compile(r"(?<!class )\bReading\(|\b(insert|update|delete)\(Reading")
# A case that is shown is written down.
READING = ["INSERT INTO read_log"]
ALLOWED = {("staff", f"backoffice.{page}"): READING for page in ("case", "print_of", "pdf_of")}


LOCK = re.compile(r"BEGIN IMMEDIATE|FOR UPDATE")


@contextmanager
def written() -> Iterator[list[str]]:
    """What is written to the database meanwhile."""
    with given() as statements:
        yield (found := [])
    found += [f"{write[1].upper()} {write[2]}" for write in map(WRITE.match, statements) if write]


@contextmanager
def given() -> Iterator[list[str]]:
    """Every statement that the database is given meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)


def writing_reads(app: Flask, visitors: Visitors) -> list[str]:
    """Every address that writes something when it is read, with what and by whom."""
    offenders = []
    for who, visitor in visitors.items():
        for rule in routes.rules(app, "GET"):
            with written() as found:
                visitor.client.get(routes.address(rule), buffered=True)
            if found != ALLOWED.get((who, rule.endpoint), []):
                offenders.append(f"{who} {rule.endpoint}: {found}")
    return offenders


def test_no_address_writes_when_it_is_read(app: Flask, visitors: Visitors) -> None:
    before = steps.stored()
    assert writing_reads(app, visitors) == []
    after = steps.stored()
    assert len(after.pop("read_log")) == len(before.pop("read_log")) + len(ALLOWED)
    assert after == before


def test_no_page_of_staff_locks_when_it_is_read(app: Flask, visitors: Visitors) -> None:
    sqlite = db.engine().dialect.name == "sqlite"
    locks = {}
    for rule in routes.rules(app, "GET"):
        if rule.endpoint.startswith("backoffice."):
            with given() as statements:
                visitors["staff"].client.get(routes.address(rule), buffered=True)
            locks[rule.endpoint] = sum(bool(LOCK.search(statement)) for statement in statements)
    # On SQLite the one row of the read log takes the write lock.
    logs = {endpoint for _who, endpoint in ALLOWED} if sqlite else set()
    assert {endpoint for endpoint, count in locks.items() if count} == logs
    assert set(locks.values()) <= {0, 1}


@pytest.mark.own_app
def test_one_that_does_is_found(app: Flask, request: pytest.FixtureRequest) -> None:
    @app.get("/slarvig")
    def careless() -> str:
        factories.send_in()
        return "ok"

    visitors: Visitors = request.getfixturevalue("visitors")
    found = writing_reads(app, {"stranger": visitors["stranger"]})
    assert [offender.split(":")[0] for offender in found] == ["stranger careless"]
    assert "INSERT INTO case" in found[0]


def test_only_the_read_log_module_writes_the_read_log() -> None:
    readers = ["audit/company.py", "audit/models.py", "audit/readers.py"]
    assert names_the_log(PORTAL) == sorted([*readers, "audit/read_log.py"])
    for name in readers:
        assert not ADDS.search((PORTAL / name).read_text()), name


@pytest.mark.parametrize("line", ["session().add(Reading(case_id=1))", "execute(insert(Reading), rows)"])
def test_another_writer_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "careless.py").write_text(line)
    assert names_the_log(tmp_path) == ["careless.py"]
    assert ADDS.search(line)


def names_the_log(folder: Path) -> list[str]:
    """The files that know the table of the read log."""
    files = {file.relative_to(folder).as_posix(): file.read_text() for file in python_files(folder)}
    return sorted(name for name, text in files.items() if LOG.search(text))


@time_machine.travel("2026-05-04 08:00:00Z", tick=False)
def test_a_session_is_seen_once_an_hour_and_no_oftener(
    app: Flask, staff_page: Callable[[Staff], Page]
) -> None:
    page, seen = staff_page(factories.member()), []
    for moment in ("08:05:01", "08:59:59", "09:00:01", "09:40:00"):
        with time_machine.travel(f"2026-05-04 {moment}Z", tick=False), written() as found:
            page.get("/om")
        seen.append(found)
    assert seen == [[], [], ["UPDATE sign_in"], []]
