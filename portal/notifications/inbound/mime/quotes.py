"""The quoted letter below a reply, which is cut only where it is certain that it is ours. Pure."""

import re

ATTRIBUTION = re.compile(r"\b(?:skrev|wrote)\b[^\n]{0,200}:\s*\Z")
MAX_LINE = 500


def without_quote(text: str, own: str) -> str:
    """The text without a quote at its end, if that quotes our own letter, which has a link to `own`.

    Whatever is between or after quoted lines keeps them all: they may be what the reply is about.
    """
    lines = text.rstrip().split("\n")
    start = len(lines)
    while start > 0 and (not lines[start - 1].strip() or lines[start - 1].lstrip().startswith(">")):
        start -= 1
    quoted = lines[start:]
    if start == 0 or not any(own in line for line in quoted if own):
        return text
    if not ATTRIBUTION.search(lines[start - 1][-MAX_LINE:]):
        return text
    return "\n".join(lines[: start - 1]).rstrip() or text
