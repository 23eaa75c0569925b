"""Texts about a search in the queue: its words, its hits, what was ignored and how to widen it."""

from typing import Any

from flask import url_for

from portal import clock
from portal.cases import reference_numbers
from portal.cases.enums import Piece
from portal.cases.queue.filters import View
from portal.cases.search import analysis
from portal.cases.search.snippets import Snippet
from portal.organisation import queries as organisation
from portal.pagination import Page
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext
from portal.web.backoffice.queue.filter_forms import QueueAddress
from portal.words import dates

MAX_QUOTED = 60
WHERE = {
    Piece.MESSAGE: _l("Träff i ett meddelande"),
    Piece.PARTY: _l("Träff på avsändaren"),
}


def quoted(words: str) -> str:
    """The search words in quotation marks, cut to what a line holds."""
    short = words if len(words) <= MAX_QUOTED else f"{words[:MAX_QUOTED].rstrip()}…"
    return f"”{short}”"


def notes(words: str) -> list[str]:
    """Why words were not searched for as they are written, a sentence each."""
    query = analysis.parse(words)
    if not words:
        return []
    # The view leads straight to the case of a number, so one that comes here leads to none.
    if reference_numbers.parse(organisation.profile().number_prefix, words):
        return [_("Det finns inget ärende %(number)s som du kan se.", number=words)]
    if not query.terms and query.common:
        return [_("Nästan alla texter har %(words)s. Skriv ett ord till.", words=", ".join(query.common))]
    if not query.terms:
        return [_("Skriv minst ett ord att söka på.")]
    if query.over:
        return [_("Vi sökte på de första %(most)s orden.", most=analysis.MAX_WORDS)]
    return []


def count_text(words: str, page: Page) -> str:
    """How many hits there are: a number if the page has all of them, else more than it has."""
    count = len(page.rows)
    wanted = _("med %(words)s", words=quoted(words))
    if page.before or page.after:
        return ngettext("Minst %(num)s ärende", "Minst %(num)s ärenden", max(count, 1)) + f" {wanted}"
    if not count:
        return _("Inga ärenden") + f" {wanted}"
    return ngettext("%(num)s ärende", "%(num)s ärenden", count) + f" {wanted}"


def reached(page: Page) -> list[str]:
    """How far a search has come that did not come to its end: a page reads so many cases at most."""
    moment = getattr(page, "reached", None)
    if moment is None:
        return []
    day = dates.full_date(clock.stockholm(moment).date())
    return [_("Vi har sökt till och med %(day)s. Nästa sida söker vidare därifrån.", day=day)]


def empty(address: QueueAddress) -> tuple[str, str, str, str]:
    """The texts of a search without hits: heading, text, and a link's text and URL."""
    words = address.filters.words
    heading = _("Inget ärende med %(words)s här", words=quoted(words))
    if href := wider(address):
        text = _("Vi sökte bara i den här vyn, med filtret som det är.")
        return heading, text, _("Sök i alla ärenden som du ser"), href
    searched = _("Vi sökte i rubriker, meddelanden, anteckningar, ärendenummer och avsändare.")
    hint = _("Prova med färre ord, eller början av ett ord.")
    return heading, f"{searched} {hint}", _("Rensa sökningen"), url_for("backoffice.queue")


def wider(address: QueueAddress) -> str:
    """The URL of the same search in all cases that the actor can read; empty if it is this page."""
    narrowed = set(address.address) - {"vy", "q", "ordning"}
    shows_all = address.filters.view is View.NEWEST and not narrowed
    if shows_all or not address.filters.words:
        return ""
    # The only view that holds closed cases too.
    return url_for("backoffice.queue", vy=View.NEWEST.value, q=address.filters.words)


def marked(excerpt: Snippet | None) -> dict[str, Any] | None:
    """A snippet as a row shows it: where the hit is, and (text, whether marked) of its parts."""
    return {"where": WHERE[excerpt.piece], "parts": excerpt.parts} if excerpt else None
