"""The addresses of the portal, and what somebody gets who walks them."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from tests.page import Document, Page

# What stands in an address for each of its parts, once one case has been sent in.
PARTS = {
    "absence": "1",
    "membership": "1",
    "action": "take",
    "draft": "1",
    "file": "1",
    "improvement_id": "1",
    "report_id": "1",
    "chosen_id": "1",
    "filename": "kontakt.css",
    "handle": "gissad",
    "slug": "fraga",
    "language": "sv",
    "message": "1",
    "key": "park",
    "number": "KB-2026-000001",
    "provider": "personal",
    "session": "1",
    "task": "1",
    "template": "1",
    "token": "gissad",
    "view": "1",
    "visit": "1",
}
Visitors = dict[str, Page]
# A letter is no page of ours: it has its own rules in templates/email.
LETTERS = {"development.letter"}


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Every route that takes this method."""
    return (rule for rule in app.url_map.iter_rules() if method in (rule.methods or set()))


def address(rule: Rule) -> str:
    """The route with its parts filled in."""
    _domain, path = rule.build({name: PARTS[name] for name in rule.arguments}) or ("", "")
    return path


def answers(app: Flask, page: Page, *, pdfs: bool = False) -> Iterator[tuple[Rule, Document]]:
    """The response of every GET route to one visitor, each page checked as it is opened.

    PDFs only where they are asked for: each of them is a process.
    """
    for rule in rules(app, "GET"):
        if rule.endpoint in LETTERS or ("pdf" in rule.endpoint and not pdfs):
            continue
        yield rule, Document(page.client.get(address(rule), buffered=True))


def pages(app: Flask, visitors: Visitors) -> Iterator[Document]:
    """Every page that anybody gets; what is no page or leads elsewhere is left out."""
    for visitor in visitors.values():
        yield from (shown for _rule, shown in answers(app, visitor) if shown.html and not shown.location)
