"""The readability index of a Swedish text (LIX, Björnsson 1968). Pure."""

import re

# Below this the scale says "lättläst" or "normal".
HARD = 40
LONG = 7
# Of fewer words the number says little: one long word would move it by several.
MIN_WORDS = 20
WORD = re.compile(r"[^\W_]+(?:[-'’:.][^\W_]+)*")
# A sentence ends before a capital letter: not in "t.ex." or "kl. 10".
# So is a line, as in a list, unless it goes on with a small letter.
END = re.compile(r"[.!?:][\"'”’)]*\s+(?=[\"'”’(–-]*[A-ZÅÄÖÉ])|\n(?![ \t]*[a-zåäöé])")


def lix(text: str) -> int | None:
    """The words of a sentence on average, and the percentage of words of more than six signs.

    None for a text that is too short to measure. Addresses of the web and of e-mail are no words.
    """
    words = sentences = long = 0
    for sentence in END.split(text):
        own = WORD.findall(" ".join(part for part in sentence.split() if not _is_address(part)))
        words += len(own)
        sentences += bool(own)
        long += sum(len(word) >= LONG for word in own)
    return round(words / sentences + 100 * long / words) if words >= MIN_WORDS else None


def _is_address(part: str) -> bool:
    return "@" in part or "://" in part or part.startswith("www.")
