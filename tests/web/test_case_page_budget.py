"""The page of a case asks the database the same few things, however long the case and however many others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.audit.models import TrailEntry
from portal.cases.enums import Direction
from portal.cases.intake.submission import Receipt
from portal.cases.measures import actions as measures
from portal.cases.models import Case, CaseRelation, Message
from portal.identity.actors import Role, Staff
from tests import bulk_cases, factories
from tests.page import Page
from tests.web import steps

# Session, transactions, the gate, the case with its parts, and one for each panel of the page.
MOST = 34
LONG = 200


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements that the database was given meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)


@pytest.fixture
def eva() -> Staff:
    return factories.member("eva", Role.REGISTRAR, None)


@pytest.fixture
def sent(app: Flask) -> Receipt:
    with app.app_context():
        return factories.send_in(email="maja@exempel.se")


@pytest.fixture
def page(sent: Receipt, eva: Staff, staff_page: steps.SignIn) -> Page:
    return staff_page(eva)


@pytest.fixture
def count(page: Page, sent: Receipt) -> Callable[[str], list[str]]:
    """What one of the pages of the case asks for."""

    def counted(part: str = "") -> list[str]:
        page.get(steps.case_address(factories.number(sent), part))
        with asked() as found:
            page.get(steps.case_address(factories.number(sent), part))
        return found

    return counted


def lengthen(sent: Receipt, author: Staff) -> None:
    """So many messages and entries of the trail, in bulk, and a few measures."""
    now, each = clock.now(), range(LONG)
    said = {"case_id": sent.case, "direction": Direction.INTERNAL, "author_id": author.membership}
    done = {"case_id": sent.case, "event": "NoteAdded", "actor_kind": "staff", "actor_id": author.membership}
    with db.transaction() as session:
        session.execute(
            sa.insert(Message),
            [said | {"language": "sv", "body": f"Rad {n}", "arrived_at": now} for n in each],
        )
        session.execute(
            sa.insert(TrailEntry),
            [done | {"sequence": n + 100, "at": now, "details": {"message": n}, "seal": b""} for n in each],
        )
    for number in range(5):
        factories.act(measures.propose, author, sent, f"Förslag {number}")
        factories.act(measures.settle, author, sent, number + 1, measures.MeasureState.DECIDED)


def grown(app: Flask, others: int) -> None:
    """So many cases of others."""
    with app.app_context():
        bulk_cases.cases(others, party_id=None)


def relate(sent: Receipt) -> None:
    """Some of them belong with the case."""
    with db.transaction() as session:
        others = session.scalars(sa.select(Case.id).where(Case.id > sent.case).limit(10)).all()
        pairs = [{"case_id": sent.case, "other_id": other} for other in others]
        session.execute(sa.insert(CaseRelation), pairs)


def test_a_long_case_among_ten_thousand_asks_no_more_than_a_short_one_among_ten(
    app: Flask, count: Callable[[str], list[str]], sent: Receipt
) -> None:
    anna, parts = factories.member(), ("", "/utskrift")
    grown(app, 10)
    short = [count(part) for part in parts]
    with app.app_context():
        lengthen(sent, anna)
    grown(app, 10_000)
    relate(sent)
    long = [count(part) for part in parts]
    assert long == short
    assert [len(each) <= MOST for each in short] == [True, True], [len(each) for each in short]
