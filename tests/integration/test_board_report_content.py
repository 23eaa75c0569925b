"""What a board's report counts: against an own count in SQL, and without what must not be told of."""

import itertools
from collections import Counter
from collections.abc import Hashable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.board_reports import counts, patterns
from portal.board_reports.content import FATE, Growth, ReportContent, Row, Share, Shown, to_json
from portal.board_reports.patterns import Patterns
from portal.board_reports.tables import rounded, rounded_value
from portal.cases.enums import Kind
from portal.cases.improvements.rules import ImprovementState
from portal.cases.intake.submission import Receipt
from portal.cases.locations.rules import Location
from portal.cases.measures import actions as measures
from portal.cases.models import Case, Party
from portal.identity.actors import Role, Staff, System
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.statistics.figures.sums import Sums
from portal.statistics.inside.rules import Hidden, Measure, Months, value
from portal.statistics.published.closed_months import count_next_month
from tests import bulk_cases, factories, figure_cases
from tests.figures_oracle import Oracle
from tests.integration.test_improvements import changed, made

TODAY = date(2026, 5, 20)
NUMBERS = itertools.count()
SPRING = Months(date(2026, 3, 1), date(2026, 4, 1))
OF_SQL = {
    "kind": "kind",
    "channel": "channel",
    "topic": "category_id",
    "unit": "handling_unit_id",
    "month": "month",
    FATE: "fate",
}


@pytest.fixture(autouse=True)
def _today(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)


def counted_up() -> None:
    while count_next_month():
        pass


def park_board() -> Board:
    unit = organisation.unit("park")
    assert unit
    return db.session().get_one(Board, unit.board_id)


def content(months: Months = SPRING) -> ReportContent:
    db.close_read_session()
    made = counts.count(park_board(), months)
    assert made
    return made


class _Undo(Exception):
    """Ends a transaction."""


def own_count(months: Months) -> dict[str, dict[Hashable, Counter[str]]]:
    """The sums of the board in the groups of each table, counted in SQL."""
    groups: dict[str, dict[Hashable, Counter[str]]] = {}
    board = park_board().id
    db.close_read_session()
    with suppress(_Undo), db.transaction() as writer:
        oracle = Oracle(writer, TODAY, months.first, months.last_day, bulk_cases.FIRST_NUMBER)
        for table in "cp":
            oracle.view(f"of_{table}", f"SELECT * FROM {table} WHERE responsible_board_id = {board}")
        for by, column in OF_SQL.items():
            query = f"SELECT {column}, count(*) FROM of_c GROUP BY 1"
            groups[by] = {
                key: Counter(cases=count) for key, count in writer.connection().exec_driver_sql(query)
            }
        groups["all"] = {None: oracle.sums("responsible_board_id")[board]}
        raise _Undo
    return groups


def test_the_figures_and_tables_are_those_of_an_own_count() -> None:
    rows = figure_cases.made(120, SPRING.year_before().first, 61)
    rows += figure_cases.made(160, SPRING.first, 61, seed=2)
    park = organisation.unit("park")
    assert park
    for row in rows[::3]:
        row["responsible_board_id"] = park.board_id
    with db.transaction() as writer:
        bulk_cases.write(writer, len(rows), rows)
        figure_cases.tie(writer, rows)
    counted_up()
    now, before = own_count(SPRING), own_count(SPRING.year_before())
    report = content()
    assert report.compared
    for figure in report.figures:
        assert figure.now == shown(figure.measure, now["all"][None]), figure.measure
        assert figure.before == shown(figure.measure, before["all"][None]), figure.measure
    in_time = next(figure for figure in report.figures if figure.measure is Measure.ANSWERED_IN_TIME)
    assert isinstance(in_time.now, Share)
    for table in report.tables:
        agrees(table.rows, now[table.by], {_later(key): sums for key, sums in before[table.by].items()})
    # The next report shows this one as its year before: neither has an exact count.
    for one in (report, content(SPRING.year_before())):
        has_rounded_counts_alone(to_json(one))


def has_rounded_counts_alone(stored: Any, name: str = "") -> None:
    """Every number of a stored report is a multiple of five, but days and percentages."""
    match stored:
        case dict():
            if stored.get("measure") in counts.DAYS:
                return
            for key, own in stored.items():
                has_rounded_counts_alone(own, key)
        case [int(percent), int(total)]:
            assert 0 <= percent <= 100
            assert total % 5 == 0
        case list():
            for own in stored:
                has_rounded_counts_alone(own, name)
        case int() if not isinstance(stored, bool):
            assert stored % 5 == 0, name


def shown(measure: Measure, sums: Counter[str]) -> Shown:
    own = value(measure, Sums(sums), exact=False)
    return own if measure in counts.DAYS and isinstance(own, int) else rounded_value(own)


def agrees(rows: tuple[Row, ...], now: dict[Hashable, Any], before: dict[Hashable, Any]) -> None:
    """Each row is of its group, and the merged one of all others, rounded."""
    counts = {_key(key): sums["cases"] for key, sums in now.items()}
    earlier = {_key(key): sums["cases"] for key, sums in before.items()}
    apart = {row.key for row in rows if not row.merged}
    for row in rows:
        keys = (counts.keys() | earlier.keys()) - apart if row.merged else {row.key}
        assert row.now == rounded(sum(counts.get(key, 0) for key in keys))
        assert row.before == rounded(sum(earlier.get(key, 0) for key in keys))


def _key(key: Hashable) -> str:
    return "" if key is None else str(key)


def _later(key: Hashable) -> Hashable:
    """The same month of the year after; any other group as it is."""
    day = str(key)
    is_day = day[4:5] == "-" and len(day) == len("2026-01-01")
    return f"{int(day[:4]) + 1}{day[4:]}" if is_day else key


def came_in(count: int, day: date = date(2026, 3, 4), **given: Any) -> list[Receipt]:
    with clock.at(figure_cases.moment(day)):
        return [factories.send_in(**given) for _number in range(count)]


def of_different(count: int, day: date = date(2026, 3, 4), **given: Any) -> list[Receipt]:
    """Cases of as many senders."""
    return [came_in(1, day, email=f"x{next(NUMBERS)}@example.org", **given)[0] for _number in range(count)]


def set_on(receipts: list[Receipt], **values: Any) -> None:
    ids = [receipt.case for receipt in receipts]
    with db.transaction() as writer:
        writer.execute(update(Case).where(Case.id.in_(ids)).values(**values))


def protect(receipts: list[Receipt]) -> None:
    ids = [receipt.case for receipt in receipts]
    parties = select(Case.party_id).where(Case.id.in_(ids))
    with db.transaction() as writer:
        writer.execute(update(Party).where(Party.id.in_(parties)).values(protected=True))


def found(months: Months = SPRING, compared: bool = True) -> Patterns:
    db.close_read_session()
    return patterns.patterns(System(), park_board().id, months, compared)


def street(name: str) -> Any:
    return Location(text=name)


def test_words_streets_and_senders_are_counted_of_cases_and_senders_that_are_open() -> None:
    halka = {"subject": "Stor halka", "body": "Det är is, sa Berit Ek.", "kind": Kind.FAULT_REPORT}
    receipts = of_different(5, **halka, location=street("Storgatan 3"))
    of_different(11, subject="En fråga", body="Om något annat.", day=date(2026, 4, 2))
    of_different(2, date(2025, 3, 4), **halka, location=street("Storgatan 3"))
    came_in(3, subject="En fråga", email="maria@example.org")
    # "Stor" is never within a sentence, and "Berit" has a capital letter there.
    assert found().words == (Growth("halka", 5, Hidden.SMALL),)
    assert found().places == (Growth("Storgatan", 5, Hidden.SMALL),)
    assert found().repeated_senders is Hidden.SMALL
    assert found(compared=False) == Patterns(
        places=(Growth("Storgatan", 5, Hidden.NONE),), repeated_senders=Hidden.SMALL
    )
    for hide in (
        lambda: set_on(receipts[:1], secrecy="marked"),
        lambda: (set_on(receipts, secrecy=None), set_on(receipts[:1], hide_sender=True)),
        lambda: (set_on(receipts, hide_sender=False), set_on(receipts[1:2], split_from_id=receipts[0].case)),
        lambda: (set_on(receipts, split_from_id=None), protect(receipts[:1])),
    ):
        hide()
        assert (found().words, found().places) == ((), ())


def test_one_who_writes_often_makes_no_pattern() -> None:
    often = {"body": "Det är en hal trottoar.", "location": street("Storgatan 3"), "kind": Kind.FAULT_REPORT}
    of_different(11, body="Om något annat.")
    of_different(3, **often)
    came_in(6, **often, email="maria@example.org")
    assert (found().words, found().places) == ((), ())
    # One who is not known is of one case.
    came_in(1, **often, email=None)
    assert [word.name for word in found().words] == ["hal", "trottoar"]
    assert found().places == (Growth("Storgatan", 5, 0),)


def test_addresses_and_names_are_neither_words_nor_streets() -> None:
    of_different(20, body="Om något annat.")
    body = "skriv till kalle.lundkvist@exempel.se eller ring 070-123 45 67, hal trottoar"
    for place in ("Lundkvist 3", "Karl Ekmans väg 4"):
        of_different(5, body=body, location=street(place), kind=Kind.FAULT_REPORT, name="Karl Ekman")
    assert {word.name for word in found().words} == {"skriv", "ring", "hal", "trottoar"}
    assert found().places == ()


def test_few_suggestions_are_not_said_to_be_none() -> None:
    came_in(2, kind=Kind.SUGGESTION)
    came_in(6)
    counted_up()
    report = content()
    assert (report.proposals, report.suggestions) == ((), Hidden.SMALL)


def test_senders_of_three_cases_are_a_number_from_five_on() -> None:
    for name in "abcde":
        came_in(3, email=f"{name}@example.org")
    came_in(2, email="f@example.org")
    assert found().repeated_senders == 5
    assert found(SPRING.year_before()).repeated_senders == 0


def test_more_cases_than_are_read_have_no_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MAX_CASES", 2)
    came_in(3)
    assert found() == Patterns(too_many=True)


def test_improvements_are_as_they_were_at_the_end_of_the_period(
    time_machine: TimeMachineFixture,
) -> None:
    head = head_on("2026-03-02", time_machine)
    late, done = made(head, title="Försenad"), made(head, title="Klar")
    time_machine.move_to("2026-04-20 10:00:00Z", tick=False)
    changed(head, done, ImprovementState.DONE)
    time_machine.move_to("2026-05-20 10:00:00Z", tick=False)
    after = {"title": "Efteråt", "responsible": head.membership}
    changed(head, late, ImprovementState.DONE, due_on=date(2026, 9, 1), **after)
    made(head, title="Ny i maj")
    came_in(1)
    counted_up()
    report = content()
    assert [(line.what, line.state) for line in report.decided] == [("Försenad", "planned"), ("Klar", "done")]
    assert [line.what for line in report.done] == ["Klar"]
    assert [(line.what, line.due_on) for line in report.overdue] == [("Försenad", date(2026, 4, 1))]
    assert report.decided[0].responsible == "Parkenheten"


def head_on(day: str, time_machine: TimeMachineFixture) -> Staff:
    head = factories.member("samir", Role.HEAD_OF_UNIT)
    time_machine.move_to(f"{day} 10:00:00Z", tick=False)
    return head


def test_proposals_of_people_and_officers_are_counted_and_a_topic_has_grown(
    time_machine: TimeMachineFixture,
) -> None:
    came_in(1, date(2025, 3, 3))
    receipts = came_in(5, kind=Kind.SUGGESTION)
    came_in(6)
    officer = factories.member()
    time_machine.move_to("2026-04-20 10:00:00Z", tick=False)
    for receipt in receipts:
        factories.act(measures.propose, officer, receipt, "Sätt upp en skylt.")
    time_machine.move_to("2026-05-20 10:00:00Z", tick=False)
    counted_up()
    report = content()
    assert [(line.count, line.merged) for line in report.proposals] == [(5, False)]
    assert report.suggestions == 5
    assert report.staff_proposals == 5
    assert [(topic.now, topic.before) for topic in report.grown_topics] == [(10, Hidden.SMALL)]
    figures = {figure.measure: figure for figure in report.figures}
    assert figures[Measure.RECEIVED].now == 10
    assert figures[Measure.RECEIVED].before is Hidden.SMALL
