"""A subject from a text, where its writer gave none. Pure."""

import re

MAX_SUBJECT = 60
# The end of a sentence: a sign and a space, so that "kl. 8" may be one and "5.30" is none.
_END = re.compile(r"[.?!]\s")
_TRAILING = " .,;:–-"


def first_words(text: str) -> str:
    """The first sentence of the first line, at most MAX_SUBJECT characters: cut between words, with "…"."""
    lines = text.strip().splitlines()
    line = lines[0].strip() if lines else ""
    sentence = _END.split(f"{line} ", maxsplit=1)[0].strip()
    subject = sentence.rstrip(_TRAILING) or sentence
    if len(subject) <= MAX_SUBJECT:
        return subject
    head = subject[:MAX_SUBJECT]
    words, _space, _rest = head.rpartition(" ")
    return f"{(words or head[:-1]).rstrip(_TRAILING)}…"
