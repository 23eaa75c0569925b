"""What the address of the figures asks for: months, limits and groups; and what of it cannot be used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from portal import clock
from portal.cases.enums import Channel, Kind
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.inside import queries
from portal.statistics.inside.rules import (
    MAX_MONTHS,
    MonthProblem,
    Months,
    Narrowed,
    ending_with,
    read_months,
    sees_cases,
)
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.words.dates import capital, formatted_date, full_date
from portal.words.kinds import KINDS
from portal.words.labels import CHANNEL, ROSA

# A head sees open months too, of which there are few cases.
OWN_MONTHS = 3
FIRST, LAST, GROUPED = "fran", "till", "grupp"
GROUPS: dict[str, tuple[Dimension, object]] = {
    "manad": (Dimension.MONTH, _l("Månad")),
    "kvartal": (Dimension.QUARTER, _l("Kvartal")),
    "ar": (Dimension.YEAR, _l("År")),
    "namnd": (Dimension.BOARD, _l("Nämnd")),
    "forvaltning": (Dimension.ADMINISTRATION, _l("Förvaltning")),
    "enhet": (Dimension.UNIT, _l("Enhet")),
    "amne": (Dimension.TOPIC, _l("Ämne")),
    "typ": (Dimension.KIND, _l("Typ")),
    "vag": (Dimension.CHANNEL, _l("Kom in via")),
    "niva": (Dimension.LEVEL, _l("ROSA-nivå")),
    "skrivet": (Dimension.LANGUAGE, _l("Språk")),
}
CALENDAR = ("manad", "kvartal", "ar")
# Those that limit the figures: in their order on the page, with the field of `Narrowed`.
LIMITS = {name: dimension.value for name, (dimension, _name) in GROUPS.items() if name not in CALENDAR}
NO_TOPIC = "utan"
LANGUAGES = {"sv": _l("Svenska"), "en": _l("Engelska")}


class Option(NamedTuple):
    """A value of a field: in the address, in words, and of what is counted."""

    value: str
    name: str
    of: int | str
    closed: date | None = None


@dataclass(frozen=True)
class Asked:
    """A request: `written` is what the fields had, and `errors` the problem of each field.

    `months` is None if they are no period, or nothing is counted yet.
    """

    months: Months | None
    narrowed: Narrowed
    grouped: str
    written: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    counted: Months | None = None

    @property
    def by(self) -> Dimension:
        """What the groups differ by."""
        return GROUPS[self.grouped][0]

    def query(self) -> dict[str, Any]:
        """The same request as parameters of an address."""
        return {name: value for name, value in self.written.items() if value}


def options() -> dict[str, list[Option]]:
    """The values of each limit, closed boards and units included: old figures are about them."""
    topics = [Option(NO_TOPIC, _("Utan ämne"), 0)]
    topics += [Option(row.key, row.name, row.id) for row in organisation.every_topic()]
    return {
        "namnd": [_option(row) for row in organisation.every_board()],
        "forvaltning": [_option(row) for row in organisation.every_administration()],
        "enhet": [_option(row) for row in organisation.every_unit()],
        "amne": topics,
        "typ": [Option(kind.slug, capital(str(KINDS[kind].name)), kind.value) for kind in Kind],
        "vag": [Option(channel.value, str(CHANNEL[channel]), channel.value) for channel in Channel],
        "niva": [Option(str(level), f"{level} {name}", level) for level, name in ROSA.items()],
        "skrivet": [Option(code, str(name), code) for code, name in LANGUAGES.items()],
    }


def _option(row: Any) -> Option:
    if row.closed_at is None:
        return Option(row.key, row.name, row.id)
    closed = clock.stockholm(row.closed_at).date()
    return Option(row.key, _("%(name)s (avslutad)", name=row.name), row.id, closed)


def read(actor: Staff, parameters: Mapping[str, str], known: Mapping[str, list[Option]]) -> Asked:
    """The request of an address."""
    written = {name: parameters.get(name, "").strip()[:80] for name in (FIRST, LAST, GROUPED, *LIMITS)}
    narrowed, errors = _narrowed(written, known)
    grouped = written[GROUPED] or "manad"
    if grouped not in GROUPS:
        errors[GROUPED] = _("Välj något i listan.")
        grouped = "manad"
    counted = queries.counted_months()
    wanted = Asked(None, narrowed, grouped, written, errors, counted=counted)
    usual = _usual(actor, counted)
    return _with_notes(actor, _with_months(wanted, usual), known) if usual else wanted


def _narrowed(
    written: Mapping[str, str], known: Mapping[str, list[Option]]
) -> tuple[Narrowed, dict[str, str]]:
    values: dict[str, int | str] = {}
    errors = {}
    for name, field_name in LIMITS.items():
        if not written[name]:
            continue
        chosen = [option.of for option in known[name] if option.value == written[name]]
        if chosen:
            values[field_name] = chosen[0]
        else:
            errors[name] = _("Det du valde finns inte. Välj något i listan.")
    return Narrowed(**values), errors  # type: ignore[arg-type]


def _usual(actor: Staff, counted: Months | None) -> Months | None:
    if sees_cases(actor):
        return ending_with(clock.today().replace(day=1), OWN_MONTHS)
    return ending_with(counted.last) if counted else None


def _with_months(wanted: Asked, usual: Months) -> Asked:
    months = read_months(wanted.written[FIRST], wanted.written[LAST], usual)
    if not isinstance(months, Months):
        names = {"first": FIRST, "last": LAST}
        problems = {names[name]: PROBLEMS[problem]() for name, problem in months.items()}
        return replace(wanted, errors={**wanted.errors, **problems})
    shown = {FIRST: written_month(months.first), LAST: written_month(months.last)}
    return replace(wanted, months=months, written={**wanted.written, **shown})


def _with_notes(actor: Staff, wanted: Asked, known: Mapping[str, list[Option]]) -> Asked:
    """With notes about what of the period is in no figure: uncounted months, and days after a closing."""
    if wanted.months is None:
        return wanted
    notes = []
    if not sees_cases(actor) and wanted.counted and wanted.months.last > wanted.counted.last:
        latest = month_name(wanted.counted.last)
        notes.append(_("Månaderna till och med %(month)s är färdiga. Senare är inte med.", month=latest))
    for name in LIMITS:
        for option in known[name]:
            is_chosen = option.value == wanted.written[name]
            if is_chosen and option.closed and option.closed <= wanted.months.last_day:
                notes.append(_closed_note(str(GROUPS[name][1]), option.closed))
    return replace(wanted, notes=notes)


def _closed_note(name: str, closed: date) -> str:
    return _(
        "%(name)s: avslutad %(day)s. Ärenden som kom in efter det räknas hos en annan.",
        name=name,
        day=full_date(closed),
    )


PROBLEMS: dict[MonthProblem, Callable[[], str]] = {
    MonthProblem.UNREADABLE: lambda: _("Skriv år och månad, till exempel 2026-05"),
    MonthProblem.REVERSED: lambda: _("Välj en sista månad som inte är före den första"),
    MonthProblem.TOO_LONG: lambda: _("Välj högst %(count)s månader", count=MAX_MONTHS),
}


def written_month(month: date) -> str:
    """A month as a field has it: 2026-05."""
    return month.isoformat()[:7]


def month_name(month: date) -> str:
    """A month in words: maj 2026."""
    return formatted_date(month, "MMMM y", "sv")
