"""Reading an address changes nothing, apart from the exceptions that are named here."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from tests.page import Page
from tests.web import steps

WRITE = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|CREATE|DROP|ALTER)\s+"?(\w+)', re.IGNORECASE)
# Who opened a case is written down.
READING = ["INSERT INTO read_log"]
ALLOWED = {("staff", f"backoffice.{page}"): READING for page in ("case", "print_of", "pdf_of")}


@contextmanager
def written() -> Iterator[list[str]]:
    """What is written to the database meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if write := WRITE.match(statement):
            found.append(f"{write[1].upper()} {write[2]}")

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


@time_machine.travel("2026-05-04 08:00:00Z", tick=False)
def test_a_session_is_seen_every_five_minutes_and_no_oftener(
    app: Flask, staff_page: Callable[[Staff], Page]
) -> None:
    page, seen = staff_page(factories.member()), []
    for moment in ("08:05:01", "08:10:00", "08:10:02"):
        with time_machine.travel(f"2026-05-04 {moment}Z", tick=False), written() as found:
            page.get("/om")
        seen.append(found)
    assert seen == [["UPDATE sign_in"], [], ["UPDATE sign_in"]]
