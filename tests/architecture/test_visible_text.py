"""What stands on the pages is Swedish for people: no names from inside, nothing unfilled, nobody shouts."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.cases.enums import TaskKind
from portal.cases.lifecycle import Action, CloseReason, Status
from portal.cases.queue.filters import View
from portal.identity.actors import Role
from tests.architecture import routes
from tests.architecture.routes import Visitors
from tests.page import Document
from tests.web import steps

INSIDE = {word.value for words in (Status, Action, CloseReason, Role, View, TaskKind) for word in words}
SIGNS = {
    "a place that was not filled": re.compile(r"%\(|%s|\{\{|\}\}|\{%"),
    "a name from inside": re.compile(r"\b(None|True|False|LazyString|Undefined|lazy_gettext)\b"),
    "an object": re.compile(r"<[\w.]+ object|\bobject at 0x"),
    "somebody shouts": re.compile(r"!"),
    "a picture sign": re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]"),
    "a space before a stop": re.compile(r"\w [.,;:](?:\s|$)"),
    "an empty part of a line": re.compile(r"· ·|\(\)|, ,"),
}


def wrong_words(shown: Document) -> Iterator[str]:
    """What should not stand on a page, with the words around it."""
    for name, sign in SIGNS.items():
        yield from (
            f"{shown.path}: {name}: {around(shown.text, found)}" for found in sign.finditer(shown.text)
        )
    for word in set(re.findall(r"\w+", shown.text)) & INSIDE:
        yield f"{shown.path}: a word from inside: {word}"


def around(text: str, found: re.Match[str]) -> str:
    return text[max(found.start() - 20, 0) : found.end() + 20]


def test_every_page_is_in_swedish_says_what_it_is_about_and_shows_nothing_from_inside(
    app: Flask, visitors: Visitors
) -> None:
    registrar, number = visitors["staff"], routes.PARTS["number"]
    for action, changes in (("take", {}), ("note", {"body": "Hej."}), ("answer", {"body": "Ja."})):
        steps.act(registrar, number, action, changes=changes)
    seen = list(routes.pages(app, visitors))
    assert len(seen) > 30
    assert [fault for shown in seen for fault in wrong_words(shown)] == []
    for shown in seen:
        assert shown.find("html")["lang"] == "sv"
        title = shown.find("title").get_text()
        assert title.endswith(" – Kontakt Burlöv"), shown.path
        assert title.count(" – ") >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Läget är in_progress",
        "Svar från None",
        "Hej %(name)s",
        "Tack!",
        "Klart ✓",
        "Parken , gatan",
        "A · · B",
    ],
)
@pytest.mark.own_app
def test_what_should_not_be_shown_is_found(app: Flask, text: str) -> None:
    app.add_url_rule("/prov", "probe", lambda: page_of(text))
    shown = Document(app.test_client().get("/prov"))
    assert len(list(wrong_words(shown))) == 1


def page_of(text: str) -> str:
    return f'<!doctype html><html lang="sv"><title>Prov</title><main><h1>Prov</h1><p>{text}</p></main></html>'
