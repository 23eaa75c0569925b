"""Duplicates as a group: each sender is answered in their own case and meets no trace of another."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.audit import trail
from portal.cases import queries
from portal.cases.actions import handling, protection, routing, secrecy
from portal.cases.actions import sender as sender_actions
from portal.cases.answers import drafts
from portal.cases.authority.groups import UNDATED
from portal.cases.authority.related import related_cases
from portal.cases.enums import Direction, HandoverGround
from portal.cases.groups import answers, merging
from portal.cases.groups.answers import Apart, NamesSender
from portal.cases.groups.merging import MergeProblem, WrongCase
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, CloseReason, NotAllowed, Status
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.identity.actors import Role, Staff, System
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import MONDAY, do, pair, told
from tests.promises import answer_promises

WORD = "Vi arbetar redan med lekplatsen. Du får svaret här."
ANSWER = "Hej Maja!\n\nGungan lagas på tisdag. Numret är KB-2026-000001."


@pytest.fixture
def officer(inside: Flask, time_machine: TimeMachineFixture) -> Staff:
    """Anna, who handles the cases of the park unit, on a Monday."""
    time_machine.move_to(MONDAY, tick=False)
    return factories.member()


@pytest.fixture
def kept(officer: Staff) -> Receipt:
    """The case of Maja, which others are merged into."""
    return factories.send_in(name="Maja Ek", email="maja@exempel.se")


def member_of(officer: Staff, kept: Receipt, **given: Any) -> Receipt:
    """Another case that waits for the answer of this one."""
    receipt = factories.send_in(**given)
    pair(merging.merge, officer, receipt, kept, WORD)
    return receipt


def last(receipt: Receipt) -> str:
    """What the sender reads last in their case."""
    return queries.messages(factories.sender(receipt), factories.case(receipt))[-1].body


def is_alone(receipt: Receipt) -> bool:
    """Whether a case is open, and waits for no other."""
    case = factories.case(receipt)
    return (case.status, case.merged_into_id, case.closed_at) == (Status.IN_PROGRESS, None, None)


@pytest.mark.parametrize(
    ("command", "status", "letter"),
    [
        (handling.answer, Status.ANSWERED, "answered"),
        (handling.answer_and_close, Status.CLOSED, "answered"),
        (handling.answer_orally, Status.ANSWERED, "answered"),
    ],
)
def test_a_merged_sender_gets_the_answer_as_one_of_their_own(
    officer: Staff, kept: Receipt, command: Callable[..., Any], status: Status, letter: str
) -> None:
    first = member_of(officer, kept, name="Yusuf Ali", email="yusuf@exempel.se")
    second = member_of(officer, kept)
    factories.act(command, officer, kept, ANSWER)
    assert last(first) == f"Hej Yusuf!\n\nGungan lagas på tisdag. Numret är {factories.number(first)}."
    assert last(second) == f"Hej!\n\nGungan lagas på tisdag. Numret är {factories.number(second)}."
    for receipt in (kept, first, second):
        case = factories.case(receipt)
        assert (case.status, case.answered_at, case.group_due) == (status, clock.now(), None)
    answered = [row for row in factories.letters() if row.name.startswith("answered")]
    assert {(row.name, row.recipient) for row in answered if row.case_id == first.case} == {
        (letter, "yusuf@exempel.se")
    }
    assert len(answered) == 2


def test_nothing_of_one_sender_is_in_the_view_or_the_letters_of_another(
    officer: Staff, kept: Receipt
) -> None:
    first = member_of(officer, kept, name="Yusuf Ali", email="yusuf@exempel.se", body="Min granne skriker.")
    factories.act(handling.answer_and_close, officer, kept, ANSWER)
    for receipt, others in (
        (first, ("Maja", "maja@", factories.number(kept), "Ingen skylt")),
        (kept, ("Yusuf", "yusuf@", factories.number(first), "granne")),
    ):
        reader = factories.sender(receipt)
        case = factories.case(receipt)
        texts = [message.body for message in queries.messages(reader, case)]
        texts += [row.text or "" for row in factories.letters() if row.case_id == receipt.case]
        texts += [str(entry.details) for entry in trail.timeline(reader, case)]
        assert related_cases(reader, case) == []
        assert not [other for other in others for text in texts if other in text]


def test_the_promise_of_a_merged_case_runs_until_its_sender_is_answered(
    officer: Staff, kept: Receipt, time_machine: TimeMachineFixture
) -> None:
    first = member_of(officer, kept)
    due = factories.case(first).due_answer
    time_machine.move_to(MONDAY + dt.timedelta(days=30), tick=False)
    late = [each for each in answer_promises(System(), MONDAY.date()) if each.answered is None]
    assert due
    assert due < clock.today()
    assert [each.passed for each in late] == [True, True]
    factories.act(handling.answer, officer, kept, "Klart.")
    answered = [each.answered for each in answer_promises(System(), MONDAY.date())]
    assert answered == [clock.today(), clock.today()]


def test_the_kept_case_has_the_earliest_date_of_those_that_wait_for_it(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    officer = factories.member()
    first = factories.send_in()
    time_machine.move_to(MONDAY + dt.timedelta(days=4), tick=False)
    second, kept = factories.send_in(), factories.send_in()
    assert factories.case(kept).group_due is None
    pair(merging.merge, officer, second, kept, WORD)
    assert factories.case(kept).group_due == factories.case(second).due_answer
    pair(merging.merge, officer, first, kept, WORD)
    assert factories.case(kept).group_due == factories.case(first).due_answer == dt.date(2026, 3, 16)
    factories.act(merging.unmerge, officer, first)
    assert factories.case(kept).group_due == factories.case(second).due_answer
    factories.act(merging.unmerge, officer, second)
    assert factories.case(kept).group_due is None


def test_a_group_without_dates_is_still_known_as_one(officer: Staff, kept: Receipt) -> None:
    first = factories.send_in()
    with db.transaction():
        case = db.session().get_one(Case, first.case)
        case.promise = {"contact": None, "answer": None}
        case.due_answer = case.due_contact = None
    pair(merging.merge, officer, first, kept, WORD)
    assert factories.case(kept).group_due == UNDATED


def test_to_close_the_kept_case_closes_those_that_had_its_answer(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept, email="yusuf@exempel.se")
    factories.act(handling.answer, officer, kept, "Klart.")
    factories.act(handling.close, officer, kept)
    case = factories.case(first)
    assert (case.status, case.close_reason) == (Status.CLOSED, CloseReason.ANSWERED)
    assert told(first)[-1] == "MemberClosed"
    assert factories.letters()[-1].name == "closed"


@pytest.mark.parametrize("close", [False, True])
def test_a_sender_who_is_left_out_of_the_answer_waits_on_under_their_own_promise(
    officer: Staff, kept: Receipt, close: bool
) -> None:
    first, other = member_of(officer, kept, email="yusuf@exempel.se"), member_of(officer, kept)
    due, sent = factories.case(first).due_answer, len(factories.letters())
    factories.act(handling.answer, officer, kept, ANSWER, close=close, left_out=[factories.number(first)])
    assert is_alone(first)
    assert (factories.case(first).due_answer, factories.case(first).answered_at) == (due, None)
    assert (told(first)[-1], last(first)) == ("GroupLeft", WORD)
    assert factories.case(other).answered_at
    assert factories.case(kept).group_due is None
    assert [letter.case_id for letter in factories.letters()[sent:]] == [kept.case]
    assert first.case in [case.id for _how, case in related_cases(officer, factories.case(kept))]
    factories.act(handling.answer, officer, first, "Ett eget svar.")
    assert last(first) == "Ett eget svar."


def test_whom_a_draft_leaves_out_is_left_out_when_it_is_sent(officer: Staff, kept: Receipt) -> None:
    first, other = member_of(officer, kept), member_of(officer, kept)
    left_out = [factories.number(first), "KB-1999-000001"]
    factories.act(drafts.save_draft, officer, kept, ANSWER, left_out=left_out)
    factories.act(drafts.save_draft, officer, kept, f"{ANSWER} Hej.")
    factories.act(handling.answer, officer, kept, ANSWER)
    assert is_alone(first)
    assert factories.case(other).answered_at


def test_a_page_that_leaves_nobody_out_outweighs_the_draft(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    factories.act(drafts.save_draft, officer, kept, ANSWER, left_out=[factories.number(first)])
    factories.act(handling.answer, officer, kept, ANSWER, left_out=[])
    assert factories.case(first).answered_at


def test_who_is_left_out_is_not_named_to_the_others_either(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept, name="Yusuf Ali", email="yusuf@exempel.se")
    member_of(officer, kept)
    text, left_out = "Hej Maja! Vi har ringt dig.", [factories.number(first)]
    with pytest.raises(NamesSender):
        factories.act(handling.answer, officer, kept, f"{text} Yusuf hade rätt.", left_out=left_out)
    factories.act(handling.answer, officer, kept, text, left_out=left_out)
    assert factories.case(kept).answered_at


def test_a_second_click_answers_nobody_twice(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept, email="yusuf@exempel.se")
    factories.act(handling.answer, officer, kept, "Klart.")
    before = told(first), len(factories.letters())
    factories.act(handling.answer, officer, kept, "Klart.")
    assert (told(first), len(factories.letters())) == before


def protect(officer: Staff, receipt: Receipt) -> None:
    factories.act(protection.protect, officer, receipt)


def hide(officer: Staff, receipt: Receipt) -> None:
    do(Action.HIDE_SENDER, officer, receipt)


def contest(_officer: Staff, receipt: Receipt) -> None:
    with db.transaction():
        db.session().get_one(Case, receipt.case).reader_contested_at = clock.now()


APART: list[tuple[Apart, dict[str, str], Callable[[Staff, Receipt], None] | None]] = [
    (Apart.LANGUAGE, {"language": "en"}, None),
    (Apart.PROTECTED, {"name": "Yusuf Ali", "email": "yusuf@exempel.se"}, protect),
    (Apart.HIDDEN, {"name": "Yusuf Ali", "email": "yusuf@exempel.se"}, hide),
    (Apart.CONTESTED, {"email": "yusuf@exempel.se"}, contest),
]


@pytest.mark.parametrize(("why", "given", "then"), APART, ids=[row[0] for row in APART])
def test_some_are_never_answered_by_themselves_and_are_on_their_own_when_the_others_are(
    officer: Staff,
    kept: Receipt,
    why: Apart,
    given: dict[str, str],
    then: Callable[[Staff, Receipt], None] | None,
) -> None:
    first, usual = member_of(officer, kept, **given), member_of(officer, kept)
    if then:
        then(officer, first)
    group = answers.recipients(officer, factories.case(kept))
    assert [(each.case.id, each.apart) for each in group] == [(first.case, why), (usual.case, None)]
    due = factories.case(first).due_answer
    factories.act(handling.answer, officer, kept, "Klart.")
    assert is_alone(first)
    assert (factories.case(first).due_answer, factories.case(first).answered_at) == (due, None)
    assert factories.case(usual).status is Status.ANSWERED
    # Still found from the case that it waited for.
    assert [case.id for _how, case in related_cases(officer, factories.case(kept))] == [
        *(first.case, usual.case)
    ]


def test_a_sender_who_was_answered_in_their_own_case_does_not_get_the_other_answer(
    officer: Staff, kept: Receipt
) -> None:
    first = member_of(officer, kept)
    assert Action.ANSWER in allowed_actions(officer, factories.case(first))
    factories.act(handling.answer, officer, first, "Ett eget svar.")
    assert factories.case(kept).group_due is None
    factories.act(handling.answer, officer, kept, "Klart.")
    assert last(first) == "Ett eget svar."


@pytest.mark.parametrize(
    "text",
    ["Yusuf hade rätt.", "Som Alis granne sade.", "Vi har ringt 070-174 06 05.", "Se även KB-2026-000002."],
)
def test_a_text_that_names_a_sender_to_another_is_sent_only_when_confirmed(
    officer: Staff, kept: Receipt, text: str
) -> None:
    first = member_of(officer, kept, name="Yusuf Ali", reply_by="sms", phone="+46701740605")
    other = member_of(officer, kept)
    with pytest.raises(NamesSender) as refused:
        factories.act(handling.answer, officer, kept, text)
    assert refused.value.words
    assert [factories.case(each).status for each in (kept, first, other)] == [
        *(Status.RECEIVED, Status.IN_PROGRESS, Status.IN_PROGRESS)
    ]
    factories.act(handling.answer, officer, kept, text, confirmed=True)
    assert factories.case(other).status is Status.ANSWERED


def test_a_greeting_names_nobody_else(officer: Staff, kept: Receipt) -> None:
    member_of(officer, kept, name="Maja Berg", email="berg@exempel.se")
    factories.act(handling.answer, officer, kept, ANSWER)
    assert factories.case(kept).status is Status.ANSWERED


def test_the_name_of_a_protected_sender_is_not_said_when_it_is_refused(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept, name="Yusuf Ali", email="yusuf@exempel.se")
    member_of(officer, kept)
    protect(officer, first)
    with pytest.raises(NamesSender) as refused:
        factories.act(handling.answer, officer, kept, "Yusuf och Maja hade rätt.")
    assert refused.value.words == ["Maja"]


def test_a_text_to_one_alone_may_name_them(officer: Staff, kept: Receipt) -> None:
    factories.act(handling.answer, officer, kept, "Hej Maja Ek. Vi ringde dig.")
    assert factories.case(kept).status is Status.ANSWERED


def problem(officer: Staff, first: Receipt, second: Receipt) -> MergeProblem:
    with pytest.raises(WrongCase) as refused:
        pair(merging.merge, officer, first, second, WORD)
    assert factories.case(first).merged_into_id != second.case
    return refused.value.problem


def test_a_merge_into_what_gives_no_answer_is_refused_and_says_why(officer: Staff, kept: Receipt) -> None:
    first = factories.send_in()
    assert problem(officer, first, first) is MergeProblem.ITSELF
    member = member_of(officer, kept)
    assert problem(officer, first, member) is MergeProblem.MERGED
    assert problem(officer, kept, first) is MergeProblem.HAS_MEMBERS
    factories.act(handling.answer, officer, kept, "Klart.")
    assert problem(officer, first, kept) is MergeProblem.ANSWERED
    factories.act(handling.close, officer, kept)
    assert problem(officer, first, kept) is MergeProblem.CLOSED


def test_a_withdrawn_case_answers_nobody(officer: Staff, kept: Receipt) -> None:
    factories.act(sender_actions.withdraw, factories.sender(kept), kept)
    assert problem(officer, factories.send_in(), kept) is MergeProblem.CLOSED


@pytest.mark.parametrize("secret", [0, 1])
def test_no_answer_crosses_a_mark_of_secrecy(officer: Staff, kept: Receipt, secret: int) -> None:
    both = [factories.send_in(), kept]
    factories.act(secrecy.mark_secrecy, officer, both[secret], "halsa")
    assert problem(officer, *both) is MergeProblem.SECRECY


def test_a_request_for_a_public_record_is_answered_by_itself(officer: Staff, kept: Receipt) -> None:
    first = factories.send_in()
    do(Action.FLAG_RECORD, officer, kept)
    assert problem(officer, first, kept) is MergeProblem.RECORD


def transfer(officer: Staff, kept: Receipt) -> None:
    do(Action.TRANSFER, officer, kept)


def redirect(officer: Staff, kept: Receipt) -> None:
    do(Action.REDIRECT, officer, kept)


def withdraw(_officer: Staff, kept: Receipt) -> None:
    factories.act(sender_actions.withdraw, factories.sender(kept), kept)


def mark(officer: Staff, kept: Receipt) -> None:
    factories.act(secrecy.mark_secrecy, officer, kept, "halsa")


def to_another_board(officer: Staff, kept: Receipt) -> None:
    unit = organisation.unit("aldre")
    factories.act(routing.hand_over, officer, kept, unit, HandoverGround.CONSENT)


@pytest.mark.parametrize("end", [transfer, redirect, withdraw, mark, to_another_board])
def test_nobody_is_forgotten_when_the_case_that_they_wait_for_gives_no_answer(
    officer: Staff, kept: Receipt, end: Callable[[Staff, Receipt], None]
) -> None:
    first = member_of(officer, kept)
    due = factories.case(first).due_answer
    end(officer, kept)
    assert is_alone(first)
    assert factories.case(first).due_answer == due
    assert told(first)[-1] == "GroupLeft"
    assert factories.case(kept).group_due is None


def test_what_one_sender_does_is_not_in_the_trail_of_another(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    withdraw(officer, kept)
    assert [entry.actor_kind for entry in factories.entries(first)][-1] == "system"


def test_within_its_authority_a_case_is_handed_over_with_its_group(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    factories.act(routing.hand_over, officer, kept, organisation.unit("gata"))
    assert factories.case(first).merged_into_id == kept.case
    registrar = factories.member("eva", Role.REGISTRAR, None)
    factories.act(handling.answer, registrar, kept, "Klart.")
    assert last(first) == "Klart."


def test_a_case_that_the_officer_cannot_see_is_left_to_who_can(officer: Staff, kept: Receipt) -> None:
    first = factories.send_in(category="gator")
    registrar = factories.member("eva", Role.REGISTRAR, None)
    pair(merging.merge, registrar, first, kept, WORD)
    assert answers.recipients(officer, factories.case(kept)) == []
    factories.act(handling.answer, officer, kept, "Klart.")
    assert is_alone(first)


def test_a_sender_who_writes_is_on_their_own_with_the_first_promise(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    due = factories.case(first).due_answer
    do(Action.REPLY, factories.sender(first), first, "Nej, det är en annan lekplats.")
    assert is_alone(first)
    assert (factories.case(first).due_answer, factories.case(kept).group_due) == (due, None)
    assert told(first)[-2:] == ["GroupLeft", "ReplyReceived"]


def test_a_sender_who_withdraws_is_not_answered(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    do(Action.WITHDRAW, factories.sender(first), first)
    factories.act(handling.answer, officer, kept, "Klart.")
    assert factories.case(first).close_reason is CloseReason.WITHDRAWN
    assert last(first) == WORD


def test_a_sender_who_is_not_satisfied_has_their_own_case_back(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    factories.act(handling.answer, officer, kept, "Klart.")
    do(Action.NOT_SATISFIED, factories.sender(first), first, "Den är inte lagad.")
    assert is_alone(first)
    assert factories.case(first).unsatisfied
    assert factories.case(kept).status is Status.ANSWERED


def test_a_merge_undone_after_the_answer_leaves_the_case_answered(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    factories.act(handling.answer, officer, kept, "Klart.")
    factories.act(merging.unmerge, officer, first)
    case = factories.case(first)
    assert (case.status, case.merged_into_id) == (Status.ANSWERED, None)
    assert case.answered_at


@pytest.mark.parametrize("action", [Action.MERGE, Action.HAND_OVER, Action.SPLIT, Action.FLAG_RECORD])
def test_what_belongs_to_a_case_on_its_own_is_not_done_while_it_waits(
    officer: Staff, kept: Receipt, action: Action
) -> None:
    first = member_of(officer, kept)
    with pytest.raises(NotAllowed):
        do(action, officer, first)
    assert factories.case(first).merged_into_id == kept.case


def test_the_answer_is_in_the_register_of_each_case(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    factories.act(handling.answer, officer, kept, "Klart.")
    message = queries.messages(officer, factories.case(first))[-1]
    assert (message.direction, message.author_id) == (Direction.OUT, officer.membership)
    stored = factories.case(first).messages[-1]
    assert stored.board_id == factories.case(first).responsible_board_id


def test_the_names_of_files_name_a_sender_to_another_too(officer: Staff, kept: Receipt) -> None:
    member_of(officer, kept, name="Yusuf Ali", email="yusuf@exempel.se")
    files = ["samtal_med_Yusuf_Ali.pdf", "Maja Ek pekar på hålet"]
    with pytest.raises(NamesSender) as refused:
        factories.act(handling.answer, officer, kept, ANSWER, attached=files)
    assert (refused.value.words, refused.value.files) == (["Yusuf", "Ali", "Maja", "Ek"], True)


def test_what_is_in_the_files_of_an_answer_to_several_is_asked_about(officer: Staff, kept: Receipt) -> None:
    first = member_of(officer, kept)
    with pytest.raises(NamesSender) as refused:
        factories.act(handling.answer, officer, kept, ANSWER, attached=["ritning.pdf"])
    assert (refused.value.words, refused.value.files) == ([], True)
    factories.act(handling.answer, officer, kept, ANSWER, attached=["ritning.pdf"], confirmed=True)
    assert factories.case(first).status is Status.ANSWERED


def test_the_files_of_an_answer_to_one_alone_are_not_asked_about(officer: Staff, kept: Receipt) -> None:
    factories.act(handling.answer, officer, kept, ANSWER, attached=["Maja Ek.pdf"])
    assert factories.case(kept).status is Status.ANSWERED
