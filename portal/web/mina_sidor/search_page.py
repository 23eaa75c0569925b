"""Template values of the search in a citizen's own cases."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.cases.models import Case
from portal.cases.queries import OwnCase
from portal.cases.search import analysis
from portal.cases.search.snippets import Snippet
from portal.cases.senders import search
from portal.cases.senders.search import OwnHit
from portal.identity.actors import Citizen
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web import current
from portal.web.mina_sidor.overview import Rows
from portal.words import dates
from portal.words.labels import SENDER_STATUS

# The address parameters with the words, and with how many cases are shown.
PARAMETER, SHOWN = "sok", "visa"
STEP, MAX_SHOWN = 20, 1200
MAX_LENGTH = 500


def page_values(actor: Citizen, words: str, shown: str) -> dict[str, Any]:
    """The hits, newest first, with the case whose number was written before all others."""
    count = _count(shown)
    numbered = current.case_by_number(actor, words) if words else None
    hits, more = search.hits(actor, words, count) if words else ([], False)
    rows = _rows(numbered, hits)
    return {
        "words": words,
        "rows": rows,
        "outcome": _outcome(words, len(rows), more),
        "more": url_for("mina_sidor.find", sok=words, visa=count + STEP) if more else "",
    }


def _count(shown: str) -> int:
    number = int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= 4 else STEP
    return min(max(number, STEP), MAX_SHOWN)


def _rows(numbered: Case | None, hits: Sequence[OwnHit]) -> list[dict[str, Any]]:
    rows = Rows()
    first = [_row(rows, numbered, None)] if numbered else []
    others = [hit for hit in hits if numbered is None or hit.case.id != numbered.id]
    return first + [_row(rows, hit.case, hit.snippet) for hit in others]


def _row(rows: Rows, case: Case | OwnCase, snippet: Snippet | None) -> dict[str, Any]:
    return rows.row(case) | {"snippet": snippet, "status": SENDER_STATUS[case.status].text}


def _outcome(words: str, count: int, more: bool) -> str:
    if not words:
        return ""
    if not analysis.parse(words).terms and not count:
        return _("Skriv minst ett ord som inte är så vanligt.")
    if not count:
        return _("Inget av dina ärenden har de orden. Prova färre ord, eller en början på ett ord.")
    if more:
        return _("De %(count)s senaste ärendena visas.", count=count)
    many = dates.capital(dates.number_word(count))
    return ngettext("Ett ärende.", "%(many)s ärenden.", count, many=many)
