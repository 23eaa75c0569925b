"""The kept counts of the statistics are always what counting from the cases gives, on both databases."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases.actions import extensions, handling
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.statistics import kept as kept_counts_module
from portal.statistics.kept import keep_counts
from portal.statistics.models import CountedPromise, KeptCounts, StatisticsPending
from portal.statistics.queries import statistics
from tests import factories, kept_counts, statements

TODAY = date(2026, 5, 20)
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)


def same() -> None:
    """What a page shows is what the cases say, and was not counted from them."""
    kept = kept_counts.kept()
    assert kept is not None
    assert kept == kept_counts.from_cases()


def rows(model: type) -> int:
    db.close_read_session()
    return db.session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def count_all() -> None:
    while keep_counts():
        pass


def test_until_the_worker_has_counted_a_page_counts_from_the_cases() -> None:
    for _each in range(5):
        factories.past(MONDAY, MONDAY + DAY)
    assert kept_counts.kept() is None
    before = statistics(System())
    count_all()
    same()
    db.close_read_session()
    assert statistics(System()) == before
    assert before.figures
    assert before.figures.received == 5


def test_a_new_case_and_each_change_are_shown_before_and_after_they_are_counted() -> None:
    officer = factories.member()
    count_all()
    changes = (
        lambda receipt: factories.act(handling.take, officer, receipt),
        lambda receipt: factories.act(handling.request_supplement, officer, receipt, "Vilken?"),
        lambda receipt: factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Den."),
        lambda receipt: factories.act(handling.answer, officer, receipt, "Nu.", close=True),
        lambda receipt: factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Nej."),
        lambda receipt: factories.act(handling.answer, officer, receipt, "Jo."),
        lambda receipt: factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Nej!"),
        lambda receipt: factories.act(sender_actions.withdraw, factories.sender(receipt), receipt),
    )
    receipt = factories.past(MONDAY)
    for change in changes:
        same()
        count_all()
        assert not rows(StatisticsPending)
        same()
        change(receipt)
    same()


def test_a_case_of_an_old_month_may_change_its_kind() -> None:
    for _each in range(6):
        factories.past(MONDAY, MONDAY + DAY)
    count_all()
    with db.transaction() as writer:
        writer.scalars(sa.select(Case)).first().kind = Kind.PRAISE  # type: ignore[union-attr]
    same()
    count_all()
    same()
    assert {kind for kind, _month in kept_counts.kept() or {}} == {Kind.COMPLAINT, Kind.PRAISE}


def test_what_is_counted_of_a_case_that_is_gone_is_taken_away() -> None:
    factories.past(MONDAY, MONDAY + DAY)
    count_all()
    with db.transaction() as writer:
        case = writer.scalars(sa.select(CountedPromise)).one()
        # As after a case was deleted: nothing is left of it but the mark and what was counted.
        case.case_id = 999
        writer.add(StatisticsPending(case_id=999))
        writer.add(StatisticsPending(case_id=1))
    same()
    count_all()
    same()
    assert rows(CountedPromise) == 1


def test_days_go_by_between_the_count_and_the_page(time_machine: TimeMachineFixture) -> None:
    for each in range(12):
        factories.past(TODAY - each * 3 * DAY, TODAY - each * 2 * DAY if each % 3 else None)
    count_all()
    for days in (0, 1, 5, 20, 200, 366, 800):
        time_machine.move_to(datetime.combine(TODAY + days * DAY, time(9), clock.STOCKHOLM), tick=False)
        same()
    factories.past(TODAY + 700 * DAY)
    same()
    count_all()
    same()
    assert rows(CountedPromise) == 1


def test_a_page_of_an_earlier_day_or_with_other_closed_days_counts_from_the_cases(
    time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.past(MONDAY, MONDAY + 5 * DAY)
    count_all()
    time_machine.move_to("2026-05-19 21:00:00Z", tick=False)
    assert kept_counts.kept() is None
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)
    same()
    monkeypatch.setattr(organisation, "closed_days", lambda: {MONDAY + DAY: "stängt"})
    assert kept_counts.kept() is None
    count_all()
    same()


def test_a_promise_that_is_extended_is_counted_by_its_new_day(time_machine: TimeMachineFixture) -> None:
    officer = factories.member()
    receipts = [factories.past(TODAY - 2 * DAY) for _each in range(3)]
    count_all()
    factories.act(handling.take, officer, receipts[0])
    factories.act(extensions.extend, officer, receipts[0], TODAY + 33 * DAY, "Vi väntar på en del.")
    same()
    count_all()
    same()
    time_machine.move_to("2026-08-20 08:00:00Z", tick=False)
    same()


def test_with_too_many_marks_a_page_counts_from_the_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    count_all()
    factories.past(MONDAY)
    factories.past(MONDAY)
    same()
    monkeypatch.setattr(kept_counts_module, "_pending", kept_counts_module._pending.limit(2))
    monkeypatch.setattr(kept_counts_module, "MAX_PENDING", 1)
    assert kept_counts.kept() is None


def test_the_page_costs_two_statements_however_many_cases_there_are() -> None:
    for _each in range(8):
        factories.past(MONDAY, MONDAY + DAY)
    count_all()
    for marked in (0, 1):
        db.close_read_session()
        with statements.counted() as found:
            statistics(System())
        assert len(found) == 2
        assert any('FROM "case"' in statement for statement in found) == bool(marked)
        factories.past(MONDAY)


def test_a_change_that_no_figure_reads_marks_nothing() -> None:
    receipt = factories.past(MONDAY)
    count_all()
    factories.act(handling.note, factories.member(), receipt, "En anteckning.")
    assert not rows(StatisticsPending)
    assert rows(KeptCounts) == 1
