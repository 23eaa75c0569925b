"""What staff can do on a page is what the table lets them do, and every sentence about it can be said."""

import pytest

from portal.cases import events
from portal.cases.access import Capacity
from portal.cases.lifecycle import TABLE, Action
from portal.cases.permissions import BY_SOMEBODY_ELSE
from portal.web.backoffice.bulk.labels import WHY, WORDS, Why
from portal.web.backoffice.case.actions import DEEDS
from portal.web.backoffice.case.page import AT_THE_TOP, MORE
from portal.words.timeline import TIMELINE

STAFF = {row.action for row in TABLE if row.by is Capacity.HANDLER}
# What staff do with a case that is no form on its page: nothing yet.
ELSEWHERE: set[Action] = set()
TOLD = {"who": "Anna", "officer": "Samir", "unit": "Parkenheten"}


def test_every_deed_is_an_action_that_staff_may_do() -> None:
    assert {Action(name) for name in DEEDS} <= STAFF


def test_every_action_of_staff_is_a_deed_or_named_as_something_else() -> None:
    assert {Action(name) for name in DEEDS} | ELSEWHERE == STAFF
    assert not {Action(name) for name in DEEDS} & ELSEWHERE


def test_every_deed_says_what_was_done_and_has_its_word() -> None:
    assert [name for name, deed in DEEDS.items() if not str(deed.saved).endswith(".")] == []


def test_what_may_be_done_with_many_has_its_words_for_one_and_for_several() -> None:
    assert set(WORDS) == {name for name, deed in DEEDS.items() if deed.many}
    assert set(WHY) == set(Why)


def test_what_the_page_lists_are_deeds() -> None:
    assert {*AT_THE_TOP, *MORE} <= set(DEEDS)


def test_what_is_done_by_somebody_else_is_done_by_staff() -> None:
    assert BY_SOMEBODY_ELSE <= STAFF


@pytest.mark.parametrize("event", TIMELINE, ids=lambda event: event.__name__)
def test_every_sentence_of_the_timeline_can_be_said(event: type[events.CaseEvent]) -> None:
    sentence = TIMELINE[event]
    for text in (sentence.staff, sentence.sender):
        said = str(text) % TOLD if text else ""
        assert "%" not in said
