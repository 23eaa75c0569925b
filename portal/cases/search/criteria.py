"""The conditions of a search: which cases may have its terms by the index, and which rows have them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    cast,
    column,
    exists,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from portal.cases.access import Scope, scope
from portal.cases.enums import Piece
from portal.cases.models import Case, Message, Party
from portal.cases.search import analysis, lexemes
from portal.cases.search.analysis import Match, Term
from portal.cases.search.models import SearchCase, SearchText
from portal.cases.visibility import hidden_messages
from portal.db import engine
from portal.identity.actors import Actor
from portal.identity.models import Person

FTS = table("search_fts", column("rowid"), column("search_fts"))
# As the index of migration 0033 has it.
VECTOR: ColumnElement[Any] = literal_column("array_to_tsvector(string_to_array(search_case.lexemes, ' '))")


def in_index(expression: Any) -> ColumnElement[bool]:
    """The condition that a row of search_case has an expression of lexemes, which may be a parameter."""
    value = literal(expression, Text) if isinstance(expression, str) else expression
    if engine().dialect.name == "sqlite":
        return SearchCase.case_id.in_(select(FTS.c.rowid).where(FTS.c.search_fts.match(value)))
    return VECTOR.bool_op("@@")(cast(value, TSQUERY))


def for_database(expression: str) -> str:
    """An expression of lexemes in the syntax of the database."""
    return lexemes.for_sqlite(expression) if engine().dialect.name == "sqlite" else expression


def within_scope(actor: Actor) -> str:
    """The expression that a case may be within the actor's scope; empty if it could be any case.

    It narrows the first selection only: visible_to() decides.
    """
    to = scope(actor)
    # Units alone: a reorganisation gives the units of many cases other boards, and the index knows none.
    others = (to.board, to.registry, to.administration, to.case, to.sender)
    if to.everything or to.unit is None or any(other is not None for other in others):
        return ""
    return lexemes.of_unit(to.unit)


def patterns(term: Term) -> list[str]:
    """The LIKE patterns of a term in the stems of a row, one for each alternative."""
    return list(map(_pattern, term))


def _pattern(match: Match) -> str:
    end = "" if match.begins else " "
    # Codes are ASCII letters and digits, so that none has a meaning of its own in a pattern.
    return f"% {' '.join(map(analysis.code, match.stems))}{end}%"


def has_stems(row: str, term: Term) -> bool:
    """Whether the stems of a row have a term: as has_pattern(), of a row that is not in the database."""
    return any(pattern.strip("%") in row for pattern in patterns(term))


def has_pattern(values: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that a row of search_text has one of the patterns, which may be parameters."""
    return or_(*(SearchText.stems.like(value) for value in values))


def readable(of: Actor | Scope) -> ColumnElement[bool]:
    """The condition that a row of the index is part of no message that is hidden from the actor.

    Nor of a sender who was hidden after indexing.
    """
    # Few messages are hidden, and they have an index of their own.
    hidden = hidden_messages(of).where(Message.id == SearchText.message_id).correlate(SearchText)
    # The offset keeps PostgreSQL from reading all hidden messages at once into a table to look them up in:
    # they grow with the cases, and only a page's rows are asked for.
    hidden = hidden.offset(literal_column("0"))
    shown = exists().where(Case.id == SearchText.case_id, Case.party_id == Party.id, open_sender())
    of_open_sender = or_(SearchText.piece != Piece.PARTY, shown.correlate(SearchText))
    return and_(of_open_sender, or_(SearchText.message_id.is_(None), not_(hidden.exists())))


def open_sender() -> ColumnElement[bool]:
    """The condition that the sender may be shown: not hidden on the case, and not protected."""
    return and_(Case.hide_sender.is_(False), shown_party())


def shown_party() -> ColumnElement[bool]:
    """The condition that neither a party nor its person is protected."""
    protected = exists().where(Person.id == Party.person_id, Person.protected).correlate(Party)
    return and_(Party.protected.is_(False), ~protected)


def has_terms(of: Actor | Scope, alternatives: Sequence[Sequence[Any]]) -> list[ColumnElement[bool]]:
    """The conditions that a case has each term, by its patterns, in what the actor may read of it."""
    # A subquery for each term: the words may be in different texts of the case.
    return [
        exists().where(SearchText.case_id == Case.id, has_pattern(values), readable(of)).correlate(Case)
        for values in alternatives
    ]


def pattern_parameters(shape: Sequence[int]) -> list[list[Any]]:
    """Parameters for the patterns of terms with these numbers of alternatives."""
    return [
        [bindparam(f"term_{term}_{number}", type_=Text) for number in range(count)]
        for term, count in enumerate(shape)
    ]


def pattern_values(terms: Sequence[Term]) -> dict[str, str]:
    """The values of pattern_parameters() for the terms."""
    values = {}
    for number, term in enumerate(terms):
        for position, pattern in enumerate(patterns(term)):
            values[f"term_{number}_{position}"] = pattern
    return values
