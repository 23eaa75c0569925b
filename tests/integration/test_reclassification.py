"""A case that was registered wrongly is put right: kind, topic, level, subjects, and what hangs on them."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock, db
from portal.cases.actions import handling, routing, subjects
from portal.cases.answers.first_contact import is_solved
from portal.cases.enums import Kind, Secrecy
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.transitions import NeedsConfirmation
from portal.identity.actors import Role, Staff, System
from portal.organisation import queries as organisation
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.queries import figures
from tests import factories
from tests.cases import brought_to, do, membership_of, state, told

EMAIL = "maria@exempel.se"


def correct(actor: Staff, receipt: Receipt, confirmed: bool = False, **changes: Any) -> None:
    to = replace(subjects.classification_of(factories.case(receipt)), **changes)
    factories.act(subjects.reclassify, actor, receipt, to, confirmed=confirmed)


def test_the_trail_has_what_was_and_what_is_and_no_text(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    correct(anna, receipt, kind=Kind.FAULT_REPORT, topic="gator", level=4, internal_subject="Gatan")
    case, details = factories.case(receipt), factories.entries(receipt)[-1].details
    assert (case.kind, case.category and case.category.key, case.level) == (Kind.FAULT_REPORT, "gator", 4)
    assert (details["kind_before"], details["kind"]) == ("complaint", "fault_report")
    assert (details["topic"], details["level"], details["internal"]) == (case.category_id, 4, True)
    assert "Gatan" not in str(details)
    before = state(receipt)
    correct(anna, receipt)
    assert state(receipt) == before


def test_a_case_stays_at_its_unit_and_the_unit_of_the_topic_is_known(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    assert subjects.other_unit(factories.case(receipt)) is None
    correct(anna, receipt, topic="gator")
    case = factories.case(receipt)
    other = subjects.other_unit(case)
    assert (case.handling_unit.key, other and other.key) == ("park", "gata")
    topic = organisation.category("gator")
    assert topic
    factories.act(routing.hand_over, anna, receipt, topic)
    assert subjects.other_unit(factories.case(receipt)) is None


def test_a_closed_case_is_not_corrected(inside: Flask) -> None:
    receipt = brought_to(Status.CLOSED)
    with pytest.raises(NotAllowed):
        correct(factories.member(), receipt, kind=Kind.QUESTION)


def test_a_kind_that_the_profile_has_dropped_is_refused(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt, anna = factories.send_in(), factories.member()
    fewer = organisation.profile().model_copy(update={"kinds": (Kind.COMPLAINT,)})
    monkeypatch.setattr(organisation, "profile", lambda: fewer)
    with pytest.raises(subjects.DroppedKind):
        correct(anna, receipt, kind=Kind.QUESTION)
    assert factories.case(receipt).kind is Kind.COMPLAINT


def test_a_topic_with_secrecy_gives_it_and_no_other_lowers_it(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    correct(anna, receipt, topic="aldre")
    assert factories.case(receipt).secrecy is Secrecy.TOPIC
    correct(anna, receipt, topic="parker")
    assert factories.case(receipt).secrecy is Secrecy.TOPIC


def test_who_would_lose_the_case_is_asked_first(inside: Flask) -> None:
    receipt, eva = factories.send_in(), factories.member("eva", Role.REGISTRAR, None)
    with pytest.raises(NeedsConfirmation):
        correct(eva, receipt, topic="aldre")
    correct(eva, receipt, topic="aldre", confirmed=True)
    assert factories.case(receipt).secrecy is Secrecy.TOPIC


def test_a_promise_that_was_made_is_kept_and_no_letter_is_sent(inside: Flask) -> None:
    receipt, anna = factories.send_in(email=EMAIL), factories.member()
    before = factories.case(receipt)
    dates = before.due_answer, before.due_contact
    correct(anna, receipt, kind=Kind.PRAISE)
    after = factories.case(receipt)
    assert (after.due_answer, after.due_contact) == dates
    assert [letter.name for letter in factories.letters()] == ["received"]


def test_praise_that_wanted_no_answer_is_promised_one_as_something_else(inside: Flask) -> None:
    receipt = factories.send_in(email=EMAIL, kind=Kind.PRAISE, answer_wanted=False)
    correct(factories.member(), receipt, kind=Kind.COMPLAINT)
    assert factories.case(receipt).due_answer is not None
    letter = factories.letters()[-1]
    assert (letter.name, "Du får svar senast" in letter.text) == ("answer_promised", True)


def test_a_corrected_case_is_counted_as_what_it_is(inside: Flask) -> None:
    receipt = factories.send_in()
    correct(factories.member(), receipt, kind=Kind.QUESTION)
    db.close_read_session()
    counted = figures(System(), clock.today(), clock.today(), Dimension.KIND)
    assert {kind: sums["cases"] for kind, sums in counted.items()} == {Kind.QUESTION: 1}


def test_a_records_officer_corrects_too(inside: Flask) -> None:
    receipt = factories.send_in()
    correct(factories.records_officer(), receipt, kind=Kind.QUESTION)
    assert told(receipt)[-1] == "CaseReclassified"


def test_the_topic_proposes_the_level_until_staff_have_judged(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    with db.transaction():
        for key, level in (("parker", 2), ("gator", 4)):
            topic = organisation.category(key)
            assert topic
            topic.rosa_level = level
    new = factories.send_in()
    assert factories.case(new).level == 2
    correct(anna, new, topic="gator")
    assert factories.case(new).level == 4
    correct(anna, new, level=5)
    correct(anna, new, topic="parker")
    assert factories.case(new).level == 5
    assert factories.case(receipt).level is None


@given(first_line=st.booleans(), officer=st.none() | st.integers(1, 3), answerer=st.integers(1, 3))
def test_a_case_is_solved_at_first_contact_by_the_first_line_and_its_first_person(
    first_line: bool, officer: int | None, answerer: int
) -> None:
    nobody_else = officer is None or officer == answerer
    assert is_solved(first_line, officer, answerer) is (first_line and nobody_else)


def registrar() -> Staff:
    return factories.member("eva", Role.REGISTRAR, None)


@pytest.mark.parametrize("action", [Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.ANSWER_ORALLY])
def test_the_first_line_solves_a_case_until_it_is_opened_again(inside: Flask, action: Action) -> None:
    receipt = factories.send_in(category=None)
    assert factories.case(receipt).first_contact is None
    do(action, registrar(), receipt)
    assert factories.case(receipt).first_contact is True
    do(Action.THANK, factories.sender(receipt), receipt)
    assert factories.case(receipt).first_contact is True
    do(Action.REPLY, factories.sender(receipt), receipt, "En sak till.")
    assert factories.case(receipt).first_contact is False


def test_a_case_that_has_been_elsewhere_or_with_another_was_not_solved_at_once(inside: Flask) -> None:
    moved, passed, of_unit = (
        factories.send_in(category=None),
        factories.send_in(category=None),
        factories.send_in(),
    )
    eva = registrar()
    for key in ("kommunikation", "medborgarservice"):
        unit = organisation.unit(key)
        assert unit
        factories.act(routing.hand_over, eva, moved, unit)
    factories.act(handling.take, eva, passed)
    anna = factories.member("anna", Role.REGISTRAR, None)
    factories.act(handling.assign, eva, passed, membership_of(anna))
    for receipt, officer in ((moved, eva), (passed, anna), (of_unit, eva)):
        do(Action.ANSWER, officer, receipt)
        assert factories.case(receipt).first_contact is False
