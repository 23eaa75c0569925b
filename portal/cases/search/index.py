"""The full-text index: what it holds of a case, and how each database is queried.

It holds only what staff may search for: a sender who is protected, or hidden on the case, is left out.
It is written after the change of a case has been committed: what a text costs to analyse must neither delay
its sender nor hold the write lock of SQLite.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import (
    ColumnElement,
    and_,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    true,
    update,
)

from portal import clock, crypto
from portal.cases import parties
from portal.cases.enums import Piece
from portal.cases.models import Case, Message, Party
from portal.cases.search import analysis
from portal.cases.search.analysis import Match, Term
from portal.cases.search.models import SearchPending, SearchText
from portal.db import advisory_lock, after_commit, engine, session, transaction
from portal.identity.models import Person

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# Small batches: the rows of a batch are locked until it is committed.
BATCH = 50
# Cases of one transaction that its own process indexes.
MAX_AT_ONCE = 20
RETRY_AFTER = timedelta(minutes=5)
FTS = table("search_fts", column("rowid"), column("search_fts"))
SIMPLE: ColumnElement[str] = literal_column("'simple'::regconfig")


def mark_changed(case: Case) -> None:
    """Have a case indexed as soon as this transaction is committed; to be called when its texts change.

    The marker that is written now is for the worker, should this process not get that far.
    """
    session().flush()
    session().add(SearchPending(case_id=case.id))
    marked = session().info.setdefault("marked_for_index", set())
    marked.add(case.id)
    # The rest of many is left to the worker.
    if len(marked) <= MAX_AT_ONCE:
        after_commit(_index_now, case.id)


def _index_now(case_id: int) -> None:
    try:
        _index_marked(case_id)
    # What was sent is committed and acknowledged: the worker tries again.
    except Exception:
        log.exception("search.index_postponed")


def _index_marked(case_id: int) -> None:
    """Index a case and remove its markers, in a transaction of its own."""
    with transaction():
        _lock(case_id)
        # By id, since a marker that is written from now on is of a later change.
        markers = session().scalars(select(SearchPending.id).where(SearchPending.case_id == case_id)).all()
        case = session().get(Case, case_id)
        if markers and case:
            reindex(case)
            session().execute(delete(SearchPending).where(SearchPending.id.in_(markers)))


def index_pending() -> int:
    """Index the cases that are marked, at most BATCH; returns their number. For the worker."""
    due = or_(SearchPending.due_at.is_(None), SearchPending.due_at <= clock.now())
    query = select(SearchPending.case_id).where(due).group_by(SearchPending.case_id)
    with transaction():
        cases = session().scalars(query.order_by(func.min(SearchPending.id)).limit(BATCH)).all()
    for case_id in cases:
        try:
            _index_marked(case_id)
        # One case that cannot be indexed must not keep the others from it.
        except Exception:
            log.exception("search.index_failed")
            _postpone(case_id)
    return len(cases)


def _postpone(case_id: int) -> None:
    markers = update(SearchPending).where(SearchPending.case_id == case_id)
    with transaction():
        session().execute(markers.values(due_at=clock.now() + RETRY_AFTER))


def _lock(case_id: int) -> None:
    """Let one process at a time index a case: two would both index a message that neither sees indexed."""
    advisory_lock(crypto.fingerprint("search index", str(case_id)))


def reindex(case: Case) -> None:
    """Update the index of a case in this transaction.

    Messages never change, so only those that are not indexed yet are read.
    """
    session().flush()
    _lock(case.id)
    of_case = SearchText.case_id == case.id
    _reindex_details(case, of_case)
    indexed = select(SearchText.message_id).where(of_case, SearchText.message_id.is_not(None))
    new = select(Message).where(Message.case_id == case.id, Message.id.not_in(indexed)).order_by(Message.id)
    rows: list[tuple[Piece, int | None, str]] = []
    for message in session().scalars(new):
        for stems in analysis.stored(message.body):
            rows.append((Piece.MESSAGE, message.id, stems))
    _add(case, rows)


def _reindex_details(case: Case, of_case: ColumnElement[bool]) -> None:
    """Replace the rows of subject and sender, if they have changed."""
    query = select(SearchText.piece, SearchText.stems).where(of_case, SearchText.message_id.is_(None))
    before = [(piece, stems) for piece, stems in session().execute(query)]
    after: list[tuple[Piece, str]] = []
    for piece, texts in _details(case):
        for stems in analysis.stored(*texts):
            after.append((piece, stems))
    if sorted(after) == sorted(before):
        return
    session().execute(delete(SearchText).where(of_case, SearchText.message_id.is_(None)))
    _add(case, [(piece, None, stems) for piece, stems in after])


def _details(case: Case) -> Iterator[tuple[Piece, Sequence[str]]]:
    subjects = dict.fromkeys((case.internal_subject, case.public_subject))
    yield Piece.SUBJECT, (*subjects, case.reference, str(case.number))
    yield Piece.PARTY, sender(case)


def sender(case: Case) -> tuple[str, ...]:
    """The texts of the sender that may be searched for."""
    shown = parties.sender(case)
    return tuple(text for text in (shown.name, shown.email, shown.phone) if text)


def forget_sender(case: Case) -> None:
    """Remove the sender of a case from the index in this transaction."""
    of_sender = SearchText.piece == Piece.PARTY
    statement = delete(SearchText).where(SearchText.case_id == case.id, of_sender)
    session().execute(statement.execution_options(synchronize_session=False))


def forget_protected() -> None:
    """Remove protected persons from the index; signing in can protect all cases of a person at once."""
    people = select(Person.id).where(Person.protected)
    cases = select(Case.id).join(Party, Case.party_id == Party.id).where(Party.person_id.in_(people))
    statement = delete(SearchText).where(SearchText.piece == Piece.PARTY, SearchText.case_id.in_(cases))
    # Rows of the index are never loaded as objects, so there is nothing to synchronise.
    session().execute(statement.execution_options(synchronize_session=False))
    purge()


def purge() -> None:
    """Remove deleted words from the index itself: FTS5 keeps them, marked as deleted, until it merges."""
    # PostgreSQL clears them by VACUUM, which no transaction can run.
    if engine().dialect.name == "sqlite":
        session().execute(insert(FTS).values(search_fts="optimize"))


def open_sender() -> ColumnElement[bool]:
    """The condition that the sender may be shown: not hidden on the case, party and person not protected."""
    protected = select(Person.id).where(Person.protected)
    unprotected = or_(Party.person_id.is_(None), Party.person_id.not_in(protected))
    return and_(Case.hide_sender.is_(False), Party.protected.is_(False), unprotected)


def _add(case: Case, rows: Sequence[tuple[Piece, int | None, str]]) -> None:
    values = [
        {"case_id": case.id, "piece": piece, "message_id": message, "stems": stems}
        for piece, message, stems in rows
    ]
    # An INSERT with an empty list would insert one row of defaults.
    if values:
        session().execute(insert(SearchText), values)


def matches_term(term: Term) -> ColumnElement[bool]:
    """The condition that an index row has a term. A sender who was hidden after indexing does not match."""
    if engine().dialect.name == "sqlite":
        rows = select(FTS.c.rowid).where(FTS.c.search_fts.match(" OR ".join(map(_for_sqlite, term))))
        matches: ColumnElement[bool] = SearchText.id.in_(rows)
    else:
        query = func.to_tsquery(SIMPLE, " | ".join(map(_for_postgresql, term)))
        matches = func.to_tsvector(SIMPLE, SearchText.stems).bool_op("@@")(query)
    shown = exists().where(Case.id == SearchText.case_id, Case.party_id == Party.id, open_sender())
    return and_(matches, or_(SearchText.piece != Piece.PARTY, shown.correlate(SearchText)))


def _for_sqlite(match: Match) -> str:
    return f'"{" ".join(map(analysis.code, match.stems))}"{" *" if match.begins else ""}'


def _for_postgresql(match: Match) -> str:
    return f"({' <-> '.join(map(analysis.code, match.stems))}{':*' if match.begins else ''})"


def fill() -> int:
    """Index the cases that are missing from the index, in batches; returns their number."""
    return _index_batches(Case.id.not_in(select(SearchText.case_id)))


def rebuild() -> int:
    """Rebuild the index of every case, in batches while the portal runs; returns their number."""
    return _index_batches(true(), clear=True)


def _index_batches(condition: ColumnElement[bool], clear: bool = False) -> int:
    """Index the selected cases in batches, one transaction each; returns their number."""
    count = 0
    last = 0
    while True:
        with transaction():
            query = select(Case).where(Case.id > last, condition).order_by(Case.id).limit(BATCH)
            cases = session().scalars(query).all()
            for case in cases:
                _lock(case.id)
                if clear:
                    session().execute(delete(SearchText).where(SearchText.case_id == case.id))
                reindex(case)
        if not cases:
            return count
        count += len(cases)
        last = cases[-1].id
