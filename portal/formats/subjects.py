"""A subject from a text, where its writer gave none. Pure."""

import re

from portal.formats import identity_numbers

MAX_SUBJECT = 60
# The end of a sentence: a sign and a space, so that "kl. 8" may be one and "5.30" is none.
_END = re.compile(r"[.?!]\s")
_TRAILING = " .,;:–-"


def first_words(text: str) -> str:
    """The first sentence of the first line, at most MAX_SUBJECT characters: cut between words, with "…".

    Without the personnummer of the text, which the register need not have; empty if nothing else is in it.
    """
    line = _first_line(text)
    sentence = _END.split(f"{line} ", maxsplit=1)[0].strip()
    subject = sentence.rstrip(_TRAILING) or sentence
    if len(subject) <= MAX_SUBJECT:
        return subject
    head = subject[:MAX_SUBJECT]
    words, _space, _rest = head.rpartition(" ")
    return f"{(words or head[:-1]).rstrip(_TRAILING)}…"


def _first_line(text: str) -> str:
    rest = identity_numbers.without_numbers(text)
    lines = [" ".join(line.split()) for line in rest.strip().splitlines()]
    if rest == text:
        return lines[0] if lines else ""
    # What stood around a number may be a full stop alone.
    return next((line for line in lines if any(map(str.isalnum, line))), "")
