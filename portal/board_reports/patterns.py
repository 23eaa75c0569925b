"""What the cases of a board have in common in a period: words that grew, streets, and repeated senders.

Nothing here is of a case with secrecy, or whose sender is protected or hidden, or of a message that is marked
or that another authority has kept. A part of a split case has the texts of the whole, and is left out.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, not_, select

from portal import clock
from portal.board_reports.content import Growth, Shown
from portal.board_reports.word_counts import WordCounts, grown_words
from portal.cases import parties
from portal.cases.enums import Direction
from portal.cases.models import Case, CaseLocation, Message, Party
from portal.cases.search.criteria import shown_party
from portal.cases.search.word_forms import fold
from portal.cases.visibility import visible_to
from portal.db import session
from portal.formats import anonymisation
from portal.identity import queries as people
from portal.identity.actors import System
from portal.statistics.inside.rules import Hidden, Months, shown_count
from portal.statistics.rules import MIN_CASES

# More cases of a period are not read.
MAX_CASES = 20_000
ROWS = 1_000
# Of a text: what it is about is in its beginning.
MAX_SIGNS = 2_000
MIN_REPEATED = 3
MAX_PLACES = 10


class Patterns(NamedTuple):
    """The patterns of a period. `too_many`: it has too many cases, and none were looked for."""

    too_many: bool = False
    words: tuple[Growth, ...] = ()
    places: tuple[Growth, ...] = ()
    repeated_senders: Shown = Hidden.NONE


def patterns(actor: System, board: int, months: Months, compared: bool) -> Patterns:
    """The patterns of a board's cases. Not `compared`: no words, which are those that grew."""
    now = _open_cases(actor, board, months)
    before = _open_cases(actor, board, months.year_before()) if compared else None
    if _is_large(now) or (before is not None and _is_large(before)):
        return Patterns(too_many=True)
    names, repeated = _senders(now)
    words = _grown_words(now, before, names) if before is not None else ()
    return Patterns(False, words, _places(now, before), shown_count(repeated, exact=False))


def _open_cases(actor: System, board: int, months: Months) -> Select[int]:
    """Ids of the cases that came in and may be read here."""
    since = datetime.combine(months.first, time(), clock.STOCKHOLM)
    until = datetime.combine(months.last_day + timedelta(days=1), time(), clock.STOCKHOLM)
    query = select(Case.id).where(visible_to(actor), Case.responsible_board_id == board)
    query = query.where(Case.received_at >= since, Case.received_at < until)
    return query.where(Case.secrecy.is_(None), Case.split_from_id.is_(None), *_open_sender())


def _open_sender() -> list[ColumnElement[bool]]:
    # An anonymous sender has no party.
    protected = exists().where(Party.id == Case.party_id, not_(shown_party())).correlate(Case)
    return [Case.hide_sender.is_(False), not_(protected)]


def _is_large(cases: Select[int]) -> bool:
    some = cases.limit(MAX_CASES + 1).subquery()
    return (session().scalar(select(func.count()).select_from(some)) or 0) > MAX_CASES


def _senders(cases: Select[int]) -> tuple[frozenset[str], int]:
    """The folded names of senders, of whom they write for, and of staff; and how many senders are repeated.

    These are the persons and addresses that have sent at least three of the cases.
    """
    names = set(anonymisation.names(*(member.name for member in people.member_rows())))
    sent: Counter[str] = Counter()
    for sender in parties.traits(cases):
        names |= anonymisation.names(*sender.names)
        sent[sender.same] += 1
    # Those who cannot be recognised.
    del sent[""]
    return frozenset(map(fold, names)), sum(count >= MIN_REPEATED for count in sent.values())


def _grown_words(now: Select[int], before: Select[int], names: Collection[str]) -> tuple[Growth, ...]:
    grown = []
    for word in grown_words(_words(now), _words(before), names):
        count = shown_count(word.before, exact=False)
        grown.append(Growth(word.form, word.now, count))
    return tuple(grown)


def _words(cases: Select[int]) -> WordCounts:
    counts = WordCounts()
    for text in _texts(cases):
        counts.add(text)
    return counts


def _texts(cases: Select[int]) -> Iterator[str]:
    """The subject of each case with the beginning of its first text."""
    first = select(func.substr(Message.body, 1, MAX_SIGNS)).where(Message.case_id == Case.id)
    first = first.where(Message.direction == Direction.IN, Message.secrecy_provision.is_(None))
    first = first.where(Message.kept_by_board_id.is_(None)).order_by(Message.id).limit(1)
    query = select(Case.public_subject, first.correlate(Case).scalar_subquery())
    query = query.where(Case.id.in_(cases)).execution_options(yield_per=ROWS)
    for subject, body in session().execute(query):
        yield f"{subject}\n{body or ''}"


def _places(now: Select[int], before: Select[int] | None) -> tuple[Growth, ...]:
    """The streets with at least five cases, those with most first."""
    counts, names = _streets(now)
    earlier = _streets(before)[0] if before is not None else None
    places = []
    for street, count in counts.most_common(MAX_PLACES):
        if count >= MIN_CASES:
            shown = Hidden.NONE if earlier is None else shown_count(earlier[street], exact=False)
            places.append(Growth(names[street], count, shown))
    return tuple(places)


def _streets(cases: Select[int]) -> tuple[Counter[str], dict[str, str]]:
    """The number of cases of each street, by its key, and how most people write it."""
    count = func.count().label("cases")
    query = select(func.coalesce(CaseLocation.street, ""), func.coalesce(CaseLocation.street_name, ""), count)
    query = query.where(CaseLocation.case_id.in_(cases), CaseLocation.street.is_not(None))
    query = query.group_by(CaseLocation.street, CaseLocation.street_name)
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for street, name, number in session().execute(query.order_by(count.desc(), CaseLocation.street_name)):
        names.setdefault(street, name)
        counts[street] += number
    return counts, names
