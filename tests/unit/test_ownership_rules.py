"""Which cases have no handler, and who may place them, rule by rule."""

from dataclasses import replace

import pytest

from portal.cases.access import CaseScope
from portal.cases.ownership.rules import (
    OwnerFacts,
    can_handle,
    is_left_with,
    is_without_handler,
    may_place,
)
from portal.identity.actors import Role, Staff

PARK, STREET, BOARD, OTHER_BOARD, ADMINISTRATION = 1, 2, 11, 12, 21
ANNA, SAMIR, EVA = 101, 102, 103
ACCESS = CaseScope(
    case=7,
    units=frozenset({PARK}),
    boards=frozenset({BOARD}),
    administrations=frozenset({ADMINISTRATION}),
    responsible_board=BOARD,
    sender=None,
    secret=False,
)
CASE = OwnerFacts(ACCESS)
OFFICER = Staff(ANNA, 1, Role.OFFICER, unit=PARK)
HEAD = Staff(SAMIR, 2, Role.HEAD_OF_ADMINISTRATION, administration=ADMINISTRATION)
REGISTRAR = Staff(EVA, 3, Role.REGISTRAR)
RECORDS = Staff(EVA, 4, Role.RECORDS_OFFICER, board=BOARD)


def of(case: OwnerFacts, **changes: object) -> OwnerFacts:
    return replace(case, access=replace(case.access, **changes))


SECRET = of(CASE, secret=True)


@pytest.mark.parametrize(
    ("member", "case", "expected"),
    [
        (OFFICER, CASE, True),
        (OFFICER, SECRET, True),
        (replace(OFFICER, role=Role.HEAD_OF_UNIT), SECRET, True),
        (replace(OFFICER, unit=STREET), CASE, False),
        (replace(OFFICER, unit=None, board=BOARD), CASE, True),
        (replace(OFFICER, unit=None, board=BOARD), SECRET, False),
        (replace(OFFICER, unit=None), CASE, True),
        (replace(OFFICER, unit=None), SECRET, False),
        (OFFICER, of(CASE, sender=ANNA), False),
        (OFFICER, of(CASE, barred=frozenset({ANNA})), False),
        (HEAD, CASE, False),
        (RECORDS, CASE, False),
        (REGISTRAR, CASE, False),
        (REGISTRAR, replace(CASE, first_line=True), True),
        (REGISTRAR, replace(SECRET, first_line=True), False),
    ],
)
def test_a_handler_reads_the_case_and_is_neither_its_sender_nor_barred(
    member: Staff, case: OwnerFacts, expected: bool
) -> None:
    assert can_handle(member, case) is expected


def test_a_case_without_a_handler_is_open_and_reached_by_none() -> None:
    assert is_without_handler(CASE, [])
    assert is_without_handler(CASE, [HEAD, REGISTRAR, RECORDS])
    assert not is_without_handler(CASE, [HEAD, OFFICER])
    assert not is_without_handler(replace(CASE, closed=True), [])


def test_a_case_in_a_closed_unit_has_no_handler_whoever_is_left_there() -> None:
    assert is_without_handler(replace(CASE, unit_closed=True), [OFFICER])


@pytest.mark.parametrize("case", [CASE, SECRET])
def test_the_head_of_its_administration_places_it_and_registrars_only_without_such_a_head(
    case: OwnerFacts,
) -> None:
    members = [HEAD, REGISTRAR, RECORDS]
    assert may_place(HEAD, case, members)
    assert not may_place(REGISTRAR, case, members)
    assert may_place(REGISTRAR, case, [REGISTRAR])
    assert not may_place(replace(HEAD, administration=99), case, members)


@pytest.mark.parametrize("own", [{"sender": SAMIR}, {"barred": frozenset({SAMIR})}])
def test_a_head_whose_own_case_it_is_leaves_it_to_the_registrars(own: dict[str, object]) -> None:
    assert not may_place(HEAD, of(CASE, **own), [HEAD, REGISTRAR])
    assert may_place(REGISTRAR, of(CASE, **own), [HEAD, REGISTRAR])


def test_the_records_officer_of_the_board_that_answers_for_it_always_places_it() -> None:
    assert may_place(RECORDS, SECRET, [HEAD, REGISTRAR, RECORDS])
    assert not may_place(replace(RECORDS, board=OTHER_BOARD), CASE, [])
    assert not may_place(replace(RECORDS, board=None), CASE, [])
    assert may_place(replace(RECORDS, board=None, common_registry=True), CASE, [])


@pytest.mark.parametrize("actor", [HEAD, REGISTRAR, RECORDS])
def test_a_case_with_a_handler_is_placed_by_nobody(actor: Staff) -> None:
    assert not may_place(actor, CASE, [OFFICER])


@pytest.mark.parametrize("role", [None, *set(Role) - {HEAD.role, REGISTRAR.role, RECORDS.role}])
def test_no_other_role_places_cases(role: Role | None) -> None:
    assert not may_place(Staff(EVA, 5, role), CASE, [])


@pytest.mark.parametrize("closed", [False, True])
def test_a_case_is_left_with_those_who_handle_it_or_could_place_it(closed: bool) -> None:
    case = replace(of(CASE, barred=frozenset({ANNA})), closed=closed)
    assert is_left_with([OFFICER, replace(OFFICER, person=EVA)], case)
    assert is_left_with([OFFICER, HEAD], case)
    assert is_left_with([OFFICER, RECORDS], case)
    assert is_left_with([OFFICER, REGISTRAR], of(case, secret=True))
    assert not is_left_with([OFFICER], case)
    assert not is_left_with([OFFICER, Staff(EVA, 6, Role.ANALYST)], case)
    assert not is_left_with([OFFICER, Staff(EVA, 6, Role.OFFICER, unit=STREET)], case)
    assert not is_left_with([], case)
