"""Follow-ups of routines: recorded once, in order, by who may, and which are overdue."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from portal import clock, db
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.routines import queries
from portal.routines.commands import UnknownRoutine, WrongFollowUp, follow_up
from portal.routines.rules import FollowUpProblem
from tests import factories
from tests.installation import Installation, without_the_unit

# A day on which the units, which open as the tests run, have been open for longer than any interval.
TODAY = date(2036, 5, 5)
NOTE = "Fungerar. Vi sätter upp skyltar samma dag."


@pytest.fixture
def later(inside: Flask) -> Iterator[None]:
    with time_machine.travel("2036-05-05 08:00:00Z", tick=False):
        yield


@pytest.fixture
def head(later: None) -> Staff:
    """The head of the park unit."""
    return factories.member("samir", Role.HEAD_OF_UNIT)


def record(actor: Staff, key: str = "park", day: date = TODAY, note: str = NOTE) -> None:
    with db.transaction():
        follow_up(actor, key, day, note)


def overdue(actor: Staff) -> list[str]:
    db.close_read_session()
    return [row.routine.key for row in queries.overdue(actor, clock.today())]


def test_a_follow_up_says_who_when_what_and_when_next(head: Staff) -> None:
    record(head)
    (row,) = queries.history("park")
    assert (row.day, row.next_on, row.note) == (TODAY, date(2036, 6, 5), NOTE)
    assert row.author
    assert (row.author.name, row.author.role, row.author.unit_name) == (
        "Samir",
        Role.HEAD_OF_UNIT,
        "Parkenheten",
    )
    assert queries.latest() == {"park": row}


def test_the_second_click_changes_nothing(head: Staff) -> None:
    record(head)
    record(head)
    assert len(queries.history("park")) == 1


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (TODAY + timedelta(1), FollowUpProblem.FUTURE),
        (TODAY - timedelta(2), FollowUpProblem.BEFORE_LAST),
        (TODAY - timedelta(1), FollowUpProblem.SAME_DAY),
    ],
)
def test_a_day_that_cannot_be_is_refused(head: Staff, day: date, problem: FollowUpProblem) -> None:
    record(head, day=TODAY - timedelta(1))
    with pytest.raises(WrongFollowUp) as refused:
        record(head, day=day, note="En annan text")
    assert refused.value.problem is problem
    assert len(queries.history("park")) == 1


@pytest.mark.parametrize("key", ["gata", "finns-inte", ""])
def test_a_routine_of_another_unit_is_as_unknown_as_one_that_is_not(head: Staff, key: str) -> None:
    with pytest.raises(UnknownRoutine):
        record(head, key)


def test_who_follows_up_nothing_and_who_has_no_membership_is_refused(later: None) -> None:
    for actor in (factories.member(), Staff(1)):
        with pytest.raises(UnknownRoutine):
            record(actor)


def test_a_routine_that_was_never_followed_up_is_due_by_its_interval_from_the_first_day(
    head: Staff,
) -> None:
    opened = {unit.key: unit.opened_at for unit in organisation.units()}["park"]
    state = queries.state("park")
    assert state
    assert state.last is None
    assert clock.stockholm(opened).date() < state.due < TODAY
    assert overdue(head) == ["park"]


def test_what_is_overdue_is_so_the_day_after_it_was_due(head: Staff) -> None:
    record(head)
    due = date(2036, 6, 5)
    assert queries.overdue(head, due) == []
    assert [row.due for row in queries.overdue(head, due + timedelta(1))] == [due]


def test_overdue_are_those_that_one_follows_up_the_longest_first(head: Staff) -> None:
    record(head, day=TODAY - timedelta(60))
    assert overdue(head) == ["park"]
    assert overdue(factories.member()) == []
    every = queries.overdue(factories.member("eva", Role.PROCESS_OWNER, None), clock.today())
    assert {row.routine.key for row in every} == {row.key for row in organisation.profile().routines}
    assert [row.due for row in every] == sorted(row.due for row in every)


def test_each_head_follows_up_their_own(head: Staff) -> None:
    assert [row.routine.key for row in queries.followed_up_by(head)] == ["park"]
    owner = factories.member("eva", Role.PROCESS_OWNER, None)
    assert len(queries.followed_up_by(owner)) == len(organisation.profile().routines)
    assert queries.followed_up_by(factories.member()) == []


def test_two_at_once_are_recorded_once(inside: Flask) -> None:
    head = factories.member("samir", Role.HEAD_OF_UNIT)
    today = clock.today()
    factories.at_once(inside, 2, lambda _place: record(head, day=today))
    db.close_read_session()
    assert len(queries.history("park")) == 1


def test_the_routine_of_a_unit_that_has_closed_is_not_asked_for(own: Installation) -> None:
    assert queries.state("park")
    own.becomes(without_the_unit("park"))
    assert queries.state("park") is None
    assert "park" not in {row.routine.key for row in queries.states()}
