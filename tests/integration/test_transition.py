"""transition(): permission before the block, status and event after it, nothing where the block raises."""

import pytest
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.models import Case
from portal.cases.transitions import Conflict, transition
from portal.identity.actors import Staff
from tests import factories
from tests.cases import brought_to, state, told


class Broken(Exception):
    """What goes wrong in a command."""


def test_the_status_changes_and_one_event_is_published_after_the_block(inside: Flask) -> None:
    receipt, anna = brought_to(Status.RECEIVED), factories.member()
    with db.transaction():
        case = queries.case_by_id(anna, receipt.case)
        assert case
        with transition(anna, case, Action.TAKE) as step:
            step.details(officer=anna.membership)
            assert (case.status, told(receipt)) == (Status.RECEIVED, ["CaseReceived"])
        assert case.status is Status.IN_PROGRESS
    assert told(receipt) == ["CaseReceived", "CaseTaken"]
    assert factories.entries(receipt)[-1].details["officer"] == anna.membership


def test_a_block_that_raises_changes_no_status_and_publishes_nothing(inside: Flask) -> None:
    receipt, anna = brought_to(Status.RECEIVED), factories.member()
    with db.transaction():
        case = queries.case_by_id(anna, receipt.case)
        assert case
        with pytest.raises(Broken), transition(anna, case, Action.TAKE):
            raise Broken
        assert case.status is Status.RECEIVED
    assert told(receipt) == ["CaseReceived"]


@pytest.mark.parametrize(
    ("action", "behind", "refusal"), [(Action.TAKE, 1, Conflict), (Action.CLOSE, 0, NotAllowed)]
)
def test_the_block_of_what_is_refused_is_never_run(
    inside: Flask, action: Action, behind: int, refusal: type[Exception]
) -> None:
    receipt, anna = brought_to(Status.RECEIVED), factories.member()
    before = state(receipt)
    with db.transaction():
        case = queries.case_by_id(anna, receipt.case)
        assert case
        with pytest.raises(refusal), transition(anna, case, action, case.version - behind):
            raise Broken
    assert state(receipt) == before


def test_an_event_without_what_it_must_say_is_an_error(inside: Flask) -> None:
    receipt, anna = brought_to(Status.RECEIVED), factories.member()
    with pytest.raises(TypeError, match="officer"):
        factories.act(_take_without_saying_who, anna, receipt)
    assert told(receipt) == ["CaseReceived"]


def _take_without_saying_who(actor: Staff, case: Case) -> None:
    with transition(actor, case, Action.TAKE):
        case.officer_id = actor.membership
