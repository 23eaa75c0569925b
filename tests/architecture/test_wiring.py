"""Every event is wired and told, every message can be written, every word of the code has a Swedish one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask

from portal.cases import events
from portal.cases.authority.rules import GroundProblem
from portal.cases.enums import (
    BarKind,
    Channel,
    ForWhom,
    HandoverGround,
    Kind,
    MeasureKind,
    MeasureState,
    ReaderChange,
    ReplyBy,
    TaskKind,
    VerifiedReader,
)
from portal.cases.events import bars as bar_events
from portal.cases.events import handovers, messages, next_steps, registration
from portal.cases.improvements.rules import EntryKind, ImprovementProblem, ImprovementState
from portal.cases.lifecycle import TABLE, CloseReason, Status
from portal.events import Event
from portal.identity.actors import Role
from portal.notifications.delivery_words import NAMES, STATES
from portal.notifications.models import State
from portal.notifications.rules import BOUND_TO_ADDRESS, MESSAGES, NEW_CODE, NOTICE
from portal.notifications.staff import mail
from portal.notifications.staff import words as staff_words
from portal.notifications.staff.rules import MailChoice, NoticeKind
from portal.organisation.profile import EXTENSIBLE_MESSAGES
from portal.web.backoffice.improvements import labels as improvement_labels
from portal.wiring import LISTENERS
from portal.words import labels
from portal.words.kinds import KINDS
from portal.words.timeline import BY_NAME, TIMELINE
from tests.architecture.tree import TEMPLATES

# What happens to a code or a task, or follows from another case, is no step in the life of a case, so these
# stand in no arrow.
BESIDE_THE_TABLE = {
    # The end of a case that who registered it has answered at once.
    registration.ClosedAtFirstContact,
    # A handover in the table whose destination is another authority, and one that the profile makes.
    handovers.CaseHandedToAuthority,
    handovers.CaseFollowedUnit,
    # The day of a next step that is sent to the sender too.
    next_steps.NextStepShared,
    events.AdoptedCodeRequested,
    bar_events.BarsCopied,
    events.CodeLinkRequested,
    events.CodeReplaced,
    events.TaskFinished,
    messages.MessageResent,
}
WORDS: list[tuple[type[StrEnum], Mapping[Any, Any]]] = [
    (Status, labels.STATUS),
    (CloseReason, labels.CLOSE_REASON),
    (Role, labels.ROLE),
    (NoticeKind, staff_words.KINDS),
    (MailChoice, staff_words.CHOICES),
    # The place of a registrar says it all.
    (Role, labels.AUTHOR_ROLE | {Role.REGISTRAR: labels.ROLE[Role.REGISTRAR]}),
    (Kind, KINDS),
    (Channel, labels.CHANNEL),
    (ReplyBy, labels.REPLY_BY),
    (ReplyBy, labels.REPLY_HINT),
    (TaskKind, labels.TASK),
    (ReaderChange, labels.READER_CHANGE),
    (HandoverGround, labels.HANDOVER_GROUND),
    (GroundProblem, labels.GROUND_PROBLEM),
    (VerifiedReader, labels.VERIFIED_READER),
    (BarKind, labels.BAR),
    (ImprovementState, improvement_labels.STATES),
    (ImprovementProblem, improvement_labels.PROBLEMS),
    (EntryKind, improvement_labels.ENTRIES),
    (MeasureKind, labels.MEASURE_KIND),
    (MeasureState, labels.MEASURE_STATE),
    (ForWhom, labels.FOR_WHOM),
    (ForWhom, labels.REPRESENTED),
    (State, STATES),
]


def kinds_of(event: type[Event]) -> set[type[Event]]:
    """Every class of events below one that is published itself."""
    below = event.__subclasses__()
    return {event} if not below else {each for one in below for each in kinds_of(one)}


EVENTS = kinds_of(events.CaseEvent)


def test_there_are_events_to_look_at() -> None:
    assert {events.CaseReceived, events.CodeLinkRequested} < EVENTS


def test_every_event_is_wired_and_nothing_else_is() -> None:
    assert set(LISTENERS) == kinds_of(Event)


def test_every_event_of_a_case_goes_into_its_trail_first() -> None:
    first = {event: heard[0].__name__ for event, heard in LISTENERS.items()}
    assert {event for event, name in first.items() if name == "append_to_trail"} == EVENTS
    others = {name for event, name in first.items() if event not in EVENTS}
    assert others == {"append_to_security_log"}


def test_every_event_with_a_message_is_wired_to_the_outbox_and_no_other_is() -> None:
    queued = {
        event
        for event, heard in LISTENERS.items()
        if "enqueue_message" in [listener.__name__ for listener in heard]
    }
    assert queued == set(MESSAGES)


def test_every_event_has_its_line_for_sender_and_staff() -> None:
    assert set(TIMELINE) == EVENTS
    assert set(BY_NAME) == {event.__name__ for event in EVENTS}


def test_every_event_comes_from_the_transition_table_or_is_beside_it() -> None:
    assert {row.event for row in TABLE} | BESIDE_THE_TABLE == EVENTS
    assert not {row.event for row in TABLE} & BESIDE_THE_TABLE


@pytest.mark.parametrize("name", sorted({*MESSAGES.values(), NOTICE}))
@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
def test_every_message_has_its_templates(name: str, part: str) -> None:
    assert (TEMPLATES / "email" / name / part).is_file()


def test_every_message_but_the_link_to_a_new_code_has_its_text_message() -> None:
    # The link goes only to the address that stands on the case.
    written = {file.stem for file in (TEMPLATES / "sms").glob("*.txt")}
    assert written == (set(MESSAGES.values()) | {NOTICE}) - {NEW_CODE}


def test_no_folder_of_a_message_is_left_over() -> None:
    folders = {each.name for each in (TEMPLATES / "email").iterdir() if each.is_dir()}
    assert folders == set(MESSAGES.values()) | {NOTICE, mail.NOTICE, mail.DIGEST}


def test_a_profile_adds_to_every_message_but_those_about_who_reads_the_case() -> None:
    assert set(EXTENSIBLE_MESSAGES) == set(MESSAGES.values()) - BOUND_TO_ADDRESS


def test_every_message_has_its_words_in_a_list() -> None:
    assert set(NAMES) == set(MESSAGES.values()) | {NOTICE}


@pytest.mark.parametrize(("words", "table"), WORDS, ids=lambda one: getattr(one, "__name__", ""))
def test_every_word_of_the_code_has_its_swedish_word(words: type[StrEnum], table: Mapping[Any, Any]) -> None:
    assert set(table) == set(words)


def test_no_word_is_empty_and_no_two_of_a_kind_read_alike(app: Flask) -> None:
    with app.app_context():
        for words, table in WORDS:
            said = [str(getattr(table[each], "text", table[each])) for each in words]
            assert all(text.strip() for text in said), words
            assert len(said) == len(set(said)), f"{words.__name__}: {said}"
