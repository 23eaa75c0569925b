"""Full-text search of cases. What the actor may not see is neither matched, counted nor shown."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from portal.cases import parties
from portal.cases.enums import Direction, Piece
from portal.cases.models import Case, Message, Party, SearchText
from portal.cases.queries import visible_to
from portal.cases.search import analysis
from portal.cases.search import index as search_index
from portal.cases.search.analysis import Match, Term
from portal.cases.search.index import matches_term, open_sender
from portal.cases.search.snippets import Snippet, snippet
from portal.db import session
from portal.identity.actors import Actor

MAX_SIMILAR = 5
# Similar cases: at most this many words are compared, each of at least this many letters and in fewer cases
# than this (a more common word tells nothing), and this many of them must be shared.
TELLING, LETTERS_LEAST, EVERYWHERE, SHARED_LEAST = 12, 4, 200, 2
COMMON = frozenset(map(analysis.stem, analysis.STOP))


def matching(words: str) -> ColumnElement[bool]:
    """The condition that a case has all the words. Always combine it with visible_to()."""
    terms = analysis.parse(words).terms
    held = (Case.id.in_(select(SearchText.case_id).where(matches_term(term))) for term in terms)
    return and_(*held) if terms else false()


def excerpts(actor: Actor, cases: Sequence[Case], words: str) -> Mapping[int, Snippet]:
    """A snippet of each visible case with a hit, by case id; from its latest message if that has one."""
    terms = analysis.parse(words).terms
    found = _texts(actor, cases, terms) if terms and cases else {}
    cut = {case: snippet(piece, text, terms) for case, (piece, text) in found.items()}
    return {case: each for case, each in cut.items() if each}


def _texts(actor: Actor, cases: Sequence[Case], terms: Sequence[Term]) -> dict[int, tuple[Piece, str]]:
    """The text of each case to cut from: a message, else the sender, else the subject.

    Only the subject for a protected sender, who may have signed a message with their name.
    """
    subject_alone = {case.id for case in cases if parties.is_protected(case)}
    rows = session().execute(_hits(actor, [case.id for case in cases], terms)).all()
    newest = {(case, piece): message for case, piece, message in rows}
    bodies = _bodies([message for message in newest.values() if message])
    found = {}
    for case in cases:
        message = None if case.id in subject_alone else newest.get((case.id, Piece.MESSAGE))
        if message:
            found[case.id] = Piece.MESSAGE, bodies[message]
        elif (case.id, Piece.PARTY) in newest:
            found[case.id] = Piece.PARTY, "\n".join(search_index.sender(case))
        elif (case.id, Piece.SUBJECT) in newest:
            found[case.id] = Piece.SUBJECT, f"{case.internal_subject}\n{case.public_subject}"
    return found


def _hits(actor: Actor, cases: Sequence[int], terms: Sequence[Term]) -> Select[int, Piece, int | None]:
    """The parts of these cases that have any of the terms, with the latest such message."""
    any_of_them = tuple(dict.fromkeys(match for term in terms for match in term))
    query = select(SearchText.case_id, SearchText.piece, func.max(SearchText.message_id))
    query = query.join(Case, Case.id == SearchText.case_id).where(visible_to(actor), Case.id.in_(cases))
    return query.where(matches_term(any_of_them)).group_by(SearchText.case_id, SearchText.piece)


def _bodies(messages: Sequence[int]) -> dict[int, str]:
    query = select(Message.id, Message.body).where(Message.id.in_(messages))
    return {each.id: each.body for each in session().execute(query)} if messages else {}


def similar_cases(actor: Actor, case: Case) -> Sequence[Case]:
    """Other cases that share rare words with this one, most similar first; at most MAX_SIMILAR."""
    score: dict[int, float] = defaultdict(float)
    shared: Counter[int] = Counter()
    for holders in _holders(actor, case, _telling(actor, case)):
        for other in holders if len(holders) < EVERYWHERE else ():
            score[other] += log(EVERYWHERE / len(holders))
            shared[other] += 1
    likest = sorted(
        (other for other in score if shared[other] >= SHARED_LEAST), key=lambda o: (-score[o], -o)
    )
    found = {each.id: each for each in session().scalars(_some(actor, Case.id.in_(likest[:MAX_SIMILAR])))}
    return [found[other] for other in likest[:MAX_SIMILAR] if other in found]


def _telling(actor: Actor, case: Case) -> list[str]:
    """The most specific stems of a case: those of its subject, then the longest of its first message."""
    query = select(Message.body).join(Case, Message.case_id == Case.id)
    query = query.where(visible_to(actor), Case.id == case.id, Message.direction == Direction.IN)
    body = session().scalar(query.order_by(Message.id).limit(1)) or ""
    said = sorted(_words(body), key=lambda each: (-len(each), each))
    return list(dict.fromkeys([*_words(case.internal_subject), *said]))[:TELLING]


def _words(text: str) -> list[str]:
    found = (each.stem for each in analysis.words(analysis.clean(text)))
    return [each for each in found if len(each) >= LETTERS_LEAST and each.isalpha() and each not in COMMON]


def _holders(actor: Actor, case: Case, telling: Sequence[str]) -> list[set[int]]:
    """For each stem, ids of the newest other cases that have it. One statement; senders are not searched."""
    queries = []
    for place, stem in enumerate(telling):
        rows = select(SearchText.case_id).join(Case, Case.id == SearchText.case_id)
        rows = rows.where(matches_term((Match((stem,)),)), SearchText.piece != Piece.PARTY, visible_to(actor))
        newest = rows.where(Case.id != case.id).order_by(SearchText.id.desc()).limit(EVERYWHERE).subquery()
        queries.append(select(literal(place).label("place"), newest.c.case_id))
    found: dict[int, set[int]] = {}
    for place, other in session().execute(union_all(*queries)) if queries else ():
        found.setdefault(place, set()).add(other)
    return list(found.values())


def same_sender(actor: Actor, case: Case) -> Sequence[Case]:
    """Other cases of the same sender, newest first; at most MAX_SIMILAR. None if hidden or protected."""
    party = case.party
    if party is None or case.hide_sender or parties.is_protected(case):
        return []
    same = [
        column == value
        for column, value in (
            (Party.person_id, party.person_id),
            (Party.identity_number_index, party.identity_number_index),
        )
        if value is not None
    ]
    theirs = exists().where(Party.id == Case.party_id, or_(false(), *same), open_sender()).correlate(Case)
    return session().scalars(_some(actor, Case.id != case.id, theirs)).all() if same else []


def _some(actor: Actor, *where: ColumnElement[bool]) -> Select[Case]:
    query = select(Case).where(visible_to(actor), *where).options(joinedload(Case.category))
    return query.order_by(Case.id.desc()).limit(MAX_SIMILAR)
