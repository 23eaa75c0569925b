"""The rules of the desk: who serves it, when a visit shows something, and which moment can be true."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.desk.rules import (
    CLOCK_TOLERANCE,
    MAX_AGE,
    NUMBER_TTL,
    SIGN_IN_TTL,
    VISIT_TTL,
    MomentProblem,
    VisitState,
    is_unverified,
    moment_problem,
    normalise_number,
    serves_desk,
    visit_state,
)
from portal.cases.enums import KnownBy, Via
from portal.identity.actors import Role

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
AGES = st.timedeltas(timedelta(), timedelta(hours=2))


def test_only_registrars_and_the_first_line_serve_the_desk() -> None:
    served = {(role, first) for role in [*Role, None] for first in (True, False) if serves_desk(role, first)}
    assert served == {
        (Role.REGISTRAR, True),
        (Role.REGISTRAR, False),
        (Role.OFFICER, True),
        (Role.HEAD_OF_UNIT, True),
    }


@given(age=AGES, claimed=st.none() | AGES, known=st.none() | AGES, ended=st.booleans())
def test_a_visit_is_open_only_once_its_person_is_known_and_for_its_time(
    age: timedelta, claimed: timedelta | None, known: timedelta | None, ended: bool
) -> None:
    times = [NOW - one if one is not None else None for one in (claimed, known)]
    state = visit_state(NOW, NOW - age, times[0], times[1], NOW if ended else None)
    assert (state is VisitState.OPEN) == (not ended and known is not None and known < VISIT_TTL)
    assert (state is VisitState.CLAIMED) == (
        not ended and known is None and claimed is not None and claimed < SIGN_IN_TTL
    )
    assert (state is VisitState.WAITING) == (
        not ended and known is None and claimed is None and age < NUMBER_TTL
    )


def test_no_visit_that_is_not_over_is_older_than_what_is_deleted() -> None:
    latest = NOW + NUMBER_TTL + SIGN_IN_TTL
    assert visit_state(NOW + MAX_AGE, NOW, NOW + NUMBER_TTL, latest, None) is VisitState.OVER


@given(said=AGES, age=AGES)
def test_what_was_said_is_not_in_the_future_nor_before_the_case(said: timedelta, age: timedelta) -> None:
    received = NOW - age
    problem = moment_problem(NOW - said, received, NOW)
    assert (problem is MomentProblem.BEFORE_CASE) == (NOW - said < received.replace(second=0, microsecond=0))
    later = moment_problem(NOW + said, received, NOW)
    assert (later is MomentProblem.FUTURE) == (said > CLOCK_TOLERANCE)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1234 5678", "12345678"),
        (" 1234-5678 ", "12345678"),
        ("1234\N{NO-BREAK SPACE}5678", "12345678"),
        ("1234567", None),
        ("123456789", None),
        ("1234567a", None),
        ("١٢٣٤٥٦٧٨", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_it_is_typed(written: str, number: str | None) -> None:
    assert normalise_number(written) == number


def test_a_letter_is_unverified_unless_staff_knew_who_wrote_it() -> None:
    assert is_unverified(Via.EMAIL, None)
    assert is_unverified(Via.PHONE, KnownBy.UNVERIFIED)
    assert not is_unverified(Via.EMAIL, KnownBy.STAFF)
    assert not is_unverified(Via.WEB, None)
