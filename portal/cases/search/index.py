"""The full-text index: what it holds of a case, and how each database is queried.

It holds only what staff may search for: a sender who is protected, or hidden on the case, is left out.
"""

from collections.abc import Iterator, Sequence

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
)

from portal.cases import parties, reference_numbers
from portal.cases.enums import Piece
from portal.cases.models import Case, Message, Party, SearchText
from portal.cases.search import analysis
from portal.cases.search.analysis import Match, Term
from portal.db import engine, session, transaction
from portal.identity.models import Person
from portal.organisation import queries as organisation

CASES = 50
FTS = table("search_fts", column("rowid"), column("search_fts"))
SIMPLE: ColumnElement[str] = literal_column("'simple'::regconfig")


def reindex(case: Case) -> None:
    """Update the index of a case in this transaction; to be called after every change of its texts.

    Messages never change, so only those that are not indexed yet are read.
    """
    session().flush()
    of_case = SearchText.case_id == case.id
    before = session().execute(
        select(SearchText.piece, SearchText.stems).where(of_case, SearchText.message_id.is_(None))
    )
    now = [(piece, row) for piece, texts in _about(case) for row in analysis.stored(*texts)]
    if sorted(now) != sorted((piece, row) for piece, row in before):
        session().execute(delete(SearchText).where(of_case, SearchText.message_id.is_(None)))
        _add(case, [(piece, None, row) for piece, row in now])
    known = select(SearchText.message_id).where(of_case, SearchText.message_id.is_not(None))
    new = select(Message).where(Message.case_id == case.id, Message.id.not_in(known)).order_by(Message.id)
    said = [(each.id, row) for each in session().scalars(new) for row in analysis.stored(each.body)]
    _add(case, [(Piece.MESSAGE, message, row) for message, row in said])


def _about(case: Case) -> Iterator[tuple[Piece, Sequence[str]]]:
    number = reference_numbers.formatted(organisation.profile().number_prefix, case.year, case.number)
    subjects = dict.fromkeys((case.internal_subject, case.public_subject))
    yield Piece.SUBJECT, (*subjects, number, str(case.number))
    yield Piece.PARTY, sender(case)


def sender(case: Case) -> tuple[str, ...]:
    """The texts of the sender that may be searched for."""
    shown = parties.sender(case)
    return tuple(text for text in (shown.name, shown.email, shown.phone) if text)


def forget_protected() -> None:
    """Remove protected persons from the index; signing in can protect all cases of a person at once."""
    people = select(Person.id).where(Person.protected)
    theirs = select(Case.id).join(Party, Case.party_id == Party.id).where(Party.person_id.in_(people))
    gone = delete(SearchText).where(SearchText.piece == Piece.PARTY, SearchText.case_id.in_(theirs))
    session().execute(gone.execution_options(synchronize_session=False))


def open_sender() -> ColumnElement[bool]:
    """The condition that the sender may be shown: not hidden on the case, party and person not protected."""
    hidden = select(Person.id).where(Person.protected)
    nobody = or_(Party.person_id.is_(None), Party.person_id.not_in(hidden))
    return and_(Case.hide_sender.is_(False), Party.protected.is_(False), nobody)


def _add(case: Case, rows: Sequence[tuple[Piece, int | None, str]]) -> None:
    names = "case_id", "piece", "message_id", "stems"
    if rows:
        session().execute(
            insert(SearchText), [dict(zip(names, (case.id, *row), strict=True)) for row in rows]
        )


def matches_term(term: Term) -> ColumnElement[bool]:
    """The condition that an index row has a term. A sender who was hidden after indexing does not match."""
    if engine().dialect.name == "sqlite":
        held: ColumnElement[bool] = SearchText.id.in_(
            select(FTS.c.rowid).where(FTS.c.search_fts.match(" OR ".join(map(_for_sqlite, term))))
        )
    else:
        wanted = func.to_tsquery(SIMPLE, " | ".join(map(_for_postgresql, term)))
        held = func.to_tsvector(SIMPLE, SearchText.stems).bool_op("@@")(wanted)
    seen = exists().where(Case.id == SearchText.case_id, Case.party_id == Party.id, open_sender())
    return and_(held, or_(SearchText.piece != Piece.PARTY, seen.correlate(SearchText)))


def _for_sqlite(match: Match) -> str:
    return f'"{" ".join(map(analysis.code, match.stems))}"{" *" if match.begins else ""}'


def _for_postgresql(match: Match) -> str:
    return f"({' <-> '.join(map(analysis.code, match.stems))}{':*' if match.begins else ''})"


def fill() -> int:
    """Index the cases that are missing from the index, in batches; returns their number."""
    return _write(Case.id.not_in(select(SearchText.case_id)))


def rebuild() -> int:
    """Rebuild the index of every case, in batches while the portal runs; returns their number."""
    return _write(true(), anew=True)


def _write(wanted: ColumnElement[bool], anew: bool = False) -> int:
    """Index the selected cases in batches, one transaction each; returns their number."""
    count = last = 0
    while True:
        with transaction():
            query = select(Case).where(Case.id > last, wanted).order_by(Case.id).limit(CASES)
            cases = session().scalars(query.with_for_update(of=Case)).all()
            for each in cases:
                if anew:
                    session().execute(delete(SearchText).where(SearchText.case_id == each.id))
                reindex(each)
        if not cases:
            return count
        count, last = count + len(cases), cases[-1].id
