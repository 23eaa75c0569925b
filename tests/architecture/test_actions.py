"""What staff can do on a page is what the table lets them do, and every sentence about it can be filled."""

import pytest

from portal.cases import events
from portal.cases.access import Capacity
from portal.cases.lifecycle import TABLE
from portal.cases.permissions import BY_ANOTHER_OFFICER
from portal.web.backoffice.bulk.labels import WHY, Why
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.case.actions.specs import DRAWN_APART, Place
from portal.words.timeline import TIMELINE
from tests.architecture.tree import TEMPLATES

STAFF = {row.action for row in TABLE if row.by is Capacity.HANDLER}
TOLD = {
    "who": "Anna",
    "officer": "Samir",
    "unit": "Parkenheten",
    "board": "Tekniska nämnden",
    "ground": "OSL 10:28",
    "provision": "OSL 26:1",
    "due": "fredag 18 december",
    "corrected": "ROSA-nivå 2 blev 3",
}


def test_every_action_of_staff_has_its_spec_and_nothing_else_has() -> None:
    assert set(SPECS) == STAFF


def test_every_spec_says_what_was_done() -> None:
    assert [action for action, spec in SPECS.items() if not str(spec.saved).endswith(".")] == []


def test_every_action_has_its_word_and_no_two_read_alike() -> None:
    labels = [str(spec.label) for spec in SPECS.values()]
    assert all(label.strip() for label in labels)
    assert len(labels) == len(set(labels))


def test_an_action_for_many_says_it_of_one_and_of_several() -> None:
    bulk = [spec.bulk for spec in SPECS.values() if spec.bulk]
    for words in bulk:
        for text in (words.heading, words.submit, words.done):
            assert text(1) != text(2)
    assert set(WHY) == set(Why)


def test_every_place_is_drawn() -> None:
    pages = (TEMPLATES / "backoffice" / name for name in ("case.html", "_case.html"))
    drawn = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert [place for place in set(Place) - DRAWN_APART if f"panels.{place}" not in drawn] == []


def test_what_is_done_by_somebody_else_is_done_by_staff() -> None:
    assert BY_ANOTHER_OFFICER <= STAFF


@pytest.mark.parametrize("event", TIMELINE, ids=lambda event: event.__name__)
def test_every_sentence_of_the_timeline_can_be_said(event: type[events.CaseEvent]) -> None:
    sentence = TIMELINE[event]
    for text in (sentence.staff, sentence.sender):
        said = str(text) % TOLD if text else ""
        assert "%" not in said
