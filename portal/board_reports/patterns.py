"""What the cases of a board have in common in a period: words that grew, streets, and repeated senders.

Nothing here is of a case with secrecy, or whose sender is protected or hidden, or of a message that is marked
or that another authority has kept. A part of a split case has the texts of the whole, and is left out. Words
and streets are counted once for each sender, so that one who writes often makes no pattern.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, not_, or_, select

from portal import clock
from portal.board_reports.content import Growth, Shown
from portal.board_reports.tables import rounded
from portal.board_reports.word_counts import WordCounts, grown_words
from portal.cases import parties
from portal.cases.enums import Direction
from portal.cases.models import Case, CaseLocation, Message, Party
from portal.cases.search.criteria import shown_party
from portal.cases.search.word_forms import fold
from portal.cases.visibility import visible_to
from portal.db import session
from portal.formats import anonymisation
from portal.formats.anonymisation import Details, Mask
from portal.formats.places.streets import ENDINGS
from portal.identity import queries as people
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.statistics.inside.rules import Hidden, Months
from portal.statistics.rules import MIN_CASES

# More cases of a period are not read.
MAX_CASES = 20_000
ROWS = 1_000
# Of a text: what it is about is in its beginning.
MAX_SIGNS = 2_000
MIN_REPEATED = 3
MAX_PLACES = 10


class Senders(NamedTuple):
    """Who sent each case, where that can be known; and the folded names of senders and staff."""

    of_cases: Mapping[int, str]
    names: frozenset[str]

    def of(self, case: int) -> str:
        """The sender of a case; one who cannot be known is of that case alone."""
        return self.of_cases.get(case) or f"case {case}"

    def repeated(self) -> int:
        """How many persons and addresses have sent at least three of the cases."""
        sent = Counter(self.of_cases.values())
        return sum(count >= MIN_REPEATED for count in sent.values())


NO_SENDERS = Senders({}, frozenset())


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
    senders = _senders(now)
    senders_before = _senders(before) if before is not None else NO_SENDERS
    words = _grown_words(now, senders, before, senders_before) if before is not None else ()
    places = _places(now, senders, before, senders_before)
    return Patterns(False, words, places, rounded(senders.repeated()))


def _open_cases(actor: System, board: int, months: Months) -> Select[int]:
    """Ids of the cases that came in and may be read here."""
    since, until = clock.start_of_day(months.first), clock.end_of_day(months.last_day)
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


def _senders(cases: Select[int]) -> Senders:
    """The senders of cases, with the names of those they write for, and of staff."""
    names = set(anonymisation.names(*(member.name for member in people.member_rows())))
    of_cases = {}
    for sender in parties.traits(cases):
        names |= anonymisation.names(*sender.names)
        if sender.same:
            of_cases[sender.case] = sender.same
    return Senders(of_cases, frozenset(map(fold, names)))


def _grown_words(
    now: Select[int], senders: Senders, before: Select[int], senders_before: Senders
) -> tuple[Growth, ...]:
    grown = grown_words(_words(now, senders), _words(before, senders_before), senders.names)
    return tuple(Growth(word.form, rounded(word.now), rounded(word.before)) for word in grown)


def _words(cases: Select[int], senders: Senders) -> WordCounts:
    counts = WordCounts()
    for text in _texts_of_senders(cases, senders):
        counts.add(text)
    return counts


def _texts_of_senders(cases: Select[int], senders: Senders) -> Iterator[str]:
    """All that each sender has written, without addresses and numbers."""
    known = Details(prefix=organisation.profile().number_prefix)
    sent = Counter(senders.of_cases.values())
    several: dict[str, list[str]] = defaultdict(list)
    for case, text in _texts(cases):
        own = _masked(text, known)
        sender = senders.of(case)
        if sent[sender] > 1:
            several[sender].append(own)
        else:
            yield own
    yield from map("\n".join, several.values())


def _masked(text: str, known: Details) -> str:
    text = anonymisation.masked(text, known)
    for mask in Mask:
        text = text.replace(mask, " ")
    return text


def _texts(cases: Select[int]) -> Iterator[tuple[int, str]]:
    """The subject of each case with the beginning of its first text, by its id."""
    first = select(func.substr(Message.body, 1, MAX_SIGNS)).where(Message.case_id == Case.id)
    first = first.where(Message.direction == Direction.IN, Message.secrecy_provision.is_(None))
    first = first.where(Message.kept_by_board_id.is_(None)).order_by(Message.id).limit(1)
    query = select(Case.id, Case.public_subject, first.correlate(Case).scalar_subquery())
    query = query.where(Case.id.in_(cases)).execution_options(yield_per=ROWS)
    for case, subject, body in session().execute(query):
        yield case, f"{subject}\n{body or ''}"


def _places(
    now: Select[int], senders: Senders, before: Select[int] | None, senders_before: Senders
) -> tuple[Growth, ...]:
    """The streets of at least five senders, those with most first."""
    counts, names = _streets(now, senders)
    earlier = _streets(before, senders_before)[0] if before is not None else None
    usual = [street for street, count in counts.most_common() if count >= MIN_CASES]
    places = []
    for street in usual:
        if not _has_name(names[street], senders.names):
            shown = Hidden.NONE if earlier is None else rounded(earlier[street])
            places.append(Growth(names[street], rounded(counts[street]), shown))
    return tuple(places[:MAX_PLACES])


def _has_name(street: str, names: Collection[str]) -> bool:
    words = map(fold, anonymisation.WORD.findall(street))
    return any(word in names or word.removesuffix("s") in names for word in words)


def _streets(cases: Select[int], senders: Senders) -> tuple[Counter[str], dict[str, str]]:
    """The number of senders of each street, by its key, and how most cases write it.

    A word without the ending of a street may be a name.
    """
    is_street = or_(*(CaseLocation.street.endswith(ending) for ending in ENDINGS))
    street = func.coalesce(CaseLocation.street, ""), func.coalesce(CaseLocation.street_name, "")
    query = select(CaseLocation.case_id, *street).where(CaseLocation.case_id.in_(cases), is_street)
    of_streets: dict[str, set[str]] = defaultdict(set)
    written: dict[str, list[str]] = defaultdict(list)
    for case, key, name in session().execute(query.order_by(CaseLocation.case_id)):
        of_streets[key].add(senders.of(case))
        written[key].append(name)
    counts = Counter({street: len(own) for street, own in of_streets.items()})
    return counts, {street: _most_common(names) for street, names in written.items()}


def _most_common(names: Iterable[str]) -> str:
    ordered = Counter(sorted(names)).most_common(1)
    return ordered[0][0]
