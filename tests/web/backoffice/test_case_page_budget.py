"""The page of a case asks the database the same few things, for any reader and any length.

What counts is every SELECT, INSERT, UPDATE and DELETE of the request, those of the session and of the read
log among them: not what begins and ends a transaction.
"""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.audit.models import TrailEntry
from portal.cases.actions import handling, routing
from portal.cases.enums import Direction, Purpose
from portal.cases.intake.submission import Receipt
from portal.cases.measures import actions as measures
from portal.cases.models import Case, CaseRelation, Message, PastClock
from portal.identity import queries as people
from portal.identity.actors import Staff
from tests import bulk_cases, factories
from tests.page import Page
from tests.statements import counted
from tests.web import steps

# Most cases have no measures, no related cases and no colleagues at work: nothing asks for those then.
USUAL_BUDGET, PAGE_BUDGET, REFUSED_BUDGET = 11, 15, 19
PAGES = ("", "/utskrift", "/liknande")
LONG = 200
# make test-all takes as many as a large municipality has in some years.
MANY = [1_000, pytest.param(10_000, marks=pytest.mark.full)]
# What is refused, why, and with which status: the form, the command, the lifecycle, or a change by another.
REFUSED = {
    "empty form": ("note", {"body": ""}, 422),
    "choice missing": ("assign", {}, 422),
    "empty answer": ("answer", {"body": ""}, 422),
    "wrong day": ("extend", {"until": "2020-01-01", "reason": "Semester"}, 422),
    "wrong case": ("merge", {"number": "KB-2026-999999", "body": "Samma"}, 422),
    "another board": ("hand_over", {"to": "unit-grundskola"}, 422),
    "older version": ("answer", {"body": "Ett svar", "version": "1"}, 409),
    "closed meanwhile": ("request_supplement", {"body": "Var?"}, 409),
    "answered meanwhile": ("answer", {"body": "Ett annat svar"}, 409),
}


@pytest.fixture(params=[1, 9])
def reader(request: pytest.FixtureRequest, app: Flask) -> Staff:
    """Anna of the park unit, who may work for several units."""
    anna = factories.member()
    factories.more_memberships(anna, request.param - 1)
    return anna


@pytest.fixture
def page(sent: Receipt, reader: Staff, staff_page: steps.SignIn) -> Page:
    return staff_page(reader)


@pytest.fixture
def costs(page: Page, sent: Receipt) -> Callable[[], list[int]]:
    """How many statements each page of the case takes."""

    def count() -> list[int]:
        found = []
        for part in PAGES:
            page.get(steps.case_address(factories.number(sent), part))
            with counted() as statements:
                page.get(steps.case_address(factories.number(sent), part))
            found.append(len(statements))
        return found

    return count


def lengthen(sent: Receipt, author: Staff) -> None:
    """So many messages and entries of the trail, in bulk, and a few measures."""
    now = clock.now()
    message = {"case_id": sent.case, "direction": Direction.INTERNAL, "author_id": author.membership}
    message["board_id"] = factories.case(sent).responsible_board_id
    entry = {"case_id": sent.case, "event": "NoteAdded", "actor_kind": "staff", "actor_id": author.membership}
    with db.transaction() as session:
        session.execute(
            sa.insert(Message),
            [message | {"language": "sv", "body": f"Rad {n}", "arrived_at": now} for n in range(LONG)],
        )
        session.execute(
            sa.insert(TrailEntry),
            [
                entry | {"sequence": n + 100, "at": now, "details": {"message": n}, "seal": b""}
                for n in range(LONG)
            ],
        )
    for number in range(5):
        factories.act(measures.propose, author, sent, f"Förslag {number}")
        factories.act(measures.settle, author, sent, number + 1, measures.MeasureState.DECIDED)


def trouble(sent: Receipt, handler: Staff) -> None:
    """The case has a handler and another contact person, and its sender was not satisfied with an answer."""
    samir = people.membership(factories.member("samir").membership)
    assert samir
    factories.act(handling.take, handler, sent)
    factories.act(routing.name_contact, handler, sent, samir)
    now = clock.now()
    with db.transaction() as session:
        session.execute(
            sa.insert(Message).values(
                case_id=sent.case,
                direction=Direction.OUT,
                purpose=Purpose.ANSWER,
                author_id=samir.id,
                board_id=factories.case(sent).responsible_board_id,
                language="sv",
                body="Nej.",
                arrived_at=now,
            )
        )
        session.add(
            PastClock(
                case_id=sent.case,
                started_on=clock.today(),
                pauses=[],
                extended_for_summer=False,
                unsatisfied=False,
                ended_at=now,
            )
        )
        session.execute(sa.update(Case).where(Case.id == sent.case).values(unsatisfied=True))


def grown(app: Flask, others: int) -> None:
    """So many cases of others."""
    with app.app_context():
        bulk_cases.cases(others, party_id=None)


def relate(sent: Receipt, count: int) -> None:
    """So many of them belong with the case."""
    with db.transaction() as session:
        session.execute(sa.delete(CaseRelation))
        others = session.scalars(sa.select(Case.id).where(Case.id > sent.case).limit(count)).all()
        pairs = [{"case_id": sent.case, "other_id": other} for other in others]
        session.execute(sa.insert(CaseRelation), pairs)


@pytest.mark.parametrize("most", MANY)
def test_a_long_case_among_many_asks_no_more_than_one_with_as_much_among_ten(
    app: Flask, costs: Callable[[], list[int]], sent: Receipt, reader: Staff, most: int
) -> None:
    grown(app, 10)
    short = costs()
    with app.app_context():
        factories.act(measures.propose, reader, sent, "Ett förslag")
    relate(sent, 1)
    measured = costs()
    with app.app_context():
        lengthen(sent, reader)
    grown(app, most)
    relate(sent, 10)
    assert costs() == measured
    assert max(short) <= USUAL_BUDGET, short
    assert max(measured) <= PAGE_BUDGET, measured


def test_a_case_that_went_wrong_is_within_the_budget_when_the_session_is_seen_again(
    travel: steps.Travel, app: Flask, page: Page, sent: Receipt, reader: Staff
) -> None:
    with app.app_context():
        trouble(sent, reader)
    travel.shift(1800)
    page.get("/handlaggning/")
    # The row of a session tells the hour alone: it changes when the next one has begun.
    travel.shift(1800)
    with counted() as statements:
        page.get(steps.case_address(factories.number(sent)))
    assert [line for line in statements if line.startswith("UPDATE sign_in")]
    assert len(statements) <= PAGE_BUDGET, statements


@pytest.mark.parametrize("why", REFUSED)
def test_a_refused_action_is_within_its_budget(app: Flask, page: Page, sent: Receipt, why: str) -> None:
    action, fields, status = REFUSED[why]
    grown(app, 10)
    address = steps.case_address(factories.number(sent))
    token = {"csrf_token": steps.token(page, address)}
    page.post(f"{address}/note", token | {"body": "Nu är ärendet ändrat."})
    page.post(f"{address}/take", token)
    if "meanwhile" in why:
        page.post(f"{address}/answer", token | {"body": "Ett svar", "close": "1"})
    with counted() as statements:
        page.post(f"{address}/{action}", token | fields, status)
    assert len(statements) <= REFUSED_BUDGET, statements
