"""The template values of the page and of the print of a register."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from portal import clock
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.pagination import Page
from portal.register.rules import Period
from portal.translation import gettext as _
from portal.web.backoffice.register.request import Asked
from portal.web.backoffice.register.rows import RegisterRow, headings, rows
from portal.words import dates

ENDPOINT = "backoffice.register"


def values(wanted: Asked, entries: Page, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The page: a row for each entry, or errors by field."""
    query = wanted.query()
    labels = [("fran", _("Från och med")), ("till", _("Till och med"))]
    errors = errors or {}
    return {
        "board": wanted.board.name,
        "boards": _choices(wanted),
        "days": [(name, label, wanted.written[name], errors.get(name, "")) for name, label in labels],
        "errors": list(errors.items()),
        "notes": wanted.notes,
        "period": span(wanted.period) if wanted.period else "",
        "rows": rows(entries.rows),
        "before": url_for(ENDPOINT, **query, fore=entries.before) if entries.before else "",
        "after": url_for(ENDPOINT, **query, efter=entries.after) if entries.after else "",
        "print_href": url_for("backoffice.register_print", **query),
        "file_href": url_for("backoffice.register_file", **query),
    }


def _choices(wanted: Asked) -> list[tuple[str, str, bool]]:
    """The boards to choose between as (key, name, chosen); none where there is one."""
    if len(wanted.boards) < 2:
        return []
    return [(board.key, board.name, board.id == wanted.board.id) for board in wanted.boards]


def paper_values(
    actor: Staff, wanted: Asked, period: Period, printed: Sequence[RegisterRow]
) -> dict[str, Any]:
    """The print, with who printed it and when."""
    printer = people.person(actor.person).name
    return {
        "board": wanted.board.name,
        "period": span(period),
        "printed": _("Utskrivet av %(who)s %(when)s", who=printer, when=dates.full_moment(clock.now())),
        "headings": headings(),
        "rows": printed,
        "href": url_for(ENDPOINT, **wanted.query()),
    }


def span(period: Period) -> str:
    """The days of a period, as digits: a register may be read in any year."""
    if period.first == period.last:
        return period.first.isoformat()
    return _("%(first)s till %(last)s", first=period.first, last=period.last)


def too_long(most: int) -> str:
    """What to do when there are too many rows for one print or file."""
    return _("Perioden har fler än %(most)s rader. Välj en kortare.", most=f"{most:,}".replace(",", "\u00a0"))
