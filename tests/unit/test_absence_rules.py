"""Which absences are refused, and who answers meanwhile: by hand, and against an oracle of single days."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.access import HANDLERS
from portal.identity.absences import rules
from portal.identity.absences.rules import Absence, AbsenceProblem, answers_for, refusal

TODAY = date(2026, 1, 12)
ANNA, BO, CIA = 1, 2, 3


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def absence(who: int, first: int, last: int, substitute: int | None = None) -> Absence:
    """Each person here has one membership, with the same id."""
    return Absence(who, who, day(first), day(last), substitute, substitute)


def problem(new: Absence, *known: Absence, can_read: bool = True) -> AbsenceProblem | None:
    found = refusal(new, known, TODAY, can_read)
    return found.problem if found else None


def test_an_absence_with_a_substitute_who_is_there_is_fine() -> None:
    assert problem(absence(ANNA, 0, 4, BO), absence(BO, 5, 9), absence(ANNA, 5, 6)) is None


def test_an_absence_needs_no_substitute() -> None:
    assert problem(absence(ANNA, 0, 4), can_read=False) is None


@pytest.mark.parametrize(
    ("new", "known", "expected"),
    [
        (absence(ANNA, 4, 3), [], AbsenceProblem.ENDS_FIRST),
        (absence(ANNA, -9, -1), [], AbsenceProblem.PAST),
        (absence(ANNA, 0, 731), [], AbsenceProblem.TOO_FAR),
        (absence(ANNA, 3, 9), [absence(ANNA, 0, 3)], AbsenceProblem.OVERLAPS),
        (absence(ANNA, 0, 4, ANNA), [], AbsenceProblem.SELF),
        (absence(ANNA, 0, 4, BO), [absence(BO, 4, 9)], AbsenceProblem.SUBSTITUTE_AWAY),
        (absence(ANNA, 0, 4, BO), [absence(BO, 4, 9, ANNA)], AbsenceProblem.RING),
        (
            absence(CIA, 0, 9, ANNA),
            [absence(ANNA, 2, 5, BO), absence(BO, 5, 7, CIA)],
            AbsenceProblem.RING,
        ),
        (
            absence(CIA, 0, 9, ANNA),
            [absence(ANNA, 2, 4, BO), absence(BO, 5, 7, CIA)],
            AbsenceProblem.SUBSTITUTE_AWAY,
        ),
    ],
)
def test_bad_input_has_its_problem(new: Absence, known: list[Absence], expected: AbsenceProblem) -> None:
    assert problem(new, *known) is expected


def test_a_substitute_who_does_not_read_the_cases_is_refused() -> None:
    assert problem(absence(ANNA, 0, 4, BO), can_read=False) is AbsenceProblem.CANNOT_READ


def test_another_membership_of_the_same_person_is_no_substitute() -> None:
    assert problem(Absence(1, 7, day(0), day(4), 2, 7)) is AbsenceProblem.SELF


def test_who_is_ill_may_hand_on_what_they_substitute_for() -> None:
    assert problem(absence(BO, 1, 2, CIA), absence(ANNA, 0, 4, BO)) is None


def test_yesterday_may_be_the_first_day_of_an_absence_that_goes_on() -> None:
    assert problem(absence(ANNA, -3, 0)) is None


def test_the_roles_are_those_that_handle_cases() -> None:
    assert rules.ROLES == HANDLERS


PEOPLE = st.integers(1, 4)
ABSENCES = st.builds(absence, PEOPLE, st.integers(-2, 8), st.integers(-2, 8), st.none() | PEOPLE)


def on(number: int, known: list[Absence]) -> Mapping[int, int | None]:
    """Who is away on a day, with their substitutes."""
    return {row.membership: row.substitute for row in known if row.first <= day(number) <= row.last}


@given(st.lists(ABSENCES, max_size=12))
def test_whatever_is_accepted_each_day_ends_at_who_is_there_or_at_no_one(tried: list[Absence]) -> None:
    known: list[Absence] = []
    for new in tried:
        if problem(new, *known) is None:
            known.append(new)
    for number in range(-2, 9):
        of_day = [row for row in known if row.first <= day(number) <= row.last]
        away = on(number, known)
        assert len(of_day) == len(away)
        for who in range(1, 5):
            steps, current = 0, who
            while current in away and away[current] is not None:
                current = away[current] or 0
                steps += 1
                assert steps < 5, "a ring"
            expected = None if current in away else current
            assert answers_for(who, away) == expected


@given(st.lists(ABSENCES, max_size=8), ABSENCES)
def test_an_absence_is_a_ring_on_some_day_or_it_is_not_called_one(tried: list[Absence], new: Absence) -> None:
    known: list[Absence] = []
    for row in tried:
        if problem(row, *known) is None:
            known.append(row)
    found = problem(new, *known)
    if (
        new.last < max(new.first, TODAY)
        or new.substitute in (None, new.person)
        or found is AbsenceProblem.OVERLAPS
    ):
        return
    rings = []
    for number in range(-2, 9):
        if not new.first <= day(number) <= new.last:
            continue
        away, current = on(number, known), new.substitute
        while current in away and current != new.membership:
            current = away[current]
        rings.append(current == new.membership)
    assert (found is AbsenceProblem.RING) == any(rings)


def test_even_a_ring_in_the_database_ends() -> None:
    assert answers_for(ANNA, {ANNA: BO, BO: ANNA}) is None
