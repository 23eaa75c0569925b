"""The rules of a handover: whether it leaves the authority, the grounds that are offered, what goes along."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.authority.rules import (
    Authority,
    Bounds,
    Clause,
    Crossing,
    Ground,
    GroundProblem,
    crossing,
    goes_along,
    missing,
    offered,
    problem,
)
from portal.cases.enums import HandoverGround

DUTY, GENERAL = Clause("uppgiftsskyldighet"), Clause("generalklausulen", general=True)
CLAUSES = [DUTY, GENERAL]
AUTHORITIES = st.builds(Authority, st.integers(1, 3), st.sampled_from(["", "myndighet", "vård"]))
BOUNDS = st.builds(
    Bounds,
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(["OSL 26:1", "OSL 21:1", "26 kap. 1 § OSL", "OSL 23:2", "OSL 10:26"])),
)
GROUNDS = st.sampled_from(
    [
        Ground(HandoverGround.NO_SECRECY),
        Ground(HandoverGround.CONSENT),
        Ground(HandoverGround.REORGANISED),
        Ground(HandoverGround.PROVISION),
        *(
            Ground(HandoverGround.PROVISION, key)
            for key in ("uppgiftsskyldighet", "generalklausulen", "annan")
        ),
    ]
)


@given(AUTHORITIES, AUTHORITIES)
def test_a_case_leaves_its_authority_if_board_or_branch_differs(one: Authority, other: Authority) -> None:
    same = (one.board, one.branch) == (other.board, other.branch)
    assert (crossing(one, other) is Crossing.WITHIN) == same
    assert crossing(one, other) is crossing(other, one)


@given(AUTHORITIES, AUTHORITIES)
def test_by_agreement_nothing_is_handed_to_another_authority(one: Authority, other: Authority) -> None:
    assert crossing(one, other, agreed=True) is Crossing.BY_AGREEMENT


@pytest.mark.parametrize(
    ("bounds", "applies"),
    [
        (Bounds(), True),
        (Bounds(provisions=["OSL 21:1"]), True),
        (Bounds(provisions=["OSL 10:26", "OSL 126:1"]), True),
        (Bounds(social_services=True), False),
        (Bounds(provisions=["OSL 21:1", "OSL 26:1"]), False),
        (Bounds(provisions=["26 kap. 1 § OSL"]), False),
    ],
)
def test_the_general_clause_does_not_apply_to_social_services(bounds: Bounds, applies: bool) -> None:
    assert (Ground(HandoverGround.PROVISION, "generalklausulen") in offered(bounds, CLAUSES)) == applies


@given(BOUNDS)
def test_consent_and_a_duty_to_disclose_are_always_offered_and_no_secrecy_only_without_it(
    bounds: Bounds,
) -> None:
    grounds = offered(bounds, CLAUSES)
    assert Ground(HandoverGround.CONSENT) in grounds
    assert Ground(HandoverGround.PROVISION, "uppgiftsskyldighet") in grounds
    assert (Ground(HandoverGround.NO_SECRECY) in grounds) != bounds.secret
    assert HandoverGround.REORGANISED not in {ground.kind for ground in grounds}


@given(BOUNDS, GROUNDS)
def test_a_case_goes_exactly_on_the_grounds_that_are_offered(bounds: Bounds, ground: Ground) -> None:
    assert (problem(bounds, CLAUSES, ground) is None) == (ground in offered(bounds, CLAUSES))


@pytest.mark.parametrize(
    ("bounds", "ground", "expected"),
    [
        (Bounds(secret=True), Ground(HandoverGround.NO_SECRECY), GroundProblem.UNDER_SECRECY),
        (Bounds(), Ground(HandoverGround.PROVISION, "annan"), GroundProblem.UNKNOWN),
        (Bounds(), Ground(HandoverGround.PROVISION), GroundProblem.UNKNOWN),
        (Bounds(), Ground(HandoverGround.REORGANISED), GroundProblem.UNKNOWN),
        (
            Bounds(social_services=True),
            Ground(HandoverGround.PROVISION, "generalklausulen"),
            GroundProblem.UNKNOWN,
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(bounds: Bounds, ground: Ground, expected: GroundProblem) -> None:
    assert problem(bounds, CLAUSES, ground) is expected


def test_without_a_ground_a_case_with_secrecy_is_refused_for_that() -> None:
    assert [missing(secret) for secret in (False, True)] == [
        GroundProblem.MISSING,
        GroundProblem.UNDER_SECRECY,
    ]


def test_notes_stay_and_a_marked_message_goes_only_with_consent_or_a_provision() -> None:
    chosen = HandoverGround.NO_SECRECY, HandoverGround.CONSENT, HandoverGround.PROVISION
    along = {each for each in product(chosen, [False, True], [False, True]) if goes_along(*each)}
    plain = {(ground, False, False) for ground in chosen}
    assert along == plain | {(HandoverGround.CONSENT, False, True), (HandoverGround.PROVISION, False, True)}


def test_everything_follows_a_unit_that_moves_to_another_board() -> None:
    assert all(goes_along(HandoverGround.REORGANISED, *each) for each in product([False, True], repeat=2))
