"""Measures: written once, settled by rule, in the trail by ids, and seen only through the gate."""

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal import db
from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import NotAllowed, Status
from portal.cases.measures import actions as measures
from portal.cases.measures import queries as measure_queries
from portal.cases.measures.queries import NEWEST, MeasureFilter
from portal.cases.models import Measure
from portal.cases.transitions import Conflict
from portal.identity.actors import Role
from portal.organisation import queries as organisation
from portal.pagination import BEGINNING, place
from tests import factories
from tests.cases import brought_to, told


def rows() -> list[Measure]:
    db.close_read_session()
    return list(db.session().scalars(select(Measure).order_by(Measure.id)))


def proposed() -> tuple[Receipt, int]:
    """A proposal in a case, by Anna."""
    receipt = factories.send_in()
    factories.act(measures.propose, factories.member(), receipt, "En skylt samma dag.")
    return receipt, rows()[-1].id


def test_a_measure_stands_in_the_trail_by_its_id_alone_and_no_letter_goes_out(inside: Flask) -> None:
    receipt, letters = brought_to(Status.CLOSED), len(factories.letters())
    anna = factories.member()
    factories.act(measures.note_measure, anna, receipt, "Skylten är uppe.")
    factories.act(measures.propose, anna, receipt, "En skylt samma dag.")
    taken, proposal = rows()
    assert (taken.kind, taken.state, taken.author_id) == (MeasureKind.TAKEN, "done", anna.membership)
    assert (proposal.kind, proposal.state, proposal.settled_at) == (MeasureKind.PROPOSAL, "proposed", None)
    assert told(receipt)[-2:] == ["MeasureNoted", "ImprovementProposed"]
    assert [entry.details for entry in factories.entries(receipt)[-2:]] == [{"measure": 1}, {"measure": 2}]
    assert len(factories.letters()) == letters
    assert factories.case(receipt).status is Status.CLOSED


def test_the_same_words_as_measure_and_as_proposal_are_two_and_the_second_click_none(inside: Flask) -> None:
    receipt, anna, eva = factories.send_in(), factories.member(), factories.member("eva")
    for actor, write in ((anna, measures.note_measure), (anna, measures.propose), (eva, measures.propose)):
        factories.act(write, actor, receipt, "Skylt")
        factories.act(write, actor, receipt, "Skylt")
    assert len(rows()) == 3


@pytest.mark.parametrize("to", measures.SETTLING)
def test_a_proposal_is_settled_once_with_who_and_when(inside: Flask, to: MeasureState) -> None:
    receipt, proposal = proposed()
    eva = factories.member("eva")
    for _click in range(2):
        factories.act(measures.settle, eva, receipt, proposal, to)
    (settled,) = rows()
    assert (settled.state, settled.settled_by_id) == (to, eva.membership)
    assert settled.settled_at == factories.entries(receipt)[-1].at or settled.settled_at
    assert len(told(receipt)) == 3


def test_what_is_done_stays_done_and_what_was_rejected_can_be_taken_up_again(inside: Flask) -> None:
    receipt, proposal = proposed()
    anna = factories.member()
    for to in (MeasureState.REJECTED, MeasureState.DECIDED, MeasureState.DONE):
        factories.act(measures.settle, anna, receipt, proposal, to)
    with pytest.raises(NotAllowed):
        factories.act(measures.settle, anna, receipt, proposal, MeasureState.REJECTED)
    assert rows()[0].state is MeasureState.DONE


def test_whoever_settles_what_has_changed_meanwhile_is_stopped(inside: Flask) -> None:
    receipt, proposal = proposed()
    seen = factories.case(receipt).version
    factories.act(measures.settle, factories.member("eva"), receipt, proposal, MeasureState.DECIDED)
    with pytest.raises(Conflict):
        factories.act(measures.settle, factories.member(), receipt, proposal, MeasureState.REJECTED, seen)


def test_only_a_proposal_of_this_very_case_can_be_settled(inside: Flask) -> None:
    receipt, proposal = proposed()
    other, anna = factories.send_in(), factories.member()
    factories.act(measures.note_measure, anna, receipt, "Skylten är uppe.")
    for case, wrong in ((other, proposal), (receipt, rows()[-1].id), (receipt, 99), (receipt, None)):
        with pytest.raises(measures.WrongMeasure):
            factories.act(measures.settle, anna, case, wrong, MeasureState.DECIDED)


def test_a_reader_writes_no_measure_and_settles_none(inside: Flask) -> None:
    receipt, proposal = proposed()
    reader = factories.member("eva", Role.RECORDS_OFFICER, None)
    for command, given in ((measures.note_measure, ("x",)), (measures.settle, (proposal, MeasureState.DONE))):
        with pytest.raises(NotAllowed):
            factories.act(command, reader, receipt, *given)


def many(count: int) -> list[Receipt]:
    """Measures in cases of two units, several of the same moment."""
    receipts = [factories.send_in(category=key) for key in ("parker", "gator")]
    registrar = factories.member("eva", Role.REGISTRAR, None)
    for turn in range(count):
        with factories.clock.at(factories.clock.now()):
            for text in ("a", "b"):
                write = measures.propose if turn % 2 else measures.note_measure
                factories.act(write, registrar, receipts[turn % 2], f"{text}{turn}")
    return receipts


def test_every_measure_is_on_one_page_exactly_and_the_newest_comes_first(inside: Flask) -> None:
    many(27)
    registrar = factories.member("eva", Role.REGISTRAR, None)
    pages = [measure_queries.of_all(registrar, MeasureFilter(), BEGINNING)]
    while after := pages[-1].after:
        pages.append(measure_queries.of_all(registrar, MeasureFilter(), place(NEWEST, after, None)))
    assert [measure.id for page in pages for measure in page.rows] == list(range(54, 0, -1))
    assert [len(page.rows) for page in pages] == [25, 25, 4]


def test_nobody_sees_the_measures_of_cases_that_they_do_not_see(inside: Flask) -> None:
    receipts = many(2)
    anna, registrar = factories.member(), factories.member("eva", Role.REGISTRAR, None)
    park, street = (organisation.unit(key) for key in ("park", "gata"))
    assert park
    assert street
    assert {each.case_id for each in measure_queries.of_all(anna, MeasureFilter()).rows} == {receipts[0].case}
    assert [unit.key for unit in measure_queries.units(anna)] == ["park"]
    assert measure_queries.of_all(anna, MeasureFilter(unit=street.id)).rows == []
    assert measure_queries.of_case(anna, factories.case(receipts[1])) == []
    assert len(measure_queries.of_all(registrar, MeasureFilter(unit=street.id)).rows) == 2
    assert {unit.key for unit in measure_queries.units(registrar)} == {"park", "gata"}


@pytest.mark.parametrize("count", [2, 12])
def test_the_page_of_measures_asks_one_thing_however_many_there_are(inside: Flask, count: int) -> None:
    many(count)
    registrar = factories.member("eva", Role.REGISTRAR, None)
    db.close_read_session()
    asked: list[str] = []
    event.listen(db.engine(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    rows = measure_queries.of_all(registrar, MeasureFilter()).rows
    drawn = [
        (row.author and row.author.name, row.case.handling_unit.board.name, row.settled_by) for row in rows
    ]
    assert len(drawn) == count * 2
    assert len([each for each in asked if each.startswith("SELECT")]) == 1
