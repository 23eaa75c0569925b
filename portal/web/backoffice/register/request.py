"""What the address of a register asks for: a board, a period and a place; and what of it cannot be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort

from portal import clock
from portal.identity.actors import Staff
from portal.organisation.models import Board
from portal.pagination import BEGINNING, BadCursor, Place, place
from portal.register import queries as register
from portal.register.rules import Period, PeriodProblem, read_period
from portal.translation import gettext as _


@dataclass(frozen=True)
class Asked:
    """A request: `written` is what the fields had, and `errors` the problem of each field."""

    boards: Sequence[Board]
    board: Board
    period: Period | None
    where: Place
    written: Mapping[str, str]
    errors: Mapping[str, str]
    notes: Sequence[str]

    def query(self) -> dict[str, Any]:
        """The same request as parameters of an address, without its place."""
        days = {"fran": self.period.first, "till": self.period.last} if self.period else {}
        return days | ({"namnd": self.board.key} if len(self.boards) > 1 else {})


def read(actor: Staff, parameters: Mapping[str, str]) -> Asked:
    """The request of an address. Aborts with 404 for staff who keep no register."""
    boards = register.boards(actor) or abort(404)
    written = {name: parameters.get(name, "") for name in ("fran", "till")}
    wanted = read_period(written["fran"], written["till"], clock.today())
    chosen, where = _board(boards, parameters.get("namnd", "")), _place(parameters)
    notes = []
    if chosen is None:
        notes.append(_("Nämnden i adressen har inget register som du ser, så en annan visas."))
    if where is None:
        notes.append(_("Sidan i adressen gick inte att läsa, så registret visas från början."))
    errors = {name: _problem(problem) for name, problem in wanted.problems.items()}
    if wanted.period:
        written = {"fran": wanted.period.first.isoformat(), "till": wanted.period.last.isoformat()}
    return Asked(boards, chosen or boards[0], wanted.period, where or BEGINNING, written, errors, notes)


def _board(boards: Sequence[Board], key: str) -> Board | None:
    return next((board for board in boards if board.key == key), None) if key else boards[0]


def _place(parameters: Mapping[str, str]) -> Place | None:
    try:
        return place(register.ORDER, parameters.get("efter"), parameters.get("fore"))
    except BadCursor:
        return None


def _problem(problem: PeriodProblem) -> str:
    return {
        PeriodProblem.UNREADABLE: _("Skriv dagen med år, månad och dag, till exempel 2026-05-18"),
        PeriodProblem.REVERSED: _("Välj en sista dag som inte är före den första"),
    }[problem]
