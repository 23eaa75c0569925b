"""Tables by class of event: a kind has its own row, or that of its nearest base class."""

from portal.cases import events
from portal.cases.events import groups
from portal.events import Event, by_kind, kinds, nearest


def test_only_what_has_no_class_below_is_a_kind() -> None:
    answers = [events.CaseAnswered, events.CaseAnsweredAndClosed, events.CaseAnsweredOrally]
    answers += [groups.MemberAnswered, groups.MemberAnsweredAndClosed]
    assert sorted(kinds(events.AnswerEvent), key=str) == sorted(answers, key=str)
    assert list(kinds(events.NoteAdded)) == [events.NoteAdded]


def test_a_kind_has_its_own_row_or_that_of_its_nearest_base() -> None:
    table: dict[type[Event], str] = {
        events.MessageEvent: "message",
        events.AnswerEvent: "answer",
        events.CaseMerged: "merged",
    }
    rows = by_kind(table)
    assert rows[events.NoteAdded] == "message"
    assert rows[events.CaseAnsweredOrally] == "answer"
    assert rows[events.CaseMerged] == "merged"
    assert events.CaseClosed not in rows
    assert events.MessageEvent not in rows
    assert nearest(table, events.WrittenAnswerEvent) == "answer"
    assert nearest(table, events.CaseClosed) is None
