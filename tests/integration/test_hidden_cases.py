"""No command finds a case that its actor cannot read, whatever it takes to name one."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.actions import routing
from portal.cases.enums import HandoverGround
from portal.cases.groups import relations
from portal.cases.groups.merging import WrongCase
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case, CaseRelation
from portal.identity.actors import Role, Staff, System
from portal.organisation import queries as organisation
from portal.organisation.models import Category
from tests import cases, factories
from tests.web import steps

TWO_CASES = [
    action
    for action in cases.STAFF_COMMANDS
    if any(parameter.annotation is Case for parameter in cases.parameters(action).values())
]


def row(case_id: int) -> Case:
    """The case with this id, read in the transaction."""
    case = queries.case_by_id(System(), case_id)
    assert case
    return case


def secret_topic() -> Category:
    """A topic whose cases only its own units read."""
    return next(topic for topic in organisation.categories() if topic.secrecy_default)


def test_the_commands_that_take_another_case() -> None:
    assert {*TWO_CASES} == {Action.MERGE, Action.RELATE, Action.UNRELATE}


@pytest.mark.parametrize("action", TWO_CASES)
@pytest.mark.parametrize("tied", [False, True], ids=["apart", "related"])
def test_a_hidden_case_is_refused_as_if_it_did_not_exist(inside: Flask, action: Action, tied: bool) -> None:
    anna, receipt = factories.member("anna"), factories.send_in()
    hidden = factories.send_in(category=secret_topic().key)
    with db.transaction() as session:
        assert queries.case_by_id(anna, hidden.case) is None
        if tied:
            session.add(CaseRelation(case_id=receipt.case, other_id=hidden.case))
            row(receipt.case).merged_into_id = hidden.case
    before = steps.stored()
    more = {"body": "Text"} if action is Action.MERGE else {}
    with pytest.raises(WrongCase), db.transaction():
        cases.STAFF_COMMANDS[action](anna, row(receipt.case), row(hidden.case), **more)
    assert steps.stored() == before


def test_a_second_split_does_not_find_a_part_that_has_become_hidden(inside: Flask) -> None:
    anna, receipt = factories.member("anna"), factories.send_in()
    part = split(anna, receipt.case)
    assert split(anna, receipt.case) == part
    with db.transaction():
        routing.hand_over(anna, row(part), secret_topic(), ground=HandoverGround.NO_SECRECY)
    assert split(anna, receipt.case) != part


def test_a_reader_who_may_not_split_does_not_find_a_part_either(inside: Flask) -> None:
    receipt = factories.send_in()
    split(factories.member("anna"), receipt.case)
    with pytest.raises(NotAllowed):
        split(factories.member("eva", Role.RECORDS_OFFICER, None), receipt.case)


def split(actor: Staff, case_id: int) -> int:
    with db.transaction():
        return relations.split(actor, row(case_id), "Gungorna").id


def test_a_page_tells_a_hidden_number_from_no_number_in_no_way(app: Flask, staff_page: steps.SignIn) -> None:
    page, receipt = staff_page(factories.member("anna")), factories.send_in()
    hidden = factories.send_in(category=secret_topic().key)
    answers = []
    for other in (factories.number(hidden), "KB-2026-009999"):
        answer = steps.act(page, factories.number(receipt), "relate", changes={"number": other}, status=422)
        answers.append(answer.errors())
    assert answers[0] == answers[1]
    with db.engine().connect() as connection:
        assert connection.scalar(sa.select(sa.func.count(CaseRelation.id))) == 0
