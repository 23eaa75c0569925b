"""Which months and which board a reader of the statistics has asked for."""

import re
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from portal.organisation import queries as organisation
from portal.statistics.published.queries import Extent
from portal.translation import gettext as _

YEAR, BOARD = "ar", "namnd"
_FOUR_DIGITS = re.compile(r"[0-9]{4}")


class BadChoice(Exception):
    """What was asked for cannot be shown; `text` says why, `status` is that of the response."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


@dataclass(frozen=True)
class ChosenBoard:
    """A board that figures are asked for."""

    id: int
    name: str
    is_closed: bool


@dataclass(frozen=True)
class Choice:
    """A year, or None for the latest twelve months; a board, or None for all."""

    year: int | None
    board: ChosenBoard | None

    def months(self, extent: Extent) -> tuple[date, date]:
        """The first and the last month."""
        if self.year is None:
            return extent.latest()
        return date(self.year, 1, 1), min(date(self.year, 12, 1), extent.last)


def choice(arguments: MultiDict[str, str], extent: Extent | None) -> Choice:
    """What the address asks for. Raises BadChoice."""
    return Choice(_year(arguments.getlist(YEAR), extent), _board(arguments.getlist(BOARD)))


def _year(values: list[str], extent: Extent | None) -> int | None:
    if not any(values):
        return None
    if len(values) > 1:
        raise BadChoice(_("Välj ett år i taget."), 400)
    if not _FOUR_DIGITS.fullmatch(values[0]):
        raise BadChoice(_("Skriv ett år med fyra siffror, till exempel 2026."), 400)
    year = int(values[0])
    if extent is None or year not in extent.years:
        raise BadChoice(_("Det finns inga siffror för %(year)s.", year=year), 404)
    return year


def _board(values: list[str]) -> ChosenBoard | None:
    if not any(values):
        return None
    if len(values) > 1:
        raise BadChoice(_("Välj en nämnd i taget."), 400)
    for board in organisation.every_board():
        if board.key == values[0]:
            return ChosenBoard(board.id, board.name, board.closed_at is not None)
    raise BadChoice(_("Vi känner inte till någon sådan nämnd."), 404)
