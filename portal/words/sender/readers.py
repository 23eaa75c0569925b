"""Who has opened a case, for its sender: grouped by day, and by role and place."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from portal import clock
from portal.audit.models import Read
from portal.audit.readers import Opening
from portal.identity.actors import Role
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.words import dates
from portal.words.labels import AUTHOR_ROLE
from portal.words.profile_texts import profile_texts

KINDS: dict[Read, LazyString] = {
    Read.CASE: _l("Läste ärendet"),
    Read.PRINT: _l("Skrev ut ärendet"),
    Read.PDF: _l("Sparade ärendet som pdf"),
    Read.SENDER: _l("Visade dina skyddade uppgifter"),
    Read.LIST: _l("Såg ärendet i en lista eller en sökning"),
    Read.FILE: _l("Öppnade en fil"),
    Read.ORIGINAL: _l("Hämtade en fil som den kom in"),
    Read.DESK_CODE: _l("Visade ärendet i disken eller i telefon, med din kod"),
    Read.DESK_SIGN_IN: _l("Visade ärendet i disken eller i telefon, när du hade legitimerat dig"),
    Read.DESK_PUBLIC: _l("Svarade på en fråga om ärendet, med det som är offentligt"),
}


@dataclass(frozen=True)
class ReaderLine:
    """What one kind of reader did on a day: (kind, times) in the order of the first time shown."""

    who: str
    acts: list[tuple[str, str]]


@dataclass(frozen=True)
class DayOfReaders:
    """A day, and who opened the case on it."""

    day: str
    readers: list[ReaderLine]


def days(openings: Iterable[Opening]) -> list[DayOfReaders]:
    """The openings by day, in their order; readers of one role and place are one line."""
    by_day: dict[str, dict[str, dict[Read, list[str]]]] = {}
    for opening in openings:
        day = dates.capital(dates.weekday_date(clock.stockholm(opening.at).date()))
        acts = by_day.setdefault(day, {}).setdefault(who(opening), {})
        times = acts.setdefault(opening.what, [])
        if (time := dates.clock_time(opening.at)) not in times:
            times.append(time)
    return [
        DayOfReaders(day, [_line(*reader) for reader in readers.items()]) for day, readers in by_day.items()
    ]


def _line(who: str, acts: dict[Read, list[str]]) -> ReaderLine:
    return ReaderLine(who, [(str(KINDS[what]), ", ".join(times)) for what, times in acts.items()])


def who(opening: Opening) -> str:
    """Role and place, as they were then: "Handläggare, Parkenheten"."""
    role = str(AUTHOR_ROLE[opening.role]) if opening.role in AUTHOR_ROLE else ""
    text = dates.capital(", ".join(filter(None, (role, _place(opening)))))
    return _("%(who)s (nödåtkomst)", who=text) if opening.emergency else text


def _place(opening: Opening) -> str:
    text, _language = profile_texts(_place_name(opening) or organisation.profile().full)
    return text


def _place_name(opening: Opening) -> str:
    if opening.unit:
        return organisation.unit_name_at(opening.unit, opening.at)
    # A registrar is the first line, of which no membership is needed.
    if opening.role is Role.REGISTRAR:
        return organisation.unit_name_at(organisation.first_line().id, opening.at)
    if opening.administration:
        return organisation.administration_names().get(opening.administration, "")
    return organisation.board_names().get(opening.board, "") if opening.board else ""
