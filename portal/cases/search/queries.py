"""Full-text search of cases. What the actor may not see is neither matched, counted nor shown."""

from collections.abc import Mapping, Sequence
from itertools import chain

from sqlalchemy import ColumnElement, Select, and_, false, func, select

from portal.cases import parties
from portal.cases.enums import Piece
from portal.cases.models import Case, Message
from portal.cases.search import analysis, lexemes
from portal.cases.search import index as search_index
from portal.cases.search.analysis import Term
from portal.cases.search.criteria import (
    for_database,
    has_pattern,
    has_terms,
    in_index,
    patterns,
    readable,
)
from portal.cases.search.models import SearchCase, SearchText
from portal.cases.search.snippets import Snippet, snippet
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Actor


def matching(actor: Actor, words: str) -> ColumnElement[bool]:
    """The condition that a case has all the words in what the actor may read of it.

    Always combine it with visible_to(). It takes every case that has the words: hits() reads a page of them.
    """
    terms = analysis.parse(words).terms
    if not terms:
        return false()
    expression = for_database(lexemes.of_terms(terms))
    candidates = select(SearchCase.case_id).where(in_index(expression))
    return and_(Case.id.in_(candidates), *has_terms(actor, list(map(patterns, terms))))


def excerpts(actor: Actor, cases: Sequence[Case], words: str) -> Mapping[int, Snippet]:
    """A snippet of each visible case with a hit, by case id; from its latest message if that has one."""
    terms = analysis.parse(words).terms
    texts = _texts(actor, cases, terms) if terms and cases else {}
    snippets = {}
    for case, (piece, text) in texts.items():
        if cut := snippet(piece, text, terms):
            snippets[case] = cut
    return snippets


def _texts(actor: Actor, cases: Sequence[Case], terms: Sequence[Term]) -> dict[int, tuple[Piece, str]]:
    """The text of each case to cut from: a message, else the sender, else the subject.

    Only the subject for a protected or hidden sender, who may have signed a message with their name.
    """
    rows = session().execute(_hits(actor, [case.id for case in cases], terms)).all()
    newest = {(case, piece): message for case, piece, message in rows}
    bodies = _bodies([message for message in newest.values() if message])
    texts = {}
    for case in cases:
        unnamed = case.hide_sender or parties.is_protected(case)
        message = None if unnamed else newest.get((case.id, Piece.MESSAGE))
        if message:
            texts[case.id] = (Piece.MESSAGE, bodies[message])
        elif (case.id, Piece.PARTY) in newest:
            texts[case.id] = (Piece.PARTY, "\n".join(search_index.sender(case)))
        elif (case.id, Piece.SUBJECT) in newest:
            texts[case.id] = (Piece.SUBJECT, f"{case.internal_subject}\n{case.public_subject}")
    return texts


def _hits(actor: Actor, cases: Sequence[int], terms: Sequence[Term]) -> Select[int, Piece, int | None]:
    """The parts of these cases that have any of the terms, with the latest such message."""
    # A term is a set of alternatives, so all of them together are one term.
    alternatives = tuple(dict.fromkeys(chain.from_iterable(terms)))
    query = select(SearchText.case_id, SearchText.piece, func.max(SearchText.message_id))
    query = query.join(Case, Case.id == SearchText.case_id).where(visible_to(actor), Case.id.in_(cases))
    query = query.where(has_pattern(patterns(alternatives)), readable(actor))
    return query.group_by(SearchText.case_id, SearchText.piece)


def _bodies(messages: Sequence[int]) -> dict[int, str]:
    if not messages:
        return {}
    rows = session().execute(select(Message.id, Message.body).where(Message.id.in_(messages)))
    return {row.id: row.body for row in rows}
