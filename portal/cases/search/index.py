"""The full-text index: what it holds of a case, and how each database is queried.

It holds only what staff may search for: a sender who is protected, or hidden on the case, is left out.
It is written after the change of a case has been committed: what a text costs to analyse must neither delay
its sender nor hold the write lock of SQLite.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, text, true, update

from portal import clock, crypto
from portal.cases import parties
from portal.cases.enums import Kind, Piece
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case, Message, Party
from portal.cases.search import analysis, lexemes
from portal.cases.search.criteria import FTS
from portal.cases.search.models import SearchCase, SearchFrequency, SearchPending, SearchText
from portal.db import advisory_lock, after_commit, engine, session, transaction
from portal.identity.models import Person

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# Small batches: the rows of a batch are locked until it is committed.
BATCH = 50
# Cases of one transaction that its own process indexes.
MAX_AT_ONCE = 20
RETRY_AFTER = timedelta(minutes=5)
# The words of every case are counted up to this one, then those of one in SAMPLE: the words of all
# would be rows that all senders write to.
COUNTED = 1000
SAMPLE = 16
_COUNT = text(
    "INSERT INTO search_frequency (word, cases) VALUES (:word, :cases) "
    "ON CONFLICT (word) DO UPDATE SET cases = search_frequency.cases + :cases"
)


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


class Entry(NamedTuple):
    """A row of the index: a part of a text, of one message or of none."""

    piece: Piece
    message: int | None
    stems: str


def reindex(case: Case) -> None:
    """Update the index of a case in this transaction, whose caller has locked it.

    Messages never change, so only those that are not indexed yet are read.
    """
    session().flush()
    before = _entries(case)
    indexed = {entry.message for entry in before} - {None}
    of_messages = [entry for entry in before if entry.message]
    added = list(_message_entries(case, indexed))
    details = list(_detail_entries(case))
    if sorted(details) == sorted(entry for entry in before if not entry.message):
        _add(case, added)
    else:
        _delete_details(case, before)
        _add(case, [*details, *added])
    entries = [*details, *of_messages, *added]
    if before:
        _write_lexemes(case, entries)
    else:
        _add_lexemes(case, entries)


def _entries(case: Case) -> list[Entry]:
    query = select(SearchText.piece, SearchText.message_id, SearchText.stems)
    return [Entry(*row) for row in session().execute(query.where(SearchText.case_id == case.id))]


def _message_entries(case: Case, indexed: Collection[int | None]) -> Iterator[Entry]:
    query = select(Message.id, Message.body).where(Message.case_id == case.id, Message.id.not_in(indexed))
    for message_id, body in session().execute(query.order_by(Message.id)):
        for stems in analysis.stored(body):
            yield Entry(Piece.MESSAGE, message_id, stems)


def _detail_entries(case: Case) -> Iterator[Entry]:
    for piece, texts in _details(case):
        for stems in analysis.stored(*texts):
            yield Entry(piece, None, stems)


def _delete_details(case: Case, before: Sequence[Entry]) -> None:
    if before:
        of_case = SearchText.case_id == case.id
        session().execute(delete(SearchText).where(of_case, SearchText.message_id.is_(None)))


def _add_lexemes(case: Case, entries: Sequence[Entry]) -> None:
    values = {"case_id": case.id, "received_at": case.received_at, "lexemes": _lexemes(case, entries)}
    session().execute(insert(SearchCase).values(values))
    _count_words(case, [entry.stems for entry in entries if entry.piece is not Piece.PARTY])


def write_lexemes(case: Case) -> None:
    """Write the lexemes of a case from its rows in the index and from the case, if they have changed."""
    _write_lexemes(case, _entries(case))


def _write_lexemes(case: Case, entries: Sequence[Entry]) -> None:
    written = _lexemes(case, entries)
    differs = SearchCase.case_id == case.id, SearchCase.lexemes != written
    changed = update(SearchCase).where(*differs).values(lexemes=written)
    session().execute(changed.execution_options(synchronize_session=False))


def _lexemes(case: Case, entries: Sequence[Entry]) -> str:
    words = lexemes.of_rows(entry.stems for entry in entries)
    return " ".join(sorted({*words, *facets(case)}))


def facets(case: Case) -> Iterator[str]:
    """The lexemes of a case besides those of its words: its time and place, and whether it is open."""
    yield from lexemes.of_moment(case.received_at)
    yield from map(lexemes.of_unit, {case.handling_unit_id, case.responsible_unit_id})
    if case.status in OPEN:
        yield lexemes.OPEN


def _count_words(case: Case, rows: Sequence[str]) -> None:
    """Count the words of a new case, or of one in SAMPLE for as many."""
    weight = 1 if case.id <= COUNTED else SAMPLE
    if case.id % weight == 0:
        words = {lexemes.checksum(word) for word in " ".join(rows).split()}
        # In one order: two processes that count the same words would deadlock.
        session().execute(_COUNT, [{"word": word, "cases": weight} for word in sorted(words)])


def _details(case: Case) -> Iterator[tuple[Piece, Sequence[str]]]:
    subjects = dict.fromkeys((case.internal_subject, case.public_subject))
    # Only fault reports are asked for a place, and no other case reads one more row for it.
    location = case.location if case.kind is Kind.FAULT_REPORT else None
    places = (location.text,) if location and location.text else ()
    yield Piece.SUBJECT, (*subjects, case.reference, str(case.number), *places)
    yield Piece.PARTY, sender(case)


def sender(case: Case) -> tuple[str, ...]:
    """The texts of the sender that may be searched for."""
    shown = parties.sender(case)
    return tuple(text for text in (shown.name, shown.email, shown.phone) if text)


def forget_sender(case: Case) -> None:
    """Remove the sender of a case from the index in this transaction."""
    _lock(case.id)
    of_sender = SearchText.piece == Piece.PARTY
    statement = delete(SearchText).where(SearchText.case_id == case.id, of_sender)
    # Rows of the index are never loaded as objects, so there is nothing to synchronise.
    session().execute(statement.execution_options(synchronize_session=False))
    write_lexemes(case)


def forget_protected() -> None:
    """Remove protected persons from the index; signing in can protect all cases of a person at once."""
    people = select(Person.id).where(Person.protected)
    indexed = select(SearchText.case_id).where(SearchText.piece == Piece.PARTY)
    cases = select(Case).join(Party, Case.party_id == Party.id).where(Party.person_id.in_(people))
    for case in session().scalars(cases.where(Case.id.in_(indexed))).all():
        forget_sender(case)
    purge()


def purge() -> None:
    """Remove deleted words from the index itself: FTS5 keeps them, marked as deleted, until it merges."""
    # PostgreSQL clears them by VACUUM, which no transaction can run.
    if engine().dialect.name == "sqlite":
        session().execute(insert(FTS).values(search_fts="optimize"))


def _add(case: Case, entries: Sequence[Entry]) -> None:
    values = [
        {"case_id": case.id, "piece": entry.piece, "message_id": entry.message, "stems": entry.stems}
        for entry in entries
    ]
    # An INSERT with an empty list would insert one row of defaults.
    if values:
        # One statement for rows with and without a message.
        session().execute(insert(SearchText).execution_options(render_nulls=True), values)


def fill() -> int:
    """Index the cases that are missing from the index, in batches; returns their number."""
    return _index_batches(~exists().where(SearchCase.case_id == Case.id), clear=True)


def rebuild() -> int:
    """Rebuild the index of every case, in batches while the portal runs; returns their number."""
    with transaction():
        session().execute(delete(SearchFrequency))
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
                    session().execute(delete(SearchCase).where(SearchCase.case_id == case.id))
                reindex(case)
        if not cases:
            return count
        count += len(cases)
        last = cases[-1].id
