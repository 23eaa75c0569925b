"""Two cases that are the same: never with itself, in a ring or a chain; what its sender is told; undone."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal.cases import queries
from portal.cases.authority.related import related_cases
from portal.cases.enums import Direction
from portal.cases.groups import merging
from portal.cases.groups.merging import WrongCase
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.permissions import allowed_actions
from portal.identity.actors import Role, Staff
from tests import factories
from tests.cases import MONDAY, brought_to, do, pair, state, told

WORD = "Vi arbetar redan med lekplatsen. Du får svar där."


@pytest.fixture
def officer(inside: Flask) -> Staff:
    """Anna, who handles the cases of the park unit."""
    return factories.member()


@pytest.fixture
def merged(officer: Staff) -> tuple[Receipt, Receipt]:
    """A case of Maria's that was the same as another, and that other."""
    first, second = factories.send_in(email="maria@exempel.se"), factories.send_in(subject="Samma lekplats")
    pair(merging.merge, officer, first, second, WORD)
    return first, second


def test_a_merged_case_points_at_the_other_which_is_as_it_was(merged: tuple[Receipt, Receipt]) -> None:
    first, second = merged
    case = factories.case(first)
    assert (case.status, case.close_reason, case.closed_at) == (Status.IN_PROGRESS, None, None)
    assert case.merged_into_id == second.case
    assert told(first)[-1] == "CaseMerged"
    assert (factories.case(second).status, told(second)) == (Status.RECEIVED, ["CaseReceived"])


def test_the_sender_of_a_merged_case_gets_a_word_and_one_letter(merged: tuple[Receipt, Receipt]) -> None:
    first, second = merged
    said = queries.messages(factories.sender(first), factories.case(first))
    assert (said[-1].direction, said[-1].body) == (Direction.OUT, WORD)
    assert [each.name for each in factories.letters()] == ["received", "contact"]
    assert factories.number(second) not in (factories.letters()[-1].text or "")


def test_the_sender_of_a_merged_case_does_not_see_the_other(merged: tuple[Receipt, Receipt]) -> None:
    first, second = merged
    holder = factories.sender(first)
    assert related_cases(holder, factories.case(first)) == []
    assert queries.case_by_id(holder, second.case) is None


def test_staff_find_each_of_two_merged_cases_from_the_other(
    officer: Staff, merged: tuple[Receipt, Receipt]
) -> None:
    first, second = merged
    forth = related_cases(officer, factories.case(first))
    back = related_cases(officer, factories.case(second))
    assert [(how, each.id) for how, each in forth] == [("merged_into", second.case)]
    assert [(how, each.id) for how, each in back] == [("merged_here", first.case)]


def test_a_second_click_merges_and_tells_once(officer: Staff, merged: tuple[Receipt, Receipt]) -> None:
    first, second = merged
    before, sent = state(first), len(factories.letters())
    pair(merging.merge, officer, first, second, WORD, version=1)
    assert (state(first), len(factories.letters())) == (before, sent)


def test_no_case_is_the_same_as_itself(officer: Staff) -> None:
    receipt = factories.send_in()
    before = state(receipt)
    with pytest.raises(WrongCase):
        pair(merging.merge, officer, receipt, receipt, WORD)
    assert state(receipt) == before


def test_two_cases_are_not_merged_in_a_ring(officer: Staff, merged: tuple[Receipt, Receipt]) -> None:
    first, second = merged
    before = state(second)
    with pytest.raises(WrongCase):
        pair(merging.merge, officer, second, first, WORD)
    assert state(second) == before


def test_a_case_that_others_were_merged_into_is_not_merged_on(
    officer: Staff, merged: tuple[Receipt, Receipt]
) -> None:
    with pytest.raises(WrongCase):
        pair(merging.merge, officer, merged[1], factories.send_in(), WORD)
    assert factories.case(merged[1]).merged_into_id is None


def test_no_case_is_merged_into_one_that_was_merged_itself(
    officer: Staff, merged: tuple[Receipt, Receipt]
) -> None:
    third = factories.send_in()
    with pytest.raises(WrongCase):
        pair(merging.merge, officer, third, merged[0], WORD)
    assert factories.case(third).merged_into_id is None


def test_several_cases_may_be_the_same_as_one(officer: Staff, merged: tuple[Receipt, Receipt]) -> None:
    third = factories.send_in()
    pair(merging.merge, officer, third, merged[1], WORD)
    found = related_cases(officer, factories.case(merged[1]))
    assert [each.id for _how, each in found] == [merged[0].case, third.case]


def test_a_merged_case_cannot_be_merged_into_a_third(officer: Staff, merged: tuple[Receipt, Receipt]) -> None:
    with pytest.raises(NotAllowed):
        pair(merging.merge, officer, merged[0], factories.send_in(), WORD)
    assert factories.case(merged[0]).merged_into_id == merged[1].case


def test_a_merged_case_is_undone_and_not_reopened(officer: Staff, merged: tuple[Receipt, Receipt]) -> None:
    first, second = merged
    now = allowed_actions(officer, factories.case(first))
    assert Action.UNMERGE in now
    assert Action.REOPEN not in now
    do(Action.REOPEN, officer, first)
    assert factories.case(first).merged_into_id == second.case


def test_a_case_that_was_closed_otherwise_has_no_merge_to_undo(officer: Staff) -> None:
    receipt = brought_to(Status.CLOSED)
    now = allowed_actions(officer, factories.case(receipt))
    assert Action.REOPEN in now
    assert Action.UNMERGE not in now


def test_an_undone_merge_opens_the_case_under_its_first_promise(
    officer: Staff, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    first, second = factories.send_in(), factories.send_in()
    pair(merging.merge, officer, first, second, WORD)
    time_machine.move_to(MONDAY + dt.timedelta(days=3), tick=False)
    factories.act(merging.unmerge, officer, first)
    case = factories.case(first)
    assert (case.status, case.merged_into_id, case.close_reason, case.closed_at) == (
        Status.IN_PROGRESS,
        *(None, None, None),
    )
    assert (case.clock_started_on, case.due_answer) == (MONDAY.date(), dt.date(2026, 3, 16))
    assert told(first)[-1] == "CaseUnmerged"
    assert related_cases(officer, case) == []


def test_undoing_twice_is_undoing_once(officer: Staff, merged: tuple[Receipt, Receipt]) -> None:
    factories.act(merging.unmerge, officer, merged[0])
    before = state(merged[0])
    factories.act(merging.unmerge, officer, merged[0])
    assert state(merged[0]) == before


def test_what_was_undone_can_be_merged_the_other_way(officer: Staff, merged: tuple[Receipt, Receipt]) -> None:
    first, second = merged
    factories.act(merging.unmerge, officer, first)
    pair(merging.merge, officer, second, first, WORD)
    assert factories.case(second).merged_into_id == first.case


def test_a_reply_to_a_merged_case_makes_it_one_of_its_own(merged: tuple[Receipt, Receipt]) -> None:
    first, _second = merged
    do(Action.REPLY, factories.sender(first), first, "Nej, det är en annan lekplats.")
    case = factories.case(first)
    assert (case.status, case.merged_into_id) == (Status.IN_PROGRESS, None)


def test_a_case_that_the_actor_does_not_see_is_not_found_to_merge_with(officer: Staff) -> None:
    other = factories.send_in(category="gator")
    assert queries.case_for(officer, other.year, other.number) is None
    registrar = factories.member("eva", Role.REGISTRAR, None)
    first = factories.send_in()
    pair(merging.merge, registrar, first, other, WORD)
    assert related_cases(officer, factories.case(first)) == []
    assert [each.id for _how, each in related_cases(registrar, factories.case(first))] == [other.case]
