"""Who is asking, and what they may see: each row of the table, one test."""

from dataclasses import replace

import pytest

from portal.cases.access import (
    Capacity,
    CaseScope,
    MessageScope,
    Scope,
    capacity,
    lift_takes_two,
    may_lift,
    may_read,
    may_read_message,
    scope,
)
from portal.cases.enums import Secrecy
from portal.identity.actors import Actor, Citizen, CodeHolder, Role, Staff, System

PARK, ROADS, CARE = 1, 2, 3
TECHNICAL, SOCIAL = 11, 12
BUILDING, WELFARE = 21, 22
ANNA, BO = 101, 102


def a_case(**given: object) -> CaseScope:
    """A case of the park unit, sent by nobody known, with no secrecy."""
    usual: dict[str, object] = {
        "case": 7,
        "units": frozenset({PARK}),
        "boards": frozenset({TECHNICAL}),
        "administrations": frozenset({BUILDING}),
        "responsible_board": TECHNICAL,
        "sender": None,
        "secret": False,
    }
    return CaseScope(**usual | given)  # type: ignore[arg-type]


def reads(actor: Actor, facts: CaseScope) -> bool:
    return may_read(scope(actor), facts)


def staff(role: Role | None, **where: int) -> Staff:
    return Staff(ANNA, 5, role, **where)


PLAIN, SECRET = a_case(), a_case(secret=True)
EVERYBODY: list[Actor] = [
    Citizen(ANNA),
    CodeHolder(8),
    Staff(ANNA),
    *(staff(role) for role in Role),
    *(staff(role, unit=PARK) for role in Role),
    *(staff(role, board=TECHNICAL) for role in Role),
    *(staff(role, administration=BUILDING) for role in Role),
]


def test_a_citizen_reads_their_own_case_and_no_other() -> None:
    assert reads(Citizen(ANNA), a_case(sender=ANNA))
    assert reads(Citizen(ANNA), a_case(sender=ANNA, secret=True))
    assert not reads(Citizen(ANNA), a_case(sender=BO))


def test_a_case_that_nobody_known_sent_belongs_to_no_citizen() -> None:
    assert not reads(Citizen(ANNA), PLAIN)


@pytest.mark.parametrize("facts", [PLAIN, SECRET, a_case(sender=ANNA)])
def test_a_code_holder_reads_the_one_case(facts: CaseScope) -> None:
    assert reads(CodeHolder(7), facts)
    assert not reads(CodeHolder(8), facts)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD_OF_UNIT])
@pytest.mark.parametrize("secret", [True, False])
def test_an_officer_and_a_head_of_unit_read_the_cases_of_their_unit(role: Role, secret: bool) -> None:
    assert reads(staff(role, unit=PARK), a_case(secret=secret))
    assert reads(staff(role, unit=PARK), a_case(units=frozenset({PARK, ROADS}), secret=secret))
    assert not reads(staff(role, unit=ROADS), a_case(secret=secret))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD_OF_UNIT])
def test_a_membership_of_a_board_reads_the_cases_of_its_units_but_no_secret_ones(role: Role) -> None:
    assert reads(staff(role, board=TECHNICAL), PLAIN)
    assert not reads(staff(role, board=SOCIAL), PLAIN)
    assert not reads(staff(role, board=TECHNICAL), SECRET)


def test_a_head_of_administration_reads_the_cases_of_its_units_but_no_secret_ones() -> None:
    assert reads(staff(Role.HEAD_OF_ADMINISTRATION, administration=BUILDING), PLAIN)
    assert not reads(staff(Role.HEAD_OF_ADMINISTRATION, administration=WELFARE), PLAIN)
    assert not reads(staff(Role.HEAD_OF_ADMINISTRATION, administration=BUILDING), SECRET)


def test_a_registrar_reads_all_but_the_secret_ones() -> None:
    assert reads(staff(Role.REGISTRAR), PLAIN)
    assert not reads(staff(Role.REGISTRAR), SECRET)


@pytest.mark.parametrize("facts", [PLAIN, SECRET])
def test_a_records_officer_reads_the_cases_that_their_board_answers_for(facts: CaseScope) -> None:
    assert reads(staff(Role.RECORDS_OFFICER, board=TECHNICAL), facts)
    assert not reads(staff(Role.RECORDS_OFFICER, board=SOCIAL), facts)
    handled_for_another = replace(facts, boards=frozenset({TECHNICAL, SOCIAL}), responsible_board=SOCIAL)
    assert not reads(staff(Role.RECORDS_OFFICER, board=TECHNICAL), handled_for_another)


@pytest.mark.parametrize("facts", [PLAIN, SECRET])
def test_a_records_officer_without_a_board_reads_only_in_a_common_registry(facts: CaseScope) -> None:
    everywhere = replace(staff(Role.RECORDS_OFFICER), common_registry=True)
    assert reads(everywhere, facts)
    assert not reads(replace(everywhere, board=SOCIAL), facts)
    assert not reads(staff(Role.RECORDS_OFFICER), facts)


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("where", [{}, {"unit": PARK}, {"board": TECHNICAL}, {"administration": BUILDING}])
def test_nobody_reads_a_case_that_they_are_barred_from(role: Role | None, where: dict[str, int]) -> None:
    actor = replace(staff(role, **where), common_registry=True)
    assert not reads(actor, a_case(barred=frozenset({ANNA})))
    assert reads(actor, a_case(barred=frozenset({BO}))) == reads(actor, PLAIN)


def test_a_bar_is_for_the_person_as_staff_and_never_for_a_sender() -> None:
    assert reads(Citizen(ANNA), a_case(sender=ANNA, barred=frozenset({ANNA})))


MARKED, KEPT = MessageScope(secret=True), MessageScope(kept_by_board=SOCIAL)


def reads_message(actor: Actor, message: MessageScope, facts: CaseScope = PLAIN) -> bool:
    return may_read_message(scope(actor), facts, message)


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (staff(Role.OFFICER, unit=PARK), True),
        (staff(Role.RECORDS_OFFICER, board=TECHNICAL), True),
        (staff(Role.REGISTRAR), False),
        (staff(Role.OFFICER, board=TECHNICAL), False),
        (staff(Role.HEAD_OF_ADMINISTRATION, administration=BUILDING), False),
        (System(), True),
        (CodeHolder(7), True),
    ],
)
def test_a_marked_message_is_for_the_units_of_the_case_and_its_registry(actor: Actor, sees: bool) -> None:
    assert reads(actor, PLAIN)
    assert reads_message(actor, MARKED) is sees


def test_a_message_that_an_authority_kept_is_read_while_it_answers_for_the_case() -> None:
    officer = staff(Role.OFFICER, unit=PARK)
    assert not reads_message(officer, KEPT)
    assert reads_message(officer, KEPT, replace(PLAIN, responsible_board=SOCIAL))
    assert reads_message(CodeHolder(7), KEPT)
    assert reads_message(System(), KEPT)


def test_a_sender_reads_no_internal_message() -> None:
    assert not reads_message(CodeHolder(7), MessageScope(internal=True))
    assert reads_message(staff(Role.OFFICER, unit=PARK), MessageScope(internal=True))


@pytest.mark.parametrize("role", [Role.ANALYST, Role.PROCESS_OWNER, Role.ELECTED, Role.ADMINISTRATOR, None])
@pytest.mark.parametrize("where", [{}, {"unit": PARK}, {"board": TECHNICAL}, {"administration": BUILDING}])
def test_who_works_with_figures_or_settings_or_has_no_role_reads_no_case(
    role: Role | None, where: dict[str, int]
) -> None:
    assert scope(staff(role, **where)) == Scope()
    assert not reads(staff(role, **where), PLAIN)


def test_the_portal_itself_reads_all() -> None:
    assert reads(System(), PLAIN)
    assert reads(System(), SECRET)


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("where", [{}, {"unit": PARK}, {"board": TECHNICAL}, {"administration": BUILDING}])
def test_nobody_handles_their_own_case(role: Role | None, where: dict[str, int]) -> None:
    assert not reads(staff(role, **where), a_case(sender=ANNA))


def test_only_the_unit_itself_and_the_records_officer_reach_a_secret_case() -> None:
    reached = [each for each in EVERYBODY if isinstance(each, Staff) and reads(each, SECRET)]
    assert {(each.role, each.unit, each.board) for each in reached} == {
        (Role.OFFICER, PARK, None),
        (Role.HEAD_OF_UNIT, PARK, None),
        (Role.RECORDS_OFFICER, None, TECHNICAL),
    }


def test_a_case_without_any_unit_of_an_officer_who_has_none_stays_closed() -> None:
    nowhere = a_case(units=frozenset(), boards=frozenset(), administrations=frozenset())
    assert not reads(staff(Role.OFFICER, unit=None, board=TECHNICAL), nowhere)
    assert not reads(staff(Role.HEAD_OF_ADMINISTRATION), nowhere)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD_OF_UNIT])
def test_a_membership_for_all_reaches_every_case_but_those_with_a_secrecy_default(role: Role) -> None:
    assert reads(staff(role), a_case())
    assert not reads(staff(role), a_case(secret=True))
    assert not reads(staff(role), a_case(sender=ANNA))


def test_somebody_who_reaches_nothing_reads_nothing() -> None:
    assert not may_read(Scope(), a_case(sender=ANNA))


CAPACITIES: list[tuple[Actor, Capacity]] = [
    (System(), Capacity.SYSTEM),
    (CodeHolder(7), Capacity.SENDER),
    (Citizen(ANNA), Capacity.SENDER),
    (Staff(ANNA), Capacity.NOBODY),
    (staff(Role.OFFICER), Capacity.HANDLER),
    (staff(Role.HEAD_OF_UNIT), Capacity.HANDLER),
    (staff(Role.HEAD_OF_ADMINISTRATION), Capacity.HANDLER),
    (staff(Role.REGISTRAR), Capacity.HANDLER),
    (staff(Role.RECORDS_OFFICER), Capacity.READER),
    (staff(Role.ANALYST), Capacity.READER),
    (staff(Role.PROCESS_OWNER), Capacity.READER),
    (staff(Role.ELECTED), Capacity.READER),
    (staff(Role.ADMINISTRATOR), Capacity.READER),
]


@pytest.mark.parametrize(("actor", "expected"), CAPACITIES)
def test_everybody_acts_in_one_capacity(actor: Actor, expected: Capacity) -> None:
    assert capacity(actor) is expected


def test_every_role_has_its_hat_in_this_file() -> None:
    assert {actor.role for actor, _capacity in CAPACITIES if isinstance(actor, Staff)} == {*Role, None}


@pytest.mark.parametrize(
    ("secrecy", "topic_default", "two"),
    [
        (Secrecy.TOPIC, True, True),
        (Secrecy.TOPIC, False, True),
        (Secrecy.MARKED, True, True),
        (Secrecy.MARKED, False, False),
        (None, True, False),
        (None, False, False),
    ],
)
def test_it_takes_two_where_a_topic_gave_the_secrecy_or_would(
    secrecy: Secrecy | None, topic_default: bool, two: bool
) -> None:
    assert lift_takes_two(secrecy, topic_default) is two


FIRST_LINE = staff(Role.REGISTRAR)
ABOVE = staff(Role.HEAD_OF_ADMINISTRATION, administration=BUILDING)
REGISTRY = staff(Role.RECORDS_OFFICER, board=TECHNICAL)


@pytest.mark.parametrize(
    ("actor", "lifts"),
    [
        (staff(Role.HEAD_OF_UNIT, unit=PARK), True),
        (staff(Role.HEAD_OF_UNIT, board=TECHNICAL), True),
        (staff(Role.HEAD_OF_UNIT), True),
        (staff(Role.HEAD_OF_UNIT, unit=ROADS), False),
        (staff(Role.HEAD_OF_UNIT, board=SOCIAL), False),
        (REGISTRY, True),
        (replace(staff(Role.RECORDS_OFFICER), common_registry=True), True),
        (staff(Role.RECORDS_OFFICER, board=SOCIAL), False),
        (staff(Role.RECORDS_OFFICER), False),
        (staff(Role.OFFICER, unit=PARK), False),
        (ABOVE, False),
        (FIRST_LINE, False),
        (CodeHolder(7), False),
        (Citizen(ANNA), False),
        (System(), False),
    ],
)
def test_secrecy_and_bars_are_lifted_by_the_head_of_the_responsible_unit_or_the_registry(
    actor: Actor, lifts: bool
) -> None:
    assert may_lift(actor, PARK, TECHNICAL) is lifts
