"""Full-text search of cases. What the actor may not see is neither matched, counted nor shown."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select

from portal.cases.enums import Piece
from portal.cases.models import Case, Message, Party
from portal.cases.search import analysis, lexemes
from portal.cases.search.analysis import Term
from portal.cases.search.criteria import (
    for_database,
    has_pattern,
    has_terms,
    in_index,
    open_sender,
    pattern_parameters,
    pattern_values,
    patterns,
    readable,
    shown_party,
)
from portal.cases.search.models import SearchCase, SearchText
from portal.cases.search.snippets import Snippet, snippet
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
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


class Hit(NamedTuple):
    """A part of a case with a search hit; `message` is the newest message with one."""

    case: int
    piece: Piece
    message: int | None
    unnamed: bool
    internal_subject: str
    public_subject: str


def excerpts(actor: Actor, cases: Collection[int], words: str) -> Mapping[int, Snippet]:
    """A snippet of each visible case with a hit, by case id; from its latest message if that has one."""
    terms = analysis.parse(words).terms
    texts = _texts(actor, cases, terms) if terms and cases else {}
    snippets = {}
    for case, (piece, text) in texts.items():
        if cut := snippet(piece, text, terms):
            snippets[case] = cut
    return snippets


def _texts(actor: Actor, cases: Collection[int], terms: Sequence[Term]) -> dict[int, tuple[Piece, str]]:
    """The text of each case to cut from: a message, else the sender, else the subject."""
    best = _best_hits(actor, cases, terms)
    bodies = _bodies([hit.message for hit in best.values() if hit.message])
    senders = _senders([hit.case for hit in best.values() if hit.piece is Piece.PARTY])
    texts = {}
    for case, hit in best.items():
        subject = f"{hit.internal_subject}\n{hit.public_subject}"
        parts = {Piece.MESSAGE: bodies.get(hit.message or 0), Piece.PARTY: senders.get(case)}
        texts[case] = (hit.piece, parts.get(hit.piece, subject) or "")
    return texts


# The parts of a case, the best to quote from first.
RANKED = (Piece.MESSAGE, Piece.PARTY, Piece.SUBJECT)


def _best_hits(actor: Actor, cases: Collection[int], terms: Sequence[Term]) -> dict[int, Hit]:
    # A term is a set of alternatives, so all of them together are one term.
    alternatives = tuple(dict.fromkeys(chain.from_iterable(terms)))
    values = scope_values(actor) | pattern_values([alternatives]) | {"cases": list(cases)}
    rows = session().execute(_hits(kind_of(actor), len(alternatives)), values)
    best: dict[int, Hit] = {}
    for hit in sorted(map(Hit._make, rows), key=lambda hit: RANKED.index(hit.piece)):
        # A protected or hidden sender may have signed a message with their name.
        if not (hit.unnamed and hit.piece is Piece.MESSAGE):
            best.setdefault(hit.case, hit)
    return best


@lru_cache(256)
def _hits(kind: ScopeKind, alternatives: int) -> Select[*tuple[Any, ...]]:
    """The parts of the given cases that match any of so many alternatives, with the newest such message."""
    to = parametrised(kind)
    [patterns] = pattern_parameters([alternatives])
    protected = exists().where(Party.id == Case.party_id, ~shown_party()).correlate(Case)
    unnamed = or_(Case.hide_sender, protected)
    message = func.max(SearchText.message_id)
    query = select(Case.id, SearchText.piece, message, unnamed, Case.internal_subject, Case.public_subject)
    query = query.join(SearchText, SearchText.case_id == Case.id)
    query = query.where(visible_to(to), Case.id.in_(bindparam("cases", expanding=True)))
    query = query.where(has_pattern(patterns), readable(to))
    return query.group_by(Case.id, SearchText.piece)


def _bodies(messages: Sequence[int]) -> dict[int, str]:
    if not messages:
        return {}
    return {row.id: row.body for row in session().execute(_messages(), {"messages": messages})}


@cache
def _messages() -> Select[int, str]:
    return select(Message.id, Message.body).where(Message.id.in_(bindparam("messages", expanding=True)))


def _senders(cases: Sequence[int]) -> dict[int, str]:
    """The searchable details of the senders of those cases whose hit is in them."""
    if not cases:
        return {}
    query = select(Case.id, Party.name, Party.email, Party.phone).join(Party, Party.id == Case.party_id)
    rows = session().execute(query.where(Case.id.in_(cases), open_sender()))
    return {case: "\n".join(filter(None, texts)) for case, *texts in rows}
