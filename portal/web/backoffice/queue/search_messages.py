"""What is said of a search in the queue: for what, in what, what was passed over, and how to widen it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases import reference_numbers
from portal.cases.enums import Piece
from portal.cases.queue.filters import View
from portal.cases.search import analysis
from portal.cases.search.snippets import Snippet
from portal.organisation import queries as organisation
from portal.web.backoffice.queue.filter_forms import Shown

MAX_QUOTED = 60
WHERE = {
    Piece.MESSAGE: _l("Träff i ett meddelande"),
    Piece.PARTY: _l("Träff på avsändaren"),
    Piece.SUBJECT: _l("Träff i rubriken"),
}


def quoted(words: str) -> str:
    """What was written, in quotation marks, cut to what a line holds."""
    short = words if len(words) <= MAX_QUOTED else f"{words[:MAX_QUOTED].rstrip()}…"
    return f"”{short}”"


def notes(words: str) -> list[str]:
    """What to say of words that could not be searched for as they stand, a sentence each."""
    query = analysis.parse(words)
    if not words:
        return []
    if reference_numbers.parse(organisation.profile().number_prefix, words):
        return [_("Det finns inget ärende %(number)s som du kan se.", number=words)]
    if not query.terms and query.common:
        return [_("Nästan alla texter har %(words)s. Skriv ett ord till.", words=", ".join(query.common))]
    if not query.terms:
        return [_("Skriv minst ett ord att söka på.")]
    if query.over:
        return [_("Vi sökte på de första %(most)s orden.", most=analysis.MAX_WORDS)]
    return []


def empty(what: Shown) -> tuple[str, str, str, str]:
    """What a search that found nothing says: heading, text, and a link's text and address."""
    words = what.filters.words
    heading = _("Inget ärende med %(words)s här", words=quoted(words))
    if href := wider(what):
        text = _("Vi sökte bara i den här vyn, med filtret som det är.")
        return heading, text, _("Sök i alla ärenden som du ser"), href
    searched = _("Vi sökte i rubriker, meddelanden, anteckningar, ärendenummer och avsändare.")
    hint = _("Pröva färre ord, eller början av ett ord.")
    return heading, f"{searched} {hint}", _("Rensa sökningen"), url_for("backoffice.queue")


def wider(what: Shown) -> str:
    """The address of the same words in all that the actor sees, closed cases too; empty if it is this one."""
    narrowed = set(what.address) - {"vy", "q", "ordning"}
    is_there = what.filters.view is View.NEWEST and not narrowed
    return (
        ""
        if is_there or not what.filters.words
        else url_for("backoffice.queue", vy=View.NEWEST.value, q=what.filters.words)
    )


def marked(excerpt: Snippet | None) -> dict[str, Any] | None:
    """A sentence as a row shows it: where it stands, and its parts."""
    return {"where": WHERE[excerpt.piece], "parts": excerpt.parts} if excerpt else None
