"""Search in a person's own cases: by the words of what they may read, never by what staff alone may.

Their cases are few, however many there are: the words are looked for in those alone, and not in the
full-text index, whose nearest hits are other people's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select

from portal.cases import queries
from portal.cases.enums import Piece
from portal.cases.models import Case, Message
from portal.cases.queries import OwnCase
from portal.cases.search import analysis
from portal.cases.search.analysis import Term
from portal.cases.search.criteria import (
    has_pattern,
    has_stems,
    pattern_parameters,
    pattern_values,
    readable,
)
from portal.cases.search.models import SearchText
from portal.cases.search.snippets import Snippet, snippet
from portal.cases.visibility import ScopeKind, kind_of, message_visible_to, parametrised, scope_values
from portal.db import session
from portal.identity.actors import Citizen


@dataclass(frozen=True)
class OwnHit:
    """A case that has the words, and the sentence of its newest message with one; None if its subject has."""

    case: OwnCase
    snippet: Snippet | None


def hits(actor: Citizen, words: str, limit: int) -> tuple[Sequence[OwnHit], bool]:
    """The newest of the actor's cases that have all the words, so many; and whether there are more."""
    terms = analysis.parse(words).terms
    if not terms:
        return [], False
    own_cases = queries.cases_of(actor)
    in_messages = _matches(actor, terms, [own.id for own in own_cases])
    matching = []
    for own in own_cases:
        of_messages = in_messages.get(own.id)
        in_subject = _in_subject(own.public_subject, terms)
        of_terms = of_messages.terms if of_messages else [False] * len(terms)
        if all(map(any, zip(of_terms, in_subject, strict=True))):
            matching.append((own, of_messages.message if of_messages else None))
    shown = matching[:limit]
    texts = _bodies(actor, [message for _own, message in shown if message])
    return [_hit(own, texts.get(message or 0), terms) for own, message in shown], len(matching) > limit


def _hit(own: OwnCase, text: str | None, terms: Sequence[Term]) -> OwnHit:
    return OwnHit(own, snippet(Piece.MESSAGE, text, terms) if text else None)


def _in_subject(subject: str, terms: Sequence[Term]) -> list[bool]:
    # Not by the index: it has the subject that staff see in the same rows.
    rows = analysis.stored(subject)
    return [any(has_stems(row, term) for row in rows) for term in terms]


@dataclass(frozen=True)
class Matches:
    """Which terms the messages of a case have, and the newest message with one."""

    terms: Sequence[bool]
    message: int


def _matches(actor: Citizen, terms: Sequence[Term], case_ids: Sequence[int]) -> Mapping[int, Matches]:
    shape = tuple(map(len, terms))
    values = scope_values(actor) | pattern_values(terms) | {"cases": list(case_ids)}
    rows = session().execute(_matching(kind_of(actor), shape), values)
    return {case_id: Matches(list(map(bool, flags)), message) for case_id, message, *flags in rows}


# Senders choose how many words they search for, and of how many terms each.
@lru_cache(256)
def _matching(kind: ScopeKind, shape: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    """For each case with any of the terms in a message: the newest such message, and a flag for each term."""
    to = parametrised(kind)
    conditions = [has_pattern(values) for values in pattern_parameters(shape)]
    flags = [func.max(case((condition, 1), else_=0)) for condition in conditions]
    query = select(SearchText.case_id, func.max(SearchText.message_id), *flags)
    query = query.join(Case, Case.id == SearchText.case_id).join(Message, Message.id == SearchText.message_id)
    # Of as many cases as are listed: the work is bounded for a person who has very many.
    listed = SearchText.case_id.in_(bindparam("cases", expanding=True))
    own = listed, message_visible_to(to), readable(to), SearchText.piece == Piece.MESSAGE
    every = [pattern for values in pattern_parameters(shape) for pattern in values]
    return query.where(*own, has_pattern(every)).group_by(SearchText.case_id)


def _bodies(actor: Citizen, messages: Sequence[int]) -> dict[int, str]:
    if not messages:
        return {}
    values = {"messages": list(messages), **scope_values(actor)}
    return {row.id: row.body for row in session().execute(_messages(kind_of(actor)), values)}


@cache
def _messages(kind: ScopeKind) -> Select[int, str]:
    own = Message.id.in_(bindparam("messages", expanding=True))
    query = select(Message.id, Message.body).join(Case, Message.case_id == Case.id)
    return query.where(own, message_visible_to(parametrised(kind)))
