"""The queue's filters as form fields, and notes about parameters that could not be used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.cases.access import HANDLERS
from portal.cases.enums import Channel, Kind
from portal.cases.lifecycle import Status
from portal.cases.queue import listing
from portal.cases.queue.filter_options import NAMED, FilterOptions, filter_options, settled
from portal.cases.queue.filters import ME, NOBODY, Filters, ParsedFilters, Promise, read
from portal.cases.queue.models import SavedView
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.words.dates import capital
from portal.words.kinds import KINDS
from portal.words.labels import CHANNEL, ROSA, STATUS

Options = list[tuple[str, str]]
LABELS = {
    "q": _l("Sök ord eller ärendenummer"),
    "typ": _l("Typ"),
    "amne": _l("Ämne"),
    "handlaggare": _l("Handläggare"),
    "lage": _l("Läge"),
    "enhet": _l("Enhet"),
    "vag": _l("Kom in via"),
    "niva": _l("ROSA-nivå"),
    "lofte": _l("Löfte"),
    "fran": _l("Kom in tidigast"),
    "till": _l("Kom in senast"),
    "ordning": _l("Ordning"),
    "vy": _l("Vy"),
}
PROMISE = {
    Promise.IN_TIME: _l("Inte försenat"),
    Promise.SOON: _l("Snart sista dagen"),
    Promise.LATE: _l("Försenat"),
    Promise.WEEK: _l("Sista dagen är den här veckan"),
    Promise.PRESSING: _l("Försenat eller snart sista dagen"),
}
OFFICER_PARAMETER = NAMED["officer"]
USUAL = ("typ", "amne", "handlaggare")
MORE = ("lage", "enhet", "vag", "niva", "lofte", "fran", "till")


@dataclass(frozen=True)
class QueueAddress:
    """The address of a queue page.

    `filters` are the ones applied: those `parsed` without the ones whose value no longer exists (`gone`).
    """

    parsed: ParsedFilters
    filters: Filters
    options: FilterOptions
    gone: tuple[str, ...]

    @property
    def address(self) -> dict[str, Any]:
        """The parameters that were applied, on which the links of the page build."""
        parameters = dict(self.parsed.address)
        for name in (*self.parsed.passed_over, *self.gone):
            parameters.pop(name, None)
        return parameters

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set, beyond the view and the order."""
        return bool(set(self.address) - {"vy", "ordning"})

    def to(self, **changes: Any) -> str:
        """The URL with some parameters changed, or removed if None."""
        return url_for("backoffice.queue", **{**self.address, **changes})


def parse_address(
    actor: Staff, parameters: Mapping[str, str], saved_views: Iterable[SavedView] = ()
) -> QueueAddress:
    """Parse query parameters, and drop the filters that the actor cannot apply.

    The options tell of the officers of the saved views too, whether they exist.
    """
    parsed = read(parameters, listing.views(actor))
    named = [parsed.filters.officer, *[view.parameters.get(OFFICER_PARAMETER, "") for view in saved_views]]
    options = filter_options(actor, {officer for officer in named if officer.isdecimal()})
    applied, gone = settled(parsed.filters, options)
    return QueueAddress(parsed, applied, options, gone)


@dataclass(frozen=True)
class Field:
    """A filter as the form draws it: a select with options, or a date if there are none."""

    name: str
    label: str
    value: str
    options: Options


def fields(
    names: Iterable[str], actor: Staff, filters: Filters, filter_options: FilterOptions
) -> list[Field]:
    """The fields of these filters, with their current values."""
    values = _values(filters)
    options = _options(actor, filters, filter_options)
    drawn = []
    for name in names:
        drawn.append(Field(name, str(LABELS[name]), str(values[name] or ""), options.get(name, [])))
    return drawn


def _values(filters: Filters) -> dict[str, Any]:
    """The values of the filters, by the parameter of the address that sets them."""
    return {
        "typ": filters.kind.slug if filters.kind else "",
        "amne": filters.category,
        "handlaggare": filters.officer,
        "lage": filters.status,
        "enhet": filters.unit,
        "vag": filters.channel,
        "niva": filters.level,
        "lofte": filters.promise,
        "fran": filters.first,
        "till": filters.last,
    }


def _options(actor: Staff, filters: Filters, filter_options: FilterOptions) -> dict[str, Options]:
    return {
        "typ": _kind_options(filters.kind),
        "amne": _seen_options(filter_options, "category", filters.category),
        "handlaggare": _officer_options(actor, filters, filter_options),
        "lage": [(status, str(STATUS[status].text)) for status in Status],
        "enhet": _seen_options(filter_options, "unit", filters.unit),
        "vag": [(channel, str(CHANNEL[channel])) for channel in Channel],
        "niva": [(str(level), f"{level} {name}") for level, name in ROSA.items()],
        "lofte": [(promise, str(label)) for promise, label in PROMISE.items()],
    }


def _kind_options(chosen: Kind | None) -> Options:
    options: Options = []
    for kind in Kind:
        # A kind that the municipality has dropped is still shown if the address has it.
        if kind in organisation.profile().kinds or kind is chosen:
            options.append((kind.slug, capital(str(KINDS[kind].name))))
    return options


def _officer_options(actor: Staff, filters: Filters, filter_options: FilterOptions) -> Options:
    options = [(NOBODY, _("Ingen")), *_seen_options(filter_options, "officer", filters.officer)]
    # Only handlers have cases of their own to look for.
    return [(ME, _("Jag")), *options] if actor.role in HANDLERS else options


def _seen_options(filter_options: FilterOptions, field: str, chosen: str) -> Options:
    """The options of which the actor can read cases, and the chosen one."""
    options = []
    for option in getattr(filter_options, field):
        if option.seen or option.value == chosen:
            # Any id can be typed into the address: it must not reveal the name of an officer elsewhere.
            hidden = field == "officer" and not option.seen
            options.append((option.value, _("Någon utan ärenden här") if hidden else option.name))
    return options


def notes(address: QueueAddress) -> list[str]:
    """A sentence for the parameters that could not be read, and one for the values that are gone."""
    sentences = []
    if unread := address.parsed.passed_over:
        names = field_names(unread)
        sentences.append(_("Vi hoppade över det som inte gick att läsa i adressen: %(names)s.", names=names))
    if address.gone:
        names = field_names(address.gone)
        sentences.append(_("Något finns inte längre: %(names)s. Här är resten.", names=names))
    filters = address.filters
    if filters.first and filters.last and filters.first > filters.last:
        labels = {"first": str(LABELS["fran"]), "last": str(LABELS["till"])}
        sentences.append(_("”%(first)s” är senare än ”%(last)s”. Byt plats på dagarna.") % labels)
    return sentences


def field_names(names: Iterable[str]) -> str:
    """The labels of these parameters, for the middle of a sentence."""
    return ", ".join(_within_sentence(str(LABELS[name])) for name in names)


def _within_sentence(label: str) -> str:
    """A label without its capital, unless that is of an abbreviation."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def count_set(names: Iterable[str], address: Mapping[str, Any]) -> int:
    """The number of these filters that are set."""
    return sum(name in address for name in names)
