"""The transition table, walked: what each capacity may do from each status, and nothing else."""

from itertools import product

import pytest

from portal.cases.access import Capacity
from portal.cases.lifecycle import TABLE, Action, Arrow, NotAllowed, Status, allowed, arrow
from tests.actions import EXPECTED, allowed_in

GROUP = {Action.ANSWER_MEMBER, Action.ANSWER_AND_CLOSE_MEMBER, Action.CLOSE_MEMBER, Action.LEAVE_GROUP}
PLACES = list(product([None, *Status], Capacity))


@pytest.mark.parametrize(("source", "capacity"), PLACES)
def test_a_capacity_may_do_what_the_table_says_and_nothing_else(
    source: Status | None, capacity: Capacity
) -> None:
    assert allowed(source, capacity) == allowed_in(source, capacity)


@pytest.mark.parametrize(("source", "capacity"), PLACES)
def test_every_other_step_is_refused_and_the_refusal_names_what_is_allowed(
    source: Status | None, capacity: Capacity
) -> None:
    may = allowed_in(source, capacity)
    for action in set(Action) - may:
        with pytest.raises(NotAllowed, match=action.value) as refusal:
            arrow(action, source, capacity)
        assert refusal.value.allowed == may
        assert (refusal.value.action, refusal.value.source) == (action, source)


def test_every_allowed_step_has_exactly_one_arrow() -> None:
    keys = [((row.source, row.by), row.action) for row in TABLE]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(place, action) for place in PLACES for action in allowed_in(*place)}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.action}-from-{row.source}")
def test_an_arrow_is_found_by_its_action_status_and_capacity(row: Arrow) -> None:
    assert arrow(row.action, row.source, row.by) is row


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.action}-from-{row.source}")
def test_an_arrow_leads_where_its_action_promises(row: Arrow) -> None:
    assert row.target is EXPECTED[row.action].leads_to(row.source)


def test_every_status_can_be_reached() -> None:
    reached: set[Status | None] = {None}
    for _step in Status:
        reached |= {row.target for row in TABLE if row.source in reached}
    assert reached - {None} == set(Status)


def test_senders_handlers_and_who_registers_change_the_status_of_a_case_and_of_its_group_alone() -> None:
    changing = {row.by for row in TABLE if row.source is not row.target and row.action not in GROUP}
    assert changing == {Capacity.SENDER, Capacity.HANDLER, Capacity.REGISTRANT}


def test_from_every_status_a_sender_can_be_heard() -> None:
    reachable = {row.target for row in TABLE}
    assert all(Action.REPLY in allowed(status, Capacity.SENDER) for status in reachable)
