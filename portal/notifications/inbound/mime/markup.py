"""The text of an HTML letter. Pure, and linear in the length of the letter.

html.parser takes quadratic time for markup that is not closed, in the versions of Python that are supported
here; and nothing is drawn of the result, so a wrong guess about broken markup costs no more than a line.
"""

import re
from html import unescape

PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"})
# What begins on a line of its own too; the rest is within a line.
BLOCKS = frozenset(
    {"address", "article", "br", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "header"}
)
MORE_BLOCKS = frozenset({"aside", "center", "hr", "li", "main", "nav", "pre", "section", "tr"})
# Their content is no text for people.
UNREAD = frozenset({"head", "script", "style", "template", "title", "noscript", "svg", "math", "object"})
NAME = re.compile(r"/?([a-z][a-z0-9]{0,20})")
SPACES = re.compile(r"[ \t\r\n\f\v]+")
AROUND_LINES = re.compile(r" ?\n ?")
MANY_LINES = re.compile(r"\n{3,}")


def text_of(html: str) -> str:
    """The text of the markup, with a line for each block."""
    lowered = html.lower()
    # Of a few letters lower case is longer; then no place in one text is the same in the other.
    lowered = lowered if len(lowered) == len(html) else html
    pieces = []
    place = 0
    while (opening := html.find("<", place)) >= 0:
        pieces.append(_words(html[place:opening]))
        place, piece = _tag(lowered, opening)
        pieces.append(piece)
    pieces.append(_words(html[place:]))
    text = AROUND_LINES.sub("\n", "".join(pieces))
    return MANY_LINES.sub("\n\n", text).strip()


def _words(text: str) -> str:
    return SPACES.sub(" ", unescape(text))


def _tag(lowered: str, opening: int) -> tuple[int, str]:
    """The place after what begins with this "<", and what takes its place in the text."""
    if lowered.startswith("<!--", opening):
        return _after(lowered, "-->", opening), ""
    match = NAME.match(lowered, opening + 1)
    if match is None and lowered[opening + 1 : opening + 2] not in ("!", "?"):
        # A sign of its own, as in "1 < 2".
        return opening + 1, "<"
    end = _after(lowered, ">", opening)
    if match is None:
        return end, ""
    name = match[1]
    if name in UNREAD and not match[0].startswith("/"):
        return _after(lowered, ">", _after(lowered, f"</{name}", end)), ""
    return end, "\n\n" if name in PARAGRAPHS else "\n" if name in BLOCKS | MORE_BLOCKS else ""


def _after(text: str, part: str, start: int) -> int:
    """The place after the next occurrence of a part; the end if there is none."""
    index = text.find(part, start)
    return len(text) if index < 0 else index + len(part)
