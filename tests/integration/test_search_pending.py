"""The index of words is written after the sender's transaction, by the request or by the worker."""

from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.cases.actions import handling, protection
from portal.cases.intake.submission import submit
from portal.cases.models import Case
from portal.cases.search import index as search_index
from portal.cases.search import queries as search
from portal.cases.search.models import SearchPending, SearchText
from portal.cases.visibility import visible_to
from portal.identity.actors import System
from tests import factories

pytestmark = pytest.mark.usefixtures("inside")


def count(table: Any) -> int:
    db.close_read_session()
    return db.session().scalar(select(func.count()).select_from(table)) or 0


def finds(words: str) -> int:
    db.close_read_session()
    where = visible_to(System()), search.matching(System(), words)
    return len(db.session().scalars(select(Case.id).where(*where)).all())


def broken(_case: Case) -> None:
    raise ValueError("a text that no analysis can read")


def test_a_new_case_is_indexed_once_its_transaction_is_committed() -> None:
    with db.transaction():
        submit(factories.new_case(subject="Trasig gunga"))
        db.session().flush()
        rows = db.session().scalar(select(func.count()).select_from(SearchText))
        markers = db.session().scalar(select(func.count()).select_from(SearchPending))
    assert (rows, markers) == (0, 1)
    assert finds("gunga") == 1
    assert count(SearchPending) == 0


def test_a_case_that_is_not_committed_is_not_indexed() -> None:
    def fail() -> None:
        with db.transaction():
            submit(factories.new_case(subject="Trasig gunga"))
            raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert count(SearchPending) == count(SearchText) == 0


def test_what_cannot_be_indexed_is_sent_all_the_same_and_tried_again_by_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(search_index, "reindex", broken)
        factories.send_in(subject="Trasig gunga")
        assert search_index.index_pending() == 1
    assert (finds("gunga"), count(SearchPending)) == (0, 1)
    # Not each second, or the log would hold nothing else.
    assert search_index.index_pending() == 0
    later = clock.now() + search_index.RETRY_AFTER
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: later)
        assert search_index.index_pending() == 1
    assert (finds("gunga"), count(SearchPending)) == (1, 0)


def test_what_a_killed_process_has_left_is_indexed_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(search_index, "_index_now", lambda _case: None)
        case = factories.send_in(subject="Trasig gunga")
        factories.act(handling.note, factories.member(), case, "Ring entreprenören.")
    assert (finds("gunga"), count(SearchPending)) == (0, 2)
    assert search_index.index_pending() == 1
    assert (finds("gunga"), finds("entreprenören"), count(SearchPending)) == (1, 1, 0)


def test_one_transaction_leaves_many_cases_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "MAX_AT_ONCE", 2)
    with db.transaction():
        for number in range(4):
            submit(factories.new_case(subject=f"Trasig gunga {number}"))
    assert (finds("gunga"), count(SearchPending)) == (2, 2)
    assert search_index.index_pending() == 2
    assert finds("gunga") == 4


def test_a_sender_leaves_the_index_in_the_transaction_that_protects_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = factories.send_in(name="Anna Lindqvist", email="anna@exempel.se")
    monkeypatch.setattr(search_index, "_index_now", lambda _case: None)
    before = count(SearchText)
    factories.act(protection.protect, factories.member(), case)
    assert count(SearchText) < before


def test_only_a_transaction_can_promise_what_follows_it() -> None:
    with pytest.raises(RuntimeError):
        db.after_commit(print)
