"""The queue's filters as a form shows them, and what is said of an address that could not be read whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases.access import HANDLERS
from portal.cases.enums import Channel, Kind
from portal.cases.lifecycle import Status
from portal.cases.queue import listing
from portal.cases.queue.filter_options import FilterOptions, filter_options, settled
from portal.cases.queue.filters import ME, NOBODY, Filters, ParsedFilters, Promise, read
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.words.dates import capital
from portal.words.kinds import KINDS
from portal.words.labels import CHANNEL, STATUS

Options = list[tuple[str, str]]
LABELS = {
    "q": _l("Sök ord eller ärendenummer"),
    "typ": _l("Typ"),
    "amne": _l("Ämne"),
    "handlaggare": _l("Handläggare"),
    "lage": _l("Läge"),
    "enhet": _l("Enhet"),
    "vag": _l("Väg in"),
    "lofte": _l("Löfte"),
    "fran": _l("Kom in från"),
    "till": _l("Kom in till"),
    "ordning": _l("Ordning"),
    "vy": _l("Vy"),
}
PROMISE = {
    Promise.IN_TIME: _l("Inte försenat"),
    Promise.SOON: _l("Sista dagarna"),
    Promise.LATE: _l("Försenat"),
    Promise.UNDATED: _l("Inget datum"),
}
USUAL = ("typ", "amne", "handlaggare")
MORE = ("lage", "enhet", "vag", "lofte", "fran", "till")


@dataclass(frozen=True)
class Shown:
    """An address as it is shown: what could be followed of it, and what is said of the rest."""

    asked: ParsedFilters
    filters: Filters
    there: FilterOptions
    gone: tuple[str, ...]

    @property
    def address(self) -> dict[str, Any]:
        """The parameters that were followed: what links on the page build on."""
        dropped = {*self.asked.passed_over, *self.gone}
        return {name: text for name, text in self.asked.address.items() if name not in dropped}

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(set(self.address) - {"vy", "ordning"})

    def to(self, **changes: Any) -> str:
        """The address with some parameters changed or (None) left out."""
        return url_for("backoffice.queue", **{**self.address, **changes})


def shown(actor: Staff, given: Mapping[str, str]) -> Shown:
    """What an address asks for, as far as it can be followed."""
    asked, there = read(given, listing.views(actor)), filter_options(actor)
    followed, gone = settled(asked.filters, there)
    return Shown(asked, followed, there, gone)


@dataclass(frozen=True)
class Field:
    """A filter as the form draws it: a list to choose from, or a day."""

    name: str
    label: str
    value: str
    options: Options


def dated() -> bool:
    """Whether this municipality promises anything by a date."""
    promise = organisation.profile().promise
    return bool(promise.answer_working_days or promise.contact_working_days)


def fields(names: Iterable[str], actor: Staff, asked: Filters, there: FilterOptions) -> list[Field]:
    """The filters with these names, as they are set."""
    values = {
        "typ": asked.kind,
        "amne": asked.category,
        "handlaggare": asked.officer,
        "lage": asked.status,
        "enhet": asked.unit,
        "vag": asked.channel,
        "lofte": asked.promise,
        "fran": asked.first,
        "till": asked.last,
    }
    options = _options(actor, asked, there)
    return [
        Field(name, str(LABELS[name]), str(values[name] or ""), options.get(name, []))
        for name in names
        if name != "lofte" or dated()
    ]


def _options(actor: Staff, asked: Filters, there: FilterOptions) -> dict[str, Options]:
    kinds = [kind for kind in Kind if kind in organisation.profile().kinds or kind is asked.kind]
    somebody = [(ME, _("Jag"))] if actor.role in HANDLERS else []
    return {
        "typ": [(kind, capital(str(KINDS[kind].name))) for kind in kinds],
        "amne": _named(there, "category", asked.category),
        "handlaggare": [*somebody, (NOBODY, _("Ingen")), *_named(there, "officer", asked.officer)],
        "lage": [(status, str(STATUS[status].text)) for status in Status],
        "enhet": _named(there, "unit", asked.unit),
        "vag": [(channel, str(CHANNEL[channel])) for channel in Channel],
        "lofte": [(each, str(PROMISE[each])) for each in Promise],
    }


def _named(there: FilterOptions, field: str, chosen: str) -> Options:
    """What the actor sees cases of, and what was chosen: an officer of no case they see has no name."""
    unseen = _("Någon utan ärenden här")
    return [
        (each.value, each.name if each.seen or field != "officer" else unseen)
        for each in getattr(there, field)
        if each.seen or each.value == chosen
    ]


def notes(what: Shown) -> list[str]:
    """What to say of an address that could not be followed whole, a sentence each."""
    said = []
    if wrong := what.asked.passed_over:
        said.append(
            _("Vi hoppade över det som inte gick att läsa i adressen: %(names)s.", names=called(wrong))
        )
    if what.gone:
        text = _("Något finns inte längre: %(names)s. Här är resten.", names=called(what.gone))
        said.append(text)
    return said


def called(names: Iterable[str]) -> str:
    """The parameters as they are called in the form, within a sentence."""
    return ", ".join(str(LABELS[name]).lower() for name in names)


def count_set(names: Iterable[str], address: Mapping[str, Any]) -> int:
    """How many of these filters are set."""
    return sum(name in address for name in names)
