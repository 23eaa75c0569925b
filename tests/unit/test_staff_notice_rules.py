"""Who is notified of a case, among those who may read it."""

from hypothesis import given
from hypothesis import strategies as st

from portal.identity.actors import Role
from portal.identity.queries import Member
from portal.notifications.staff.rules import recipients

PARK, STREET = 1, 2


def member(number: int, role: Role = Role.OFFICER, unit: int | None = PARK, person: int = 0) -> Member:
    return Member(number, person or number, role, unit, None, None, "")


MEMBERS = st.lists(
    st.builds(
        member,
        st.integers(1, 9),
        st.sampled_from(Role),
        st.sampled_from([None, PARK, STREET, 3]),
        st.integers(1, 4),
    ),
    unique_by=lambda each: each.id,
)


def ids(readers: list[Member], officer: int | None = None, first_line: bool = False) -> list[int]:
    return sorted(member.id for member in recipients(readers, officer, (PARK, STREET), first_line))


def test_the_officer_of_the_case_alone_is_notified() -> None:
    assert ids([member(1), member(2)], officer=2) == [2]


def test_an_officer_who_may_not_read_the_case_is_not_notified_but_the_unit() -> None:
    assert ids([member(1), member(2)], officer=3) == [1, 2]


def test_without_an_officer_the_handling_unit_comes_before_the_responsible_one() -> None:
    readers = [member(1, unit=STREET), member(2), member(3, Role.HEAD_OF_UNIT)]
    assert ids(readers) == [2, 3]
    assert ids(readers[:1]) == [1]


def test_registrars_are_notified_in_the_first_line_and_heads_where_no_unit_is() -> None:
    registrar, head = member(1, Role.REGISTRAR, None), member(2, Role.HEAD_OF_ADMINISTRATION, None)
    assert ids([registrar, head], first_line=True) == [1]
    assert ids([registrar, head]) == [2]
    assert ids([registrar]) == []


def test_a_person_with_two_memberships_is_notified_once() -> None:
    assert ids([member(1, person=7), member(2, person=7)]) == [1]


@given(MEMBERS, st.none() | st.integers(1, 9), st.booleans())
def test_only_readers_are_notified_and_no_person_twice(
    readers: list[Member], officer: int | None, first_line: bool
) -> None:
    chosen = recipients(readers, officer, (PARK, STREET), first_line)
    assert set(chosen) <= set(readers)
    assert len({member.person_id for member in chosen}) == len(chosen)
    if officer in {member.id for member in readers}:
        assert [member.id for member in chosen] == [officer]
