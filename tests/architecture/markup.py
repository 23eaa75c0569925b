"""What the house rules ask of templates. Jinja is set aside first; what is left reads as HTML or text."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
TEMPLATE_LINES = 150
# Marks that are the same in every language.
MARKS = {"Kontakt"}
# What stands where an expression stood; the second where it was one that writes the CSRF token.
VALUE, TOKEN = "\ue000", "\ue001"
WRITES_TOKEN = {"csrf_token", "hidden_tag", "hidden", "hidden_fields"}
TRANSLATORS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
SPOKEN = {"alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title"}
FRAGMENTS = ("layouts/", "components/", "email/", "sms/", "timeline/")


def templates(folder: Path, *suffixes: str) -> Iterator[tuple[str, str]]:
    """The name and the text of every template below a folder."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in (suffixes or (".html",)):
            yield file.relative_to(folder).as_posix(), file.read_text(encoding="utf-8")


def without_jinja(source: str, *, translated: bool = False) -> str:
    """The template with its lines where they were, but no Jinja; what is translated only if asked for."""
    out, translating = "", False
    statement: list[str] = []
    for line, kind, word in JINJA.lex(source):
        out += "\n" * (line - 1 - out.count("\n")) if kind == "data" else ""
        if kind == "data" and (translated or not translating):
            out += word
        elif kind.endswith("_begin"):
            statement = []
        elif kind == "variable_end":
            out += TOKEN if WRITES_TOKEN & set(statement) else VALUE
        elif kind == "block_end":
            translating = statement[0] == "trans" or (translating and statement[0] != "endtrans")
        elif kind == "name":
            statement.append(word)
    return out


class Markup(HTMLParser):
    """Reads what is left of a template and notes what breaks a rule, as (line, what)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[int, str]] = []
        self.inline: list[tuple[int, str]] = []
        self.unguarded: list[tuple[int, str]] = []
        self._silent = False
        self._form: int | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note code inside the page, text in attributes, and where a form that posts begins."""
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        self._silent = tag in {"script", "style"}
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append((line, f"<{tag}>"))
        self.inline += [(line, name) for name in given if name == "style" or name.startswith("on")]
        self.texts += [(line, given[name]) for name in given if spoken(tag, name, given)]
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = line
        if given.get("name") == "csrf_token":
            self._form = None

    def handle_endtag(self, tag: str) -> None:
        """A form that posts ends: its token must have been seen."""
        self._silent = False
        if tag == "form" and self._form is not None:
            self.unguarded.append((self._form, "<form>"))
            self._form = None

    def handle_data(self, data: str) -> None:
        """Text between the tags."""
        if TOKEN in data:
            self._form = None
        if not self._silent:
            self.texts.append((self.getpos()[0], data))


def spoken(tag: str, name: str, given: dict[str, str]) -> bool:
    """Whether a person meets the attribute as text."""
    button = tag == "input" and given.get("type") in {"submit", "button", "reset"}
    description = tag == "meta" and given.get("name") == "description"
    return name in SPOKEN or (name == "value" and button) or (name == "content" and description)


def words(text: str) -> list[str]:
    """The words of a text, marks aside."""
    return [word for word in re.findall(r"[^\W\d_]+", text) if word not in MARKS]


def bare_text(source: str, *, html: bool = True) -> list[str]:
    """Text that nobody can translate: it stands outside expressions and trans blocks."""
    left = without_jinja(source)
    texts = Markup(left).texts if html else list(enumerate(left.splitlines(), 1))
    found = ((line, " ".join(words(text))) for line, text in texts)
    return [f"{line}: {text}" for line, text in found if text]


def bare_literals(source: str) -> list[str]:
    """Text written in an expression without a translator around it, such as {{ button("Skicka") }}."""
    return [
        f"{one.lineno}: {one.value}" for one in _literals(JINJA.parse(source)) if _reads_as_text(one.value)
    ]


def _literals(node: nodes.Node) -> Iterator[nodes.Const]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node
    translated = isinstance(node, nodes.Call) and getattr(node.node, "name", "") in TRANSLATORS
    for child in [] if translated else node.iter_child_nodes():
        yield from _literals(child)


def _reads_as_text(literal: str) -> bool:
    looks = re.search(r"[åäöÅÄÖ]", literal) or re.match(r"[A-Z][a-z]", literal)
    return bool(looks and words(literal))


def inline_code(source: str) -> list[str]:
    """Script and style inside the page, which the content security policy refuses."""
    return [f"{line}: {what}" for line, what in Markup(without_jinja(source, translated=True)).inline]


def unguarded_forms(source: str) -> list[str]:
    """Forms that post without a CSRF token."""
    return [f"{line}: {what}" for line, what in Markup(without_jinja(source, translated=True)).unguarded]


def without_layout(folder: Path) -> list[str]:
    """Pages that extend no layout, directly or by another page."""
    pages = dict(templates(folder))
    whole = [name for name in pages if not name.startswith(FRAGMENTS) and "/_" not in f"/{name}"]
    return [name for name in whole if not _ends_in_layout(name, pages)]


def _ends_in_layout(name: str, pages: dict[str, str]) -> bool:
    while name in pages and not name.startswith("layouts/"):
        parent = JINJA.parse(pages[name]).find(nodes.Extends)
        name = str(getattr(parent.template, "value", "")) if parent else ""
    return name.startswith("layouts/")


def long_templates(folder: Path) -> list[str]:
    """Templates above their limit."""
    counted = {name: len(text.splitlines()) for name, text in templates(folder, ".html", ".txt")}
    return [f"{name}: {lines} lines" for name, lines in counted.items() if lines > TEMPLATE_LINES]
