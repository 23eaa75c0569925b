"""flask demo: invented people of every role, and a case in every status."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.cases import queries
from portal.cases.lifecycle import Status
from portal.cases.models import Case, Task
from portal.cases.ownership.queries import count_without_handler
from portal.cli import demo
from portal.cli.year import cases
from portal.identity import queries as people
from portal.identity.actors import Citizen, Role
from portal.identity.models import Membership, Person
from portal.notifications.models import OutboxMessage
from portal.statistics.models import CountedMonth
from tests import factories


def run(app: Flask) -> str:
    """What the command says."""
    return app.test_cli_runner().invoke(args=["demo"]).stdout


def maria() -> Citizen:
    db.close_read_session()
    (found,) = [row.id for row in db.session().scalars(sa.select(Person)) if row.name == "Maria Ekdahl"]
    return Citizen(found)


def test_there_are_people_of_every_role_and_cases_of_every_status(inside: Flask) -> None:
    assert run(inside) == "Demo: 11 members of staff, 20 cases.\n"
    db.close_read_session()
    assert set(db.session().scalars(sa.select(Membership.role))) == set(Role)
    assert {case.status for case in queries.cases_of(maria())} == set(Status)


def test_no_message_is_queued_and_no_number_is_left_out(inside: Flask) -> None:
    run(inside)
    db.close_read_session()
    assert db.session().scalars(sa.select(OutboxMessage.id)).all() == []
    in_time = db.session().scalars(sa.select(Case.number).order_by(Case.received_at, Case.number)).all()
    assert in_time == list(range(1, 21))


def test_a_second_time_adds_nothing(inside: Flask) -> None:
    run(inside)
    assert run(inside) == "There are cases already: the demo adds none.\n"
    assert len(people.members()) == 15


def test_cases_that_are_there_stay_alone(inside: Flask) -> None:
    factories.send_in()
    assert "the demo adds none" in run(inside)
    db.close_read_session()
    assert len(db.session().scalars(sa.select(Case.id)).all()) == 1


def test_every_open_case_has_a_handler_and_none_has_a_task(inside: Flask) -> None:
    run(inside)
    db.close_read_session()
    assert count_without_handler() == 0
    assert db.session().scalars(sa.select(Task.kind).where(Task.done_at.is_(None))).all() == []


def test_everybody_in_the_demo_is_somebody_whom_testlegitimering_knows(inside: Flask) -> None:
    run(inside)
    db.close_read_session()
    known = {each["name"] for each in demo.people()}
    assert set(db.session().scalars(sa.select(Person.name))) <= known


def test_a_year_is_not_added_to_months_that_are_counted(inside: Flask) -> None:
    with db.transaction() as session:
        session.add(CountedMonth(month=date(2026, 3, 1), counted_at=clock.now(), last_case=0))
    result = inside.test_cli_runner().invoke(args=["demo-year"])
    assert result.exit_code == 1
    assert "months are counted already" in result.output
    assert not db.session().scalar(sa.select(sa.func.count()).select_from(Case))


def test_a_year_that_was_stopped_goes_on_where_it_was(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    month = cases.months(clock.today())[-2]
    monkeypatch.setattr(cases, "months", lambda _today: [month])
    create, created = cases.create, []

    def stopping(*given: Any) -> int:
        if len(created) == 12:
            raise KeyboardInterrupt
        created.append(create(*given))
        return created[-1]

    monkeypatch.setattr(cases, "create", stopping)
    assert inside.test_cli_runner().invoke(args=["demo-year"]).exit_code == 1
    # Those of whole transactions.
    assert count() == 10
    monkeypatch.setattr(cases, "create", create)
    for said in (f"A year: {expected(month) - 10} cases,", "The year is there already."):
        result = inside.test_cli_runner().invoke(args=["demo-year"])
        assert result.stdout.startswith(said)
        assert count() == expected(month)
    db.close_read_session()
    assert not db.session().scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
    assert not db.session().scalar(sa.select(sa.func.count()).select_from(Task))


def count() -> int:
    """The number of cases."""
    db.close_read_session()
    return db.session().scalars(sa.select(sa.func.count()).select_from(Case)).one()


def expected(month: cases.Month) -> int:
    """The number of cases of a month of the year."""
    return len(cases.entries(month))
