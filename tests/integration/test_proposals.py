"""Improvements of proposals: made once, with the case linked, and seen only through the gate."""

from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from portal import db
from portal.cases.actions import routing
from portal.cases.enums import HandoverGround, Kind, MeasureState
from portal.cases.improvements import commands, proposals
from portal.cases.improvements.commands import WrongImprovement
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementProblem
from portal.cases.intake.submission import Receipt
from portal.cases.measures import actions as measures
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Case, Measure
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import told
from tests.integration.test_improvements import links, plan, stored


@pytest.fixture
def head(inside: Flask) -> Staff:
    """The head of the park unit."""
    return factories.member("samir", Role.HEAD_OF_UNIT)


@pytest.fixture
def proposed(head: Staff) -> tuple[Receipt, int]:
    """A proposal in a case."""
    receipt = factories.send_in()
    factories.act(measures.propose, head, receipt, "En skylt samma dag.")
    return receipt, rows()[-1].id


def rows() -> Sequence[Measure]:
    db.close_read_session()
    return db.session().scalars(select(Measure).order_by(Measure.id)).all()


def make(
    actor: Staff, receipt: Receipt, measure: int | None, title: str = "Skyltar", unit: str = "park"
) -> None:
    def run(actor: Staff, case: Case) -> None:
        found = organisation.unit(unit)
        assert found
        proposals.make(actor, case, found.id, plan(title), measure)

    factories.act(run, actor, receipt)


def improvements() -> Sequence[Improvement]:
    db.close_read_session()
    return db.session().scalars(select(Improvement).order_by(Improvement.id)).all()


def test_a_proposal_becomes_one_improvement_that_its_case_leads_to(
    head: Staff, proposed: tuple[Receipt, int]
) -> None:
    receipt, measure = proposed
    make(head, *proposed)
    # A second click.
    make(head, *proposed)
    (improvement,) = improvements()
    assert [(link.improvement_id, link.case_id) for link in links()] == [(improvement.id, receipt.case)]
    (row,) = measure_queries.of_improvement(head, improvement.id)
    assert (row.id, row.state) == (measure, MeasureState.DECIDED)
    assert told(receipt)[-2:] == ["ProposalDecided", "ImprovementLinked"]


def test_what_a_sender_suggests_becomes_one_without_a_proposal_of_staff(head: Staff) -> None:
    receipt = factories.send_in(kind=Kind.SUGGESTION)
    make(head, receipt, None)
    make(head, receipt, None)
    assert len(improvements()) == len(links()) == 1


def test_a_proposal_does_not_become_two_improvements(head: Staff, proposed: tuple[Receipt, int]) -> None:
    make(head, *proposed)
    assert refused(head, *proposed, title="Fler skyltar") is ImprovementProblem.TWICE
    assert len(improvements()) == len(links()) == 1


def refused(actor: Staff, receipt: Receipt, measure: int, title: str = "Skyltar") -> ImprovementProblem:
    with pytest.raises(WrongImprovement) as wrong:
        make(actor, receipt, measure, title)
    return wrong.value.problem


@pytest.mark.parametrize("state", [MeasureState.DONE, MeasureState.REJECTED])
def test_a_proposal_that_is_done_or_rejected_becomes_none(
    head: Staff, proposed: tuple[Receipt, int], state: MeasureState
) -> None:
    receipt, measure = proposed
    factories.act(measures.settle, head, receipt, measure, state)
    assert refused(head, receipt, measure) is ImprovementProblem.SETTLED
    assert improvements() == []


def test_a_proposal_of_another_case_or_a_measure_is_none(head: Staff, proposed: tuple[Receipt, int]) -> None:
    _receipt, measure = proposed
    other = factories.send_in()
    factories.act(measures.note_measure, head, other, "Skylten är uppe.")
    for missing in (measure, rows()[-1].id, 0):
        assert refused(head, other, missing) is ImprovementProblem.NO_PROPOSAL
    assert improvements() == []


def test_a_proposal_that_the_former_board_keeps_is_none_of_the_new_one(
    head: Staff, proposed: tuple[Receipt, int]
) -> None:
    receipt, measure = proposed
    make(head, *proposed)
    factories.act(routing.hand_over, head, receipt, organisation.category("skola"), HandoverGround.NO_SECRECY)
    school = factories.member("eva", Role.HEAD_OF_UNIT, "grundskola")
    with pytest.raises(WrongImprovement) as wrong:
        make(school, receipt, measure, unit="grundskola")
    assert wrong.value.problem is ImprovementProblem.NO_PROPOSAL
    (improvement,) = improvements()
    # Who the case has left, and who the proposal did not come to.
    for reader in (head, school):
        assert measure_queries.of_improvement(reader, improvement.id) == []


def test_a_proposal_may_become_another_once_its_link_is_removed(
    head: Staff, proposed: tuple[Receipt, int]
) -> None:
    receipt, _measure = proposed
    make(head, *proposed)
    factories.act(commands.unlink, head, receipt, improvements()[0].id)
    assert measure_queries.of_improvement(head, improvements()[0].id) == []
    make(head, *proposed, title="Fler skyltar")
    assert [row.improvement_id for row in rows()] == [improvements()[1].id]
    assert stored(improvements()[1].id).title == "Fler skyltar"
