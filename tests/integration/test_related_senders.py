"""Cases that belong together: a part of its own, what its code opens, who takes it along; and relations."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal.audit import trail
from portal.cases import queries
from portal.cases.actions import extensions, handling, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.authority.related import related_cases
from portal.cases.enums import ReplyBy
from portal.cases.groups import relations
from portal.cases.groups.merging import WrongCase
from portal.cases.intake import code_access
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case
from portal.identity.actors import Actor, Role, Staff, System
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import MONDAY, do, pair, state, told

PART = "Gungan är trasig"


@pytest.fixture
def officer(inside: Flask) -> Staff:
    """Anna, who handles the cases of the park unit."""
    return factories.member()


def part_of(receipt: Receipt) -> Case:
    """The one case that was split from another."""
    found = related_cases(System(), factories.case(receipt))
    (part,) = (each for how, each in found if how == "split_off")
    return part


def split(officer: Staff, receipt: Receipt, subject: str = PART) -> Case:
    """A part has become a case of its own."""
    factories.act(relations.split, officer, receipt, subject)
    return part_of(receipt)


def holder(receipt: Receipt, case: Case) -> Actor | None:
    """Whoever writes the number of a case and the code of a receipt."""
    assert receipt.code
    return code_access.code_holder_for(receipt.code, case.year, case.number)


def test_a_part_has_the_senders_words_a_number_and_a_subject_of_its_own(officer: Staff) -> None:
    receipt = factories.send_in(body="Gungan och skylten.")
    factories.act(handling.take, officer, receipt)
    part = split(officer, receipt)
    assert (part.number, part.public_subject, part.status) == (receipt.number + 1, PART, Status.RECEIVED)
    assert (part.officer_id, [each.body for each in part.messages]) == (None, ["Gungan och skylten."])
    assert part.messages[0].arrived_at == factories.case(receipt).messages[0].arrived_at
    assert told(receipt)[-1] == "CaseSplit"
    assert [each.event for each in trail.timeline(System(), part)] == ["CaseReceived"]


def test_a_part_has_the_first_ones_dates(officer: Staff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = factories.send_in()
    time_machine.move_to(MONDAY + dt.timedelta(days=2), tick=False)
    part = split(officer, receipt)
    assert (part.received_at, part.due_answer) == (MONDAY, dt.date(2026, 3, 16))


@pytest.mark.parametrize("waiting", [True, False])
def test_a_part_has_the_same_last_day_when_we_have_waited_for_the_sender(
    officer: Staff, time_machine: TimeMachineFixture, waiting: bool
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = factories.send_in(email="maja@exempel.se")
    do(Action.REQUEST_SUPPLEMENT, officer, receipt)
    time_machine.move_to(MONDAY + dt.timedelta(days=7), tick=False)
    if not waiting:
        do(Action.REPLY, factories.sender(receipt), receipt)
    part = split(officer, receipt)
    assert (part.due_answer, part.paused_on) == (dt.date(2026, 3, 23), None)


def test_a_part_has_the_later_day_that_was_promised(officer: Staff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(MONDAY, tick=False)
    receipt = factories.send_in()
    factories.act(extensions.extend, officer, receipt, dt.date(2026, 3, 31), "Vi väntar på en besiktning.")
    part = split(officer, receipt)
    assert part.due_answer == factories.case(receipt).due_answer == dt.date(2026, 3, 31)
    assert part.extension_reason == "Vi väntar på en besiktning."


def test_a_second_click_makes_one_part(officer: Staff) -> None:
    receipt = factories.send_in()
    first = split(officer, receipt)
    before = state(receipt)
    assert split(officer, receipt).id == first.id
    assert state(receipt) == before


def test_two_parts_are_two_cases_and_a_part_of_a_part_belongs_to_the_first(officer: Staff) -> None:
    receipt = factories.send_in()
    first = split(officer, receipt)
    factories.act(
        relations.split, officer, Receipt(first.id, first.year, first.number, None, True), "Skylten"
    )
    found = related_cases(officer, factories.case(receipt))
    assert [(how, each.public_subject) for how, each in found] == [
        ("split_off", PART),
        ("split_off", "Skylten"),
    ]


def test_a_part_has_a_party_of_its_own_that_says_the_same(officer: Staff) -> None:
    receipt = factories.send_in(email="maria@exempel.se", name="Maria Ek", phone="+46701740605")
    first = factories.case(receipt).party
    own = split(officer, receipt).party
    assert first
    assert own
    assert own.id != first.id
    assert (own.name, own.email, own.phone) == ("Maria Ek", "maria@exempel.se", "+46701740605")
    assert [each.name for each in factories.letters()] == ["received", "split"]


def test_a_part_of_an_anonymous_case_has_no_party(officer: Staff) -> None:
    part = split(officer, factories.send_in())
    assert (part.party, part.reply_by) == (None, ReplyBy.CODE)


def test_the_code_opens_both_and_each_shows_its_own(officer: Staff) -> None:
    receipt = factories.send_in()
    part = split(officer, receipt)
    holders = [holder(receipt, factories.case(receipt)), holder(receipt, part)]
    assert [each and getattr(each, "case", None) for each in holders] == [receipt.case, part.id]
    assert code_access.opens_by_code(part)


def test_the_code_of_another_case_opens_no_part(officer: Staff) -> None:
    part = split(officer, factories.send_in())
    assert holder(factories.send_in(), part) is None


def test_a_code_holder_sees_the_one_case_that_they_opened(officer: Staff) -> None:
    receipt = factories.send_in()
    part = split(officer, receipt)
    assert queries.case_by_id(factories.sender(receipt), part.id) is None


@pytest.mark.parametrize("by_the_part", [True, False])
def test_who_takes_a_case_to_mina_sidor_takes_all_that_the_code_opened(
    officer: Staff, by_the_part: bool
) -> None:
    receipt, maria = factories.send_in(), factories.citizen()
    part = split(officer, receipt)
    shown = Receipt(part.id, part.year, part.number, None, True) if by_the_part else receipt
    factories.act(lambda _holder, case: sender_actions.adopt(maria, case), factories.sender(shown), shown)
    assert {each.id for each in queries.cases_of(maria)} == {receipt.case, part.id}
    assert holder(receipt, factories.case(receipt)) is holder(receipt, part_of(receipt)) is None
    assert not code_access.opens_by_code(part_of(receipt))


def test_a_part_that_went_to_another_unit_is_not_shown_with_the_first(officer: Staff) -> None:
    receipt, eva = factories.send_in(), factories.member("eva", Role.REGISTRAR, None)
    part = split(officer, receipt)
    moved = Receipt(part.id, part.year, part.number, None, True)
    factories.act(routing.hand_over, eva, moved, organisation.category("gator"))
    assert related_cases(officer, factories.case(receipt)) == []


# ---- Relations


def test_two_cases_that_belong_together_are_found_from_each_other(officer: Staff) -> None:
    first, second = factories.send_in(), factories.send_in()
    pair(relations.relate, officer, second, first)
    for one, other in ((first, second), (second, first)):
        assert [(how, each.id) for how, each in related_cases(officer, factories.case(one))] == [
            ("related", other.case)
        ]
        assert told(one)[-1] == "CasesRelated"
        assert factories.entries(one)[-1].details == {"other": other.case}


def test_a_relation_is_none_of_the_senders_business(officer: Staff) -> None:
    first, second = factories.send_in(email="maria@exempel.se"), factories.send_in()
    pair(relations.relate, officer, first, second)
    assert related_cases(factories.sender(first), factories.case(first)) == []
    assert len(factories.letters()) == 1


def test_no_case_belongs_with_itself(officer: Staff) -> None:
    receipt = factories.send_in()
    with pytest.raises(WrongCase):
        pair(relations.relate, officer, receipt, receipt)
    assert told(receipt) == ["CaseReceived"]


@pytest.mark.parametrize("the_other_way", [True, False])
def test_two_cases_are_related_once(officer: Staff, the_other_way: bool) -> None:
    first, second = factories.send_in(), factories.send_in()
    pair(relations.relate, officer, first, second)
    before = state(first), state(second)
    again = (second, first) if the_other_way else (first, second)
    pair(relations.relate, officer, *again)
    assert (state(first), state(second)) == before


def test_a_relation_ends_from_either_side_and_once(officer: Staff) -> None:
    first, second = factories.send_in(), factories.send_in()
    pair(relations.relate, officer, first, second)
    pair(relations.unrelate, officer, second, first)
    assert related_cases(officer, factories.case(first)) == []
    assert told(first)[-1] == told(second)[-1] == "RelationEnded"
    before = state(first), state(second)
    pair(relations.unrelate, officer, first, second)
    assert (state(first), state(second)) == before


def test_a_related_case_that_the_actor_does_not_see_is_not_shown(officer: Staff) -> None:
    first, hidden = factories.send_in(), factories.send_in(category="gator")
    eva = factories.member("eva", Role.REGISTRAR, None)
    pair(relations.relate, eva, first, hidden)
    assert related_cases(officer, factories.case(first)) == []
    assert len(related_cases(eva, factories.case(first))) == 1
