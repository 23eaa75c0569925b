"""The readability index of a Swedish text (LIX, Björnsson 1968). Pure."""

import re
from collections.abc import Iterator

# Below this the scale says "lättläst" or "normal".
HARD = 40
LONG = 7
# Of fewer words the number says little: one long word would move it by several.
MIN_WORDS = 20
# A shorter item of a list is a part of the sentence that it is in.
MIN_ITEM = 5
WORD = re.compile(r"[^\W_]+(?:[-'’:.][^\W_]+)*")
# A line that begins with a small letter goes on with the sentence before it.
BROKEN = re.compile(r"\n[ \t]*(?=[a-zåäöé])")
# A sentence ends before a capital letter, or with its line: not in "t.ex." or "kl. 10".
_CAPITAL = r"[ \t]+(?=[\"'”’(–-]*[A-ZÅÄÖÉ])"
END = re.compile(rf"[.!?][\"'”’)]*(?:{_CAPITAL}|[ \t]*\n)|:{_CAPITAL}")
ITEM = re.compile(r"[ \t]*(?:[*•–-]|\d{1,2}[.)])[ \t]+")
GREETING = re.compile(r"\A\s*(?:hej|hejsan|hallå|god dag)\b[^\n.,!?]{0,60}(?:[.,!?]|\n|$)", re.IGNORECASE)
CLOSING = re.compile(
    r"^(?:(?:med )?(?:bästa|vänliga?|varma) hälsning(?:ar)?|hälsningar|hälsar|mvh)\b[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)


def lix(text: str) -> int | None:
    """The words of a sentence on average, and the percentage of words of more than six signs.

    None for a text that is too short to measure. Addresses of the web and of e-mail are no words, and a
    greeting and a signature, which most letters share, are not measured.
    """
    words = sentences = long = 0
    for sentence in _sentences(_body(text)):
        own = _words(sentence)
        words += len(own)
        sentences += bool(own)
        long += sum(len(word) >= LONG for word in own)
    return round(words / sentences + 100 * long / words) if words >= MIN_WORDS else None


def _body(text: str) -> str:
    text = text.replace("\r\n", "\n")
    greeting, closing = GREETING.match(text), CLOSING.search(text)
    return text[greeting.end() if greeting else 0 : closing.start() if closing else len(text)]


def _sentences(text: str) -> Iterator[str]:
    part = ""
    for line in BROKEN.sub(" ", text).split("\n"):
        item = ITEM.match(line)
        own = line[item.end() :] if item else line
        part += f"{own}\n"
        if item and len(_words(own)) >= MIN_ITEM:
            yield from END.split(part)
            part = ""
    yield from END.split(part)


def _words(text: str) -> list[str]:
    return WORD.findall(" ".join(part for part in text.split() if not _is_address(part)))


def _is_address(part: str) -> bool:
    return "@" in part or "://" in part or part.startswith("www.")
