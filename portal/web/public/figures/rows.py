"""The rows of the public statistics in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import format_percent

from portal.cases.enums import Kind
from portal.organisation.models import Board
from portal.statistics.figures.sums import Fate
from portal.statistics.published.queries import Figures, PublicRow, Share, figures
from portal.statistics.published.tree import Table
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext
from portal.web.public.figures.period import BOARD
from portal.words.dates import capital, month_span
from portal.words.kinds import KINDS

FATES = {
    Fate.ANSWERED: _l("Besvarade"),
    Fate.TRANSFERRED: _l("Flyttade till ett annat system"),
    Fate.OUTSIDE: _l("Hörde hemma någon annanstans"),
    Fate.WITHDRAWN: _l("Avsändaren tog tillbaka ärendet"),
    Fate.DUPLICATE: _l("Hopslagna med ett annat ärende"),
    Fate.NO_ANSWER: _l("Behövde inget svar"),
    Fate.OPEN: _l("Pågick när vi räknade"),
}


@dataclass(frozen=True)
class Bar:
    """A share in words, in per cent and as the length of a bar (0 to 100)."""

    percent: str
    length: int
    text: str


@dataclass(frozen=True)
class Row:
    """A row of figures in words; None or empty for what there is too little to say of."""

    name: str
    href: str
    in_time: Bar | None
    closed: Bar | None
    median: str
    nine_of_ten: str
    cases: int


@dataclass(frozen=True)
class KindRows:
    """A kind and its months, the newest first; `row` is None for fewer than five cases."""

    name: str
    row: Row | None
    months: list[Row]


@dataclass(frozen=True)
class Count:
    """A rounded number of cases."""

    name: str
    cases: int


@dataclass(frozen=True)
class Promised:
    """What the municipality promises: an answer, else a first contact, else nothing."""

    answer: bool
    contact: bool

    def share(self, numbers: Figures) -> Share | None:
        """The share in time of what is promised."""
        if self.answer:
            return numbers.answer
        return numbers.contact if self.contact else None


def bar(share: Share | None) -> Bar | None:
    """A share as a bar."""
    if share is None:
        return None
    text = _("%(part)s av %(whole)s", part=share.part, whole=share.total)
    return Bar(format_percent(share.percent / 100), share.percent, text)


def row(name: str, numbers: Figures, promised: Promised, href: str = "") -> Row:
    """Figures in words."""
    return Row(
        name=name,
        href=href,
        in_time=bar(promised.share(numbers)),
        closed=bar(numbers.closed if promised.answer else None),
        median=days(numbers.median),
        nine_of_ten=days(numbers.nine_of_ten),
        cases=numbers.cases,
    )


def days(number: int | None) -> str:
    """Working days in words."""
    # An answer on day zero took 0 working days; "inom 0 arbetsdagar" would puzzle the reader.
    return "" if number is None else ngettext("%(num)s arbetsdag", "%(num)s arbetsdagar", max(1, number))


def boards(rows: Sequence[PublicRow], known: Sequence[Board], promised: Promised) -> list[Row]:
    """The boards of a year, the largest first, each with a link to its own figures."""
    keys = {board.id: board.key for board in known}
    shown = sorted(rows, key=lambda own: (own.others, -own.sums["cases"]))
    return [row(joined(own.names), own.figures, promised, _href(own, keys)) for own in shown]


def _href(own: PublicRow, keys: dict[int, str]) -> str:
    key = keys.get(int(own.keys[0] or 0)) if len(own.keys) == 1 else None
    return f"{url_for('public.statistics_page')}?{BOARD}={key}" if key else ""


def of_board(rows: Sequence[PublicRow], promised: Promised) -> list[Row]:
    """The years of one board, the newest first."""
    return [row(_year_name(own), own.figures, promised) for own in reversed(rows)]


def _year_name(own: PublicRow) -> str:
    # With small boards in it, it says which: the figures are not of the one alone.
    return f"{own.last.year}" if len(own.names) == 1 else f"{own.last.year}: {joined(own.names)}"


def joined(names: Sequence[str]) -> str:
    """Names as a list in words."""
    *first, last = names
    return _("%(first)s och %(last)s", first=", ".join(first), last=last) if first else last


def kinds(rows: Sequence[PublicRow], accepted: Sequence[str], promised: Promised) -> list[KindRows]:
    """The kinds that the municipality accepts, and others that have figures, with their months."""
    shown = []
    for kind in Kind:
        own = [row for row in rows if row.table is Table.KIND and row.keys == (kind,)]
        if not own and kind not in accepted:
            continue
        name = capital(str(KINDS[kind].name))
        months = [row(span_name(part.first, part.last), part.figures, promised) for part in reversed(own)]
        shown.append(KindRows(name, row(name, figures(own), promised) if own else None, months))
    return shown


def span_name(first: date, last: date) -> str:
    """A month or several, with a capital."""
    return capital(month_span(first, last))


def counts(rows: Sequence[PublicRow], table: Table) -> list[Count]:
    """Topics, units or fates of a year, rounded, the largest first and the small ones last."""
    own = sorted(rows, key=lambda row: (row.others, -row.sums["cases"], row.names))
    return [Count(_name(row, table), row.sums["cases"]) for row in own]


_REST = {
    Table.TOPIC: _l("Övriga ämnen"),
    Table.UNIT: _l("Övriga enheter"),
    Table.FATE: _l("Annat"),
}


def _name(row: PublicRow, table: Table) -> str:
    rest = str(_REST[table])
    if not row.keys:
        return rest
    first = _first_name(row)
    return _("%(first)s, och %(rest)s", first=first, rest=rest.lower()) if row.others else first


def _first_name(row: PublicRow) -> str:
    if row.table is Table.FATE:
        return str(FATES[Fate(str(row.keys[0]))])
    return row.names[0] if row.names else _("Utan ämne")
