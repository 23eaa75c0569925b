"""Full-text search of cases. What the actor may not see is neither matched, counted nor shown."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from math import log

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import joinedload

from portal.cases import parties
from portal.cases.enums import Direction, Piece
from portal.cases.models import Case, Message, Party
from portal.cases.search import analysis
from portal.cases.search import index as search_index
from portal.cases.search.analysis import Match, Term
from portal.cases.search.index import matches_term, open_sender
from portal.cases.search.models import SearchText
from portal.cases.search.snippets import Snippet, snippet
from portal.cases.visibility import hidden_messages, message_visible_to, visible_to
from portal.db import session
from portal.identity.actors import Actor

MAX_SIMILAR = 5
# Similar cases: at most this many words are compared, each of at least this many letters and in fewer cases
# than this (a more common word tells nothing), and this many of them must be shared.
MAX_STEMS = 12
MIN_LETTERS = 4
TOO_COMMON = 200
MIN_SHARED = 2
COMMON = frozenset(map(analysis.stem, analysis.STOP))


def matching(actor: Actor, words: str) -> ColumnElement[bool]:
    """The condition that a case has all the words in what the actor may read of it.

    Always combine it with visible_to().
    """
    terms = analysis.parse(words).terms
    # A subquery for each term: the words may be in different texts of the case.
    conditions = []
    for term in terms:
        rows = select(SearchText.case_id).where(matches_term(term), _readable(actor))
        conditions.append(Case.id.in_(rows))
    return and_(*conditions) if conditions else false()


def _readable(actor: Actor) -> ColumnElement[bool]:
    """The condition that a row of the index is no part of a message that is hidden from the actor."""
    # Few messages are hidden, and they have an index of their own.
    hidden = hidden_messages(actor).where(Message.id == SearchText.message_id).correlate(SearchText)
    return not_(hidden.exists())


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
    return query.where(matches_term(alternatives), _readable(actor)).group_by(
        SearchText.case_id, SearchText.piece
    )


def _bodies(messages: Sequence[int]) -> dict[int, str]:
    if not messages:
        return {}
    rows = session().execute(select(Message.id, Message.body).where(Message.id.in_(messages)))
    return {row.id: row.body for row in rows}


def similar_cases(actor: Actor, case: Case) -> Sequence[Case]:
    """Other cases that share rare words with this one, most similar first; at most MAX_SIMILAR."""
    score: dict[int, float] = defaultdict(float)
    shared: Counter[int] = Counter()
    for holders in _holders(actor, case, _specific_stems(actor, case)):
        if len(holders) >= TOO_COMMON:
            continue
        for other in holders:
            # Inverse document frequency: the rarer a shared word, the more it says.
            score[other] += log(TOO_COMMON / len(holders))
            shared[other] += 1
    candidates = [other for other in score if shared[other] >= MIN_SHARED]
    candidates.sort(key=lambda other: (-score[other], -other))
    best = candidates[:MAX_SIMILAR]
    cases = {row.id: row for row in session().scalars(_newest(actor, Case.id.in_(best)))}
    return [cases[other] for other in best if other in cases]


def _specific_stems(actor: Actor, case: Case) -> list[str]:
    """The most specific stems of a case: those of its subject, then the longest of its first message."""
    query = select(Message.body).join(Case, Message.case_id == Case.id)
    query = query.where(message_visible_to(actor), Case.id == case.id, Message.direction == Direction.IN)
    body = session().scalar(query.order_by(Message.id).limit(1)) or ""
    longest = sorted(_stems(body), key=lambda stem: (-len(stem), stem))
    return list(dict.fromkeys([*_stems(case.internal_subject), *longest]))[:MAX_STEMS]


def _stems(text: str) -> list[str]:
    stems = []
    for word in analysis.words(analysis.clean(text)):
        # Numbers are left out: equal dates and house numbers do not make cases similar.
        if len(word.stem) >= MIN_LETTERS and word.stem.isalpha() and word.stem not in COMMON:
            stems.append(word.stem)
    return stems


def _holders(actor: Actor, case: Case, stems: Sequence[str]) -> list[set[int]]:
    """For each stem, ids of the newest other cases that have it. One statement; senders are not searched."""
    queries = []
    for position, stem in enumerate(stems):
        rows = select(SearchText.case_id).join(Case, Case.id == SearchText.case_id)
        rows = rows.where(matches_term((Match((stem,)),)), SearchText.piece != Piece.PARTY)
        rows = rows.where(visible_to(actor), _readable(actor))
        newest = rows.where(Case.id != case.id).order_by(SearchText.id.desc()).limit(TOO_COMMON).subquery()
        queries.append(select(literal(position).label("position"), newest.c.case_id))
    if not queries:
        return []
    holders: dict[int, set[int]] = defaultdict(set)
    for position, other in session().execute(union_all(*queries)):
        holders[position].add(other)
    return list(holders.values())


def same_sender(actor: Actor, case: Case) -> Sequence[Case]:
    """Other cases of the same sender, newest first; at most MAX_SIMILAR. None if hidden or protected."""
    party = case.party
    if party is None or case.hide_sender or parties.is_protected(case):
        return []
    # Only what identifies a person: a name or a phone number can be shared by several.
    same: list[ColumnElement[bool]] = []
    if party.person_id is not None:
        same.append(Party.person_id == party.person_id)
    if party.identity_number_index is not None:
        same.append(Party.identity_number_index == party.identity_number_index)
    if not same:
        return []
    of_sender = exists().where(Party.id == Case.party_id, or_(*same), open_sender()).correlate(Case)
    return session().scalars(_newest(actor, Case.id != case.id, of_sender)).all()


def _newest(actor: Actor, *where: ColumnElement[bool]) -> Select[Case]:
    query = select(Case).where(visible_to(actor), *where).options(joinedload(Case.category))
    return query.order_by(Case.id.desc()).limit(MAX_SIMILAR)
