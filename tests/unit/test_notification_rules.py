"""Which event sends a letter, to whom, and how long to wait when it does not leave."""

import itertools

import pytest

from portal import clock
from portal.cases import events
from portal.cases.enums import NotifyBy
from portal.cases.events import (
    correction,
    dates,
    feedback,
    groups,
    handovers,
    legal,
    messages,
    next_steps,
    registration,
)
from portal.identity.actors import Actor, Citizen, CodeHolder, Staff, System
from portal.notifications.rules import (
    MESSAGES,
    Medium,
    allows_answer_in_email,
    is_of_stranger,
    medium_for,
    same_recipient,
)
from portal.wiring import LISTENERS

LETTERS = [
    (events.CaseReceived, "received"),
    (registration.CaseRegistered, "received"),
    (events.CaseTaken, "being_handled"),
    (events.CaseAnswered, "answered"),
    (events.CaseAnsweredAndClosed, "answered"),
    (events.CaseAnsweredOrally, "answered_orally"),
    (events.CaseClosed, "closed"),
    (events.CodeLinkRequested, "new_code"),
    (events.CaseWithdrawn, "closed"),
    (events.SupplementRequested, "supplement"),
    (messages.SupplementReminded, "supplement_reminder"),
    (events.ReplyReceived, "reply_received"),
    (events.SupplementReceived, "reply_received"),
    (events.CaseReopened, "reply_received"),
    (messages.ReplyRecorded, "written_down"),
    (messages.SupplementRecorded, "written_down"),
    (messages.CaseReopenedByRecord, "written_down"),
    (events.RecordRequestFlagged, "record_request"),
    (events.SenderContacted, "contact"),
    (dates.DeadlineExtended, "later_date"),
    (dates.DeadlineRecounted, "later_date"),
    (next_steps.NextStepShared, "next_step"),
    (events.CaseTransferred, "closed"),
    (events.CaseRedirected, "closed"),
    (events.CaseMerged, "contact"),
    (events.CaseSplit, "split"),
    (groups.MemberAnswered, "answered"),
    (groups.MemberAnsweredAndClosed, "answered"),
    (groups.MemberClosed, "closed"),
    (handovers.CaseHandedToAuthority, "handed_over"),
    (legal.MatterPassedOn, "passed_on"),
    (events.CaseAdopted, "reader_changed"),
    (events.CodeReplaced, "reader_changed"),
    (events.AddressChanged, "reader_changed"),
    (events.AdoptedCodeRequested, "on_mina_sidor"),
    (events.ContactNamed, "contact_person"),
    (events.CaseTakenOver, "contact_person"),
    (events.CaseAssigned, "contact_person"),
    (events.SenderNotSatisfied, "taken_over"),
    (feedback.NoAnswerNeeded, "no_answer_needed"),
    (feedback.ImprovementShared, "improvement"),
    (correction.CaseReclassified, "answer_promised"),
]
SILENT = [
    *events.MeasureEvent.__subclasses__(),
    feedback.SenderThanked,
    events.NoteAdded,
    events.SupplementWaived,
    events.CallDocumented,
    events.CaseHandedOver,
    handovers.CaseFollowedUnit,
    events.CaseUnmerged,
    groups.GroupLeft,
    events.CasesRelated,
    events.RelationEnded,
    messages.UnverifiedReplyRecorded,
    events.CaseReopenedByStaff,
    events.ReaderContested,
    events.ReaderRestored,
    events.SenderProtected,
    events.SenderUnprotected,
]


@pytest.mark.parametrize(("event", "name"), LETTERS)
def test_what_the_sender_is_told_of_has_its_letter(event: type[events.CaseEvent], name: str) -> None:
    assert MESSAGES[event] == name


@pytest.mark.parametrize("event", SILENT)
def test_what_only_concerns_staff_or_comes_from_the_sender_has_none(event: type[events.CaseEvent]) -> None:
    assert event not in MESSAGES


def test_messages_travel_by_the_one_way_that_the_sender_chose() -> None:
    ways = {NotifyBy.EMAIL: Medium.EMAIL, NotifyBy.SMS: Medium.SMS, NotifyBy.NONE: None}
    assert {way: medium_for(way) for way in NotifyBy} == ways


def test_every_other_event_is_a_message_to_the_sender_or_has_no_letter() -> None:
    for event in set(LISTENERS) - {event for event, _name in LETTERS} - set(SILENT):
        usual = "contact" if issubclass(event, events.SenderMessageEvent) else None
        assert MESSAGES.get(event) == usual


@pytest.mark.parametrize(("allowed", "secret", "hidden"), list(itertools.product([True, False], repeat=3)))
def test_an_answer_stands_in_the_letter_only_if_allowed_and_nothing_is_to_be_hidden(
    allowed: bool, secret: bool, hidden: bool
) -> None:
    assert allows_answer_in_email(allowed, secret, hidden) is (
        (allowed, secret, hidden) == (True, False, False)
    )


@pytest.mark.parametrize(
    ("actor", "of_stranger"),
    [(CodeHolder(1), True), (Citizen(1), False), (Staff(1, membership=1), False), (System(), False)],
)
def test_a_message_is_of_a_stranger_when_nobody_has_signed_in(actor: Actor, of_stranger: bool) -> None:
    assert is_of_stranger(events.CaseReceived(case=1, at=clock.now(), actor=actor)) == of_stranger


def test_a_link_that_anyone_may_request_is_of_a_stranger() -> None:
    assert is_of_stranger(events.CodeLinkRequested(case=1, at=clock.now(), actor=System(), token="x"))


@pytest.mark.parametrize(
    "written", ["maja@exempel.se", "MAJA@Exempel.SE", "maja+1@exempel.se", "Maja+a+b@exempel.se"]
)
def test_one_recipient_is_one_however_the_address_is_written(written: str) -> None:
    assert same_recipient(Medium.EMAIL, written) == "maja@exempel.se"
