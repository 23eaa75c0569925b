"""Closed months are counted once, and what happens later changes no figure, on both databases."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases.actions import extensions, handling
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.identity.actors import Role
from portal.organisation.models import Board
from portal.statistics.models import CountedCell, CountedMonth, PublishedRow
from portal.statistics.published import queries as published
from portal.statistics.published.closed_months import count_next_month, last_promise_day
from portal.statistics.published.tree import Table
from tests import factories, statements

JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)


def count_all() -> int:
    """Count every closed month; returns how many there were."""
    months = 0
    while count_next_month():
        months += 1
    db.close_read_session()
    return months


def rows(first: date = JANUARY, last: date = date(2026, 12, 1)) -> list[published.PublicRow]:
    db.close_read_session()
    return published.rows(first, last)


def spans() -> list[tuple[str, int, int, int]]:
    """The rows of kinds: kind, first and last month, and the number of cases."""
    return [
        (str(row.keys[0]), row.first.month, row.last.month, row.sums["cases"])
        for row in rows()
        if row.table is Table.KIND
    ]


def test_a_month_is_counted_when_its_last_promise_has_passed(time_machine: TimeMachineFixture) -> None:
    for _each in range(5):
        factories.past(MONDAY, MONDAY + DAY)
    # The tenth working day after 31 March: Easter is between.
    assert last_promise_day(MARCH) == date(2026, 4, 16)
    time_machine.move_to("2026-04-16 20:00:00Z", tick=False)
    assert count_all() == 0
    time_machine.move_to("2026-04-16 22:30:00Z", tick=False)
    assert count_all() == 1
    assert spans() == [("complaint", 3, 3, 5)]
    assert count_all() == 0


def test_months_are_counted_one_at_a_time_and_none_is_left_out() -> None:
    for day in (date(2026, 1, 12), MONDAY):
        for _each in range(5):
            factories.past(day, day + DAY)
    assert count_all() == 4
    db.close_read_session()
    months = db.session().scalars(sa.select(CountedMonth.month).order_by(CountedMonth.month)).all()
    assert months == [JANUARY, FEBRUARY, MARCH, APRIL]
    assert spans() == [("complaint", 1, 1, 5), ("complaint", 2, 3, 5)]


def test_what_happens_later_changes_no_figure(time_machine: TimeMachineFixture) -> None:
    receipts = [factories.past(MONDAY, MONDAY + DAY) for _each in range(7)]
    count_all()
    before = rows()
    officer = factories.member()
    factories.act(sender_actions.reply, factories.sender(receipts[0]), receipts[0], "Det hjälpte inte.")
    factories.act(handling.reopen, officer, receipts[1])
    with db.transaction() as writer:
        writer.execute(sa.update(Case).where(Case.id == receipts[2].case).values(kind=Kind.PRAISE))
    assert rows() == before
    time_machine.move_to("2026-06-20 08:00:00Z", tick=False)
    assert count_all() == 1
    assert rows() == before


def test_a_new_round_is_a_promise_of_its_own_month_and_no_new_case(time_machine: TimeMachineFixture) -> None:
    receipts = [factories.past(MONDAY, MONDAY + DAY) for _each in range(5)]
    count_all()
    factories.act(sender_actions.reply, factories.sender(receipts[0]), receipts[0], "Det hjälpte inte.")
    time_machine.move_to("2026-06-20 08:00:00Z", tick=False)
    count_all()
    may = db.session().scalars(sa.select(CountedCell).where(CountedCell.month == date(2026, 5, 1))).one()
    assert "cases" not in may.sums
    assert (may.sums["promises"], may.sums["promises.reopened"]) == (1, 1)


def test_an_extended_promise_is_broken_though_its_new_day_has_not_passed(
    time_machine: TimeMachineFixture,
) -> None:
    registrar = factories.member("eva", Role.REGISTRAR, None)
    for _each in range(5):
        factories.past(MONDAY, MONDAY + DAY)
    for _each in range(5):
        receipt = factories.past(MONDAY)
        with clock.at(datetime(2026, 3, 3, 9, tzinfo=clock.STOCKHOLM)):
            factories.act(extensions.extend, registrar, receipt, date(2026, 5, 29), "Vi hinner inte.")
    time_machine.move_to("2026-04-17 08:00:00Z", tick=False)
    assert count_all() == 1
    sums = rows()[0].sums
    parts = ("total", "in_time", "extended", "waiting", "undue")
    assert [sums[f"answer.{part}"] for part in parts] == [10, 5, 5, 5, 0]
    assert [sums[key] for key in ("closed.total", "closed.in_time", "times.waiting")] == [10, 5, 5]


def test_a_case_that_is_registered_late_is_counted_in_the_next_month(
    time_machine: TimeMachineFixture,
) -> None:
    for _each in range(5):
        factories.past(MONDAY, MONDAY + DAY)
    count_all()
    late = factories.past(MONDAY, MONDAY + DAY)
    for _each in range(4):
        factories.past(date(2026, 5, 11), date(2026, 5, 12))
    time_machine.move_to("2026-06-20 08:00:00Z", tick=False)
    count_all()
    assert spans() == [("complaint", 3, 3, 5), ("complaint", 4, 5, 5)]
    time_machine.move_to("2026-07-20 08:00:00Z", tick=False)
    count_all()
    assert sum(count for *_span, count in spans()) == 10
    assert late.case


def test_a_year_has_its_boards_when_december_is_counted(time_machine: TimeMachineFixture) -> None:
    for category, count in (("parker", 6), ("skola", 5), ("bygga", 2)):
        for _each in range(count):
            factories.past(MONDAY, MONDAY + DAY, category=category)
    count_all()
    assert {row.table for row in rows()} == {Table.KIND}
    time_machine.move_to("2027-01-20 08:00:00Z", tick=False)
    count_all()
    boards = [row for row in rows() if row.table is Table.BOARD]
    assert [(row.names[0], row.sums["cases"], row.others) for row in boards] == [
        ("Tekniska nämnden", 6, False),
        ("Utbildnings- och kulturnämnden", 7, True),
    ]
    # Boards without cases are merged with the small ones, so that the table does not tell which have none.
    assert set(boards[1].names[1:]) == {"Kommunstyrelsen", "Miljö- och byggnadsnämnden", "Socialnämnden"}
    assert {
        row.sums["cases"] % 5 for row in rows() if row.table in (Table.TOPIC, Table.UNIT, Table.FATE)
    } == {0}


def test_a_board_keeps_the_name_that_it_had_when_it_was_published(time_machine: TimeMachineFixture) -> None:
    for _each in range(6):
        factories.past(MONDAY, MONDAY + DAY, category="parker")
    time_machine.move_to("2027-01-20 08:00:00Z", tick=False)
    count_all()
    with db.transaction() as writer:
        board = writer.scalars(sa.select(Board).where(Board.name == "Tekniska nämnden")).one()
        board.name = "Ny nämnd"
    assert "Tekniska nämnden" in {name for row in published.rows_of_boards() for name in row.names}


def test_secret_cases_are_counted_with_the_rest() -> None:
    for _each in range(5):
        factories.past(MONDAY, category="aldre")
    count_all()
    assert spans() == [("complaint", 3, 3, 5)]


def test_without_a_case_nothing_is_counted() -> None:
    assert count_all() == 0
    assert published.extent() is None


def test_the_months_before_are_read_in_few_statements_however_many_there_are() -> None:
    for _each in range(5):
        factories.past(date(2025, 6, 2), date(2025, 6, 3))
    costs = []
    while True:
        with statements.counted() as asked:
            if not count_next_month():
                break
        costs.append(len(asked))
    december = costs.pop(6)
    assert december <= 25
    assert set(costs[1:]) == {costs[1]}
    assert costs[1] <= 14
    db.close_read_session()
    assert (db.session().scalar(sa.select(sa.func.count()).select_from(PublishedRow)) or 0) > 1
