"""Cases that resemble one: of the same sender, and with the same rare words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload

from portal.cases import parties
from portal.cases.enums import Piece
from portal.cases.models import Case, Party
from portal.cases.search import analysis, lexemes
from portal.cases.search.criteria import for_database, in_index, open_sender, readable
from portal.cases.search.models import SearchCase, SearchFrequency, SearchText
from portal.cases.search.word_forms import fold, stem
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Actor

MAX_SIMILAR = 5
# Words of at least this many letters are compared, the rarest: at most so many, in so many cases together.
MIN_LETTERS = 4
MAX_WORDS = 12
MAX_HOLDERS = 2000
MIN_SHARED = 2
# Of the newest cases that share words, the best are read.
MAX_SCORED = 200
MAX_READ = 20
SAME_SUBJECT = 1.5
SAME_CATEGORY = 1.25
# Boilerplate of letters to a municipality, beside the stop words.
_BOILERPLATE = """
    hej hejsan hälsning hälsningar vänlig vänliga vänligen mvh tack tackar tacksam svar svara fråga
    frågor undrar undra skulle vill ville gärna gäller gällande kontakt kontakta kontaktar
    återkoppling återkom ärende ärendet kommun kommunen bra snälla hjälp hjälpa idag igår imorgon
    redan även finns göra gjort behöver behov brev mejl mail telefon ring skriver skickar problem
    saken flera länge också eftersom förväg handläggare
"""
BOILERPLATE = frozenset(analysis.code(stem(fold(word))) for word in (*_BOILERPLATE.split(), *analysis.STOP))


@dataclass
class Words:
    """The specific words of a case: of its subject, and of all its texts."""

    subject: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)


def similar_cases(actor: Actor, case: Case) -> Sequence[Case]:
    """Other cases that share rare words with this one, most similar first; at most MAX_SIMILAR."""
    scores = similarity(actor, case)
    best = sorted(scores, key=lambda other: (-scores[other], -other))[:MAX_SIMILAR]
    cases = {row.id: row for row in session().scalars(_newest(actor, Case.id.in_(best)))} if best else {}
    return [cases[other] for other in best if other in cases]


def similarity(actor: Actor, case: Case, of_topic: Collection[int] = ()) -> dict[int, float]:
    """How much other visible cases share with this one: those nearest in the index, and those of its topic.

    `of_topic` are the ids of cases of the same topic that are compared too. A case without anything in common
    is left out.
    """
    own = _words(actor, [case.id]).get(case.id)
    weights = _weights(own.texts) if own else {}
    if own is None or len(weights) < MIN_SHARED:
        return {}
    categories = _best_candidates(case, weights) | dict.fromkeys(of_topic, case.category_id)
    scores = {}
    for other, words in _words(actor, list(categories)).items():
        if score := _score(own, words, weights):
            same = case.category_id is not None and case.category_id == categories[other]
            scores[other] = score * (SAME_CATEGORY if same else 1)
    return scores


def _score(own: Words, other: Words, weights: Mapping[str, float]) -> float:
    """How much two cases share; 0 if it is too little, or nothing that the subject of either names.

    Two letters may have a sentence in common and be about different things.
    """
    shared = own.texts & other.texts & weights.keys()
    named = shared & (own.subject | other.subject)
    if len(shared) < MIN_SHARED or not named:
        return 0
    in_both = own.subject & other.subject
    return sum(weights[word] * (SAME_SUBJECT if word in in_both else 1) for word in shared)


def _words(actor: Actor, cases: Collection[int]) -> dict[int, Words]:
    """The words of cases in what the actor may read of their subjects and messages."""
    query = select(SearchText.case_id, SearchText.piece, SearchText.stems)
    query = query.join(Case, Case.id == SearchText.case_id)
    query = query.where(Case.id.in_(cases), visible_to(actor), readable(actor))
    query = query.where(SearchText.piece != Piece.PARTY)
    words: dict[int, Words] = {}
    for case_id, piece, stems in session().execute(query):
        of_case = words.setdefault(case_id, Words())
        telling = set(filter(_is_telling, stems.split()))
        of_case.texts |= telling
        if piece is Piece.SUBJECT:
            of_case.subject |= telling
    return words


def _is_telling(code: str) -> bool:
    # Numbers are left out: equal dates and house numbers do not make cases similar.
    letters = lexemes.LETTER.findall(code[1:])
    return len(letters) >= MIN_LETTERS and not any(map(str.isdigit, letters)) and code not in BOILERPLATE


def _weights(words: Iterable[str]) -> dict[str, float]:
    """The rarest of the words, each with how much it says: the rarer, the more."""
    checksums = {lexemes.checksum(word): word for word in words}
    query = select(SearchFrequency.word, SearchFrequency.cases).where(SearchFrequency.word.in_(checksums))
    counted: dict[int, int] = {row.word: row.cases for row in session().execute(query)}
    total = session().scalar(select(func.max(Case.id))) or 1
    rarest = sorted(checksums, key=lambda checksum: (counted.get(checksum, 0), checksums[checksum]))
    weights: dict[str, float] = {}
    holders = 0
    for checksum in rarest[:MAX_WORDS]:
        frequency = counted.get(checksum, 1)
        holders += frequency
        if holders > MAX_HOLDERS:
            break
        weights[checksums[checksum]] = log(1 + total / frequency)
    return weights


def _best_candidates(of: Case, weights: Mapping[str, float]) -> dict[int, int | None]:
    """The cases that share most in the index, with their topics: a first selection."""
    words = list(weights)
    pairs = [f"({word} & {lexemes.any_of(words[place:])})" for place, word in enumerate(words[:-1], 1)]
    query = select(SearchCase.case_id, SearchCase.lexemes)
    query = query.where(in_index(for_database(lexemes.any_of(pairs))), SearchCase.case_id != of.id)
    newest = query.order_by(SearchCase.case_id.desc()).limit(MAX_SCORED).subquery()
    padded = literal(" ") + newest.c.lexemes + literal(" ")
    score = sum(
        (case((padded.like(f"% {word} %"), weight), else_=0.0) for word, weight in weights.items()),
        start=literal(0.0),
    )
    best = select(newest.c.case_id, score.label("score")).order_by(score.desc(), newest.c.case_id.desc())
    chosen = best.limit(MAX_READ).subquery()
    rows = session().execute(select(Case.id, Case.category_id).join(chosen, chosen.c.case_id == Case.id))
    return {row.id: row.category_id for row in rows}


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
