"""A row of a register in words, the same on its page, its print and its file."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from portal import clock
from portal.cases import reference_numbers
from portal.files.counts import files_of_messages
from portal.formats import cleaning
from portal.register.rules import Entered, Entry, NamedAs
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.kinds import KINDS

ENTERED = {Entered.IN: _l("In"), Entered.OUT: _l("Ut"), Entered.DRAWN_UP: _l("Upprättad")}


@dataclass(frozen=True)
class RegisterRow:
    """A row as a template draws it; `href` is empty where the reader does not reach the case."""

    day: str
    time: str
    number: str
    entered: str
    party: str
    subject: str
    unit: str
    href: str
    files: str = ""

    def cells(self) -> list[str]:
        """The row in the order of headings()."""
        return [
            self.day,
            self.time,
            self.number,
            self.entered,
            self.party,
            self.subject,
            self.unit,
            self.files,
        ]


def headings() -> list[str]:
    """The name of each column of cells()."""
    return [
        _("Dag"),
        _("Tid"),
        _("Ärende"),
        _("In, ut eller upprättad"),
        _("Från eller till"),
        _("Det gäller"),
        _("Enhet"),
        _("Bilagor"),
    ]


def rows(entries: Sequence[Entry]) -> list[RegisterRow]:
    """The rows in words, with how many files each message has."""
    counts = files_of_messages([entry.message for entry in entries if entry.message is not None])
    return [_row(entry, counts.get(entry.message or 0, 0)) for entry in entries]


def _row(entry: Entry, files: int) -> RegisterRow:
    number = reference_numbers.reference(entry.year, entry.number)
    when = clock.stockholm(entry.at)
    return RegisterRow(
        day=when.date().isoformat(),
        time=when.strftime("%H:%M"),
        number=number,
        entered=_entered(entry),
        party=_authority(entry) if entry.other else _registered(entry),
        subject=_subject(entry),
        unit=entry.unit,
        href=url_for("backoffice.case", number=number) if entry.reached else "",
        files=ngettext("%(num)s bilaga", "%(num)s bilagor", files) if files else "",
    )


def _authority(entry: Entry) -> str:
    if entry.entered is Entered.OUT:
        return _("Lämnat till %(authority)s", authority=entry.other)
    return _("Kom från %(authority)s", authority=entry.other)


def _entered(entry: Entry) -> str:
    """In, out or drawn up; with the day of arrival where it came in before it was registered (OSL 5:2)."""
    text = str(ENTERED[entry.entered])
    if entry.arrived is None or entry.entered is not Entered.IN:
        return text
    arrived = clock.stockholm(entry.arrived).date()
    if arrived == clock.stockholm(entry.at).date():
        return text
    return _("%(entered)s, kom %(day)s", entered=text, day=arrived.isoformat())


def _registered(entry: Entry) -> str:
    """The sender, and who registered it for them."""
    if not entry.registered_by:
        return _sender(entry)
    values = {"sender": _sender(entry), "name": cleaning.line(entry.registered_by)}
    return _("%(sender)s. Registrerat av %(name)s.", **values)


def _sender(entry: Entry) -> str:
    return {
        NamedAs.NAME: entry.sender or _("Utan namn"),
        NamedAs.ANONYMOUS: _("Anonym"),
        NamedAs.UNVERIFIED: _("Via e-post, avsändaren är inte kontrollerad"),
        NamedAs.SECRET: _("Uppgift om avsändaren är sekretessbelagd"),
    }[entry.named_as]


def _subject(entry: Entry) -> str:
    kind = dates.capital(str(KINDS[entry.kind].name))
    return case_presenter.shown_subject(entry.subject) if entry.subject else kind
