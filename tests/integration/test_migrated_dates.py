"""The dates of cases from before the rule of arrival, and after it."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from portal import db
from portal.cases import clocks
from portal.cases.clocks import pressing_day
from portal.cases.models import Case
from portal.operations import migrations
from tests.integration.test_migrations import NOW, insert, nothing

__all__ = ["nothing"]
SATURDAY, MONDAY = date(2026, 11, 28), date(2026, 11, 30)
TEN_DAYS, TWO_DAYS, NO_DAYS = (
    {"contact": None, "answer": 10},
    {"contact": 2, "answer": None},
    {"contact": None, "answer": None},
)
# What the rule of their time promised: the n-th open day after Monday.
CASES: dict[int, dict[str, Any]] = {
    1: {"promise": TEN_DAYS, "due_answer": date(2026, 12, 14)},
    2: {"promise": TWO_DAYS, "due_contact": date(2026, 12, 2)},
    3: {"promise": NO_DAYS},
    # The sender was asked on Tuesday and replied on Thursday.
    4: {"promise": TEN_DAYS, "due_answer": date(2026, 12, 16), "pauses": [["2026-12-01", "2026-12-03"]]},
    # Extended on Sunday, before it was counted at all, and on Monday.
    5: {"promise": TEN_DAYS, "due_answer": date(2026, 12, 18), "extended_on": date(2026, 11, 29)},
    6: {"promise": TEN_DAYS, "due_answer": date(2026, 12, 18), "extended_on": MONDAY},
    7: {"promise": TEN_DAYS, "due_answer": date(2026, 12, 14), "clock_started_on": MONDAY},
}
COMMON: dict[str, Any] = {
    **{"version": 1, "year": 2026, "status": "in_progress", "channel": "web", "reply_by": "code"},
    **{"kind": "question", "language": "sv", "public_subject": "Gungan", "internal_subject": "Gungan"},
    **{"responsible_unit_id": 1, "handling_unit_id": 1, "profile_version_id": 1, "hide_sender": False},
    **{"responsible_board_id": 1, "handling_board_id": 1},
    **{"responsible_administration_id": 1, "handling_administration_id": 1},
    **{"clock_started_on": SATURDAY, "pauses": [], "received_at": NOW, "updated_at": NOW},
}
# Last changed on Monday 4 May, with nothing that presses: the day that presses now.
UNPRESSED: dict[int, tuple[dict[str, Any], date | None]] = {
    8: ({"promise": NO_DAYS}, date(2026, 5, 11)),
    9: ({"promise": NO_DAYS, "record_request": True}, date(2026, 5, 5)),
    10: ({"promise": TWO_DAYS, "due_contact": date(2026, 5, 6), "contacted_at": NOW}, date(2026, 5, 11)),
    11: ({"promise": TEN_DAYS, "status": "awaiting_citizen", "paused_on": NOW.date()}, date(2026, 5, 11)),
    12: ({"promise": NO_DAYS, "status": "answered"}, None),
}
DELAY = ["2026-11-28", "2026-11-30", "start"]


def units(writer: sa.Connection) -> None:
    """A unit, with what is above it, and a profile."""
    insert(writer, "administration", id=1, key="a", name="A", opened_at=NOW)
    insert(writer, "board", id=1, key="b", name="B", opened_at=NOW)
    unit = {"id": 1, "key": "u", "name": "U", "board_id": 1, "administration_id": 1}
    insert(writer, "unit", **unit, opened_at=NOW, first_line=True)
    insert(writer, "profile_version", id=1, profile="x", fingerprint=b"", text="", applied_at=NOW)


@pytest.fixture
def earlier(nothing: None) -> None:
    """A database from before the rule of arrival, with the cases of one weekend."""
    migrations.upgrade("0033")
    with db.engine().begin() as writer:
        units(writer)
        unpressed = {number: values for number, (values, _day) in UNPRESSED.items()}
        for number, values in (CASES | unpressed).items():
            extended = {"extended_to": values["due_answer"]} if "extended_on" in values else {}
            insert(writer, "case", **COMMON | values | extended, id=number, number=number)
    migrations.upgrade()


def case(number: int) -> Case:
    return db.session().get_one(Case, number)


def test_a_recount_changes_no_date_that_was_promised_before(earlier: None) -> None:
    promised = {
        number: (values.get("due_answer"), values.get("due_contact")) for number, values in CASES.items()
    }
    assert {number for number in CASES if clocks.count(case(number))} == set()
    assert {number: (case(number).due_answer, case(number).due_contact) for number in CASES} == promised


def test_the_days_before_the_start_are_marked_where_there_were_any(earlier: None) -> None:
    waited = ["2026-12-01", "2026-12-03"]
    expected = [[DELAY], [DELAY], [], [DELAY, waited], [], [DELAY], []]
    assert [case(number).pauses for number in CASES] == expected


def test_the_day_of_arrival_is_told_as_it_was(earlier: None) -> None:
    explanation = clocks.answer_promise(case(1))
    assert explanation
    assert (explanation.arrival, explanation.working_days) == (SATURDAY, 10)


def test_a_round_that_is_begun_later_is_counted_from_its_own_day(earlier: None) -> None:
    reopened = case(1)
    clocks.start(reopened, NOW.replace(month=11, day=28))
    assert (reopened.pauses, reopened.due_answer) == ([], date(2026, 12, 11))


def test_what_no_promise_presses_gets_a_day_counted_from_its_last_change(earlier: None) -> None:
    days = {number: pressing_day(case(number)) for number in UNPRESSED}
    assert days == {number: day for number, (_values, day) in UNPRESSED.items()}
    computed = db.session().execute(sa.select(Case.id, Case.keep_by).where(Case.id.in_(UNPRESSED))).all()
    assert {row.id: row.keep_by for row in computed} == days


def test_what_a_promise_presses_gets_no_other_day(earlier: None) -> None:
    dated = [number for number, values in CASES.items() if any(values["promise"].values())]
    assert {case(number).next_step_on for number in dated} == {None}
