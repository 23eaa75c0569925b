"""Rows of a register, logged as displays of their senders before they leave: page by page, also in a file."""

from collections.abc import Iterator, Sequence
from itertools import chain

from portal.audit import read_log
from portal.formats import spreadsheet
from portal.identity.actors import Staff
from portal.organisation.models import Board
from portal.pagination import BEGINNING, place
from portal.register import queries as register
from portal.register.rules import Entry, Period
from portal.web.backoffice.register.rows import RegisterRow, headings, rows

# So many at a time in a print or a file, which are as long as their period.
BATCH = 500


def log(actor: Staff, entries: Sequence[Entry]) -> None:
    """Log each case whose sender is named, once; before anything of it is shown."""
    read_log.log_rows(actor, {entry.case for entry in entries if entry.names_sender})


def all_rows(actor: Staff, board: Board, period: Period) -> list[RegisterRow]:
    """Every row of a period."""
    return list(chain.from_iterable(_batches(actor, board, period)))


def lines(actor: Staff, board: Board, period: Period) -> Iterator[str]:
    """A file of a period, a batch of lines at a time.

    The first batch is read when this is called, so that a failure gives an error page and no broken file.
    """
    batches = _batches(actor, board, period)
    first = next(batches)
    head = spreadsheet.BYTE_ORDER_MARK + spreadsheet.line(headings())
    return chain([head], (_written(batch) for batch in chain([first], batches)))


def _written(batch: Sequence[RegisterRow]) -> str:
    return "".join(spreadsheet.line(register_row.cells()) for register_row in batch)


def _batches(actor: Staff, board: Board, period: Period) -> Iterator[list[RegisterRow]]:
    """At least one batch, which may be empty."""
    where, more = BEGINNING, True
    while more:
        page = register.entries(actor, board, period, where, BATCH)
        log(actor, page.rows)
        yield rows(page.rows)
        more = page.after is not None
        where = place(register.ORDER, page.after, None)
