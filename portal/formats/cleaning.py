"""Cleaning of text that people type or paste: spaces, dashes, line ends and invisible characters. Pure.

Every field of every form is cleaned here first, by line() or body(); what a field accepts is decided on top.
Each function takes time in proportion to the length of its text.
"""

import re
import unicodedata

# The Stream-Safe Text Format (UAX 15, D4): normalisation sorts a run of marks in quadratic time.
MAX_MARKS = 30
# Letters that NFKC turns into marks: the half-width voiced sound marks of Japanese.
LETTERS_OF_MARKS = frozenset("\uff9e\uff9f")
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
DASHES = (
    "\\-\u02d7\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u2500\u2796\u2e17\u2e1a\u2e3a\u2e3b"
    "\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d\U00010ead"
)
DASH = re.compile(f"[{DASHES}]")
# Blank, though Unicode calls it a symbol.
BRAILLE_BLANK = "\u2800"
JOINER = "\u200d"
JOINERS = frozenset({"\u200c", JOINER})
KEYCAP = "\u20e3"
FIRST_LINES = re.compile(r"\A(?:[^\S\n]*+\n)+")
# Embeddings, overrides, isolates and marks of direction: pages isolate each text instead.
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
TAGS = "\U000e0000-\U000e007f"
# Soft hyphen, fillers, zero-width spaces, invisible operators, BOM, annotation, places of lost objects.
BLANKS = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffc\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
)
# A flag of a part of a country is a black flag, its letters as tags, and an end tag.
HIDDEN_OR_FLAG = re.compile(
    "(?P<flag>\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f)"
    f"|[{BLANKS}{BIDI_CONTROLS}{SELECTORS}{TAGS}\u200c\u200d]"
)
SELECTOR = re.compile(f"[{SELECTORS}]")
DIRECTION = re.compile(f"[{BIDI_CONTROLS}]")
ANNOTATION = re.compile("\ufff9([^\ufff9-\ufffb]*)\ufffa([^\ufff9-\ufffb]*)\ufffb")
# Bullets of Word's symbol fonts are private characters, which no other font can show.
BULLETS = str.maketrans(dict.fromkeys("\uf0a7\uf0b7\uf0d8\uf0fc", "•"))
SEPARATORS = re.compile(r"""[\s\-.,:;#!?()\[\]<>"'\u2018-\u201f\u00ab\u00bb]+""")


# Most lines: visible, in NFC and single-spaced as they are.
PLAIN_LINE = re.compile("[!-~ÅÄÖÉåäöéü]+(?: [!-~ÅÄÖÉåäöéü]+)*")


def line(text: str) -> str:
    """A text of one line: every run of spaces, tabs and line ends is one space, none at the ends."""
    if PLAIN_LINE.fullmatch(text):
        return text
    return " ".join(body(text).replace(BRAILLE_BLANK, " ").split())


def printable_line(text: str) -> str:
    """As line(), without characters that cannot be printed, such as those of control."""
    printable = [character for character in line(text) if character.isprintable() or character in JOINERS]
    return line("".join(printable))


def body(text: str) -> str:
    """A text of several lines: LF line ends, no invisible characters, NFC, no blank lines at the ends."""
    unified = LINE_ENDS.sub("\n", text).translate(BULLETS)
    return FIRST_LINES.sub("", normalized(unified)).rstrip()


def normalized(text: str) -> str:
    """A text in NFC with bounded marks and without invisible characters; its lines and spaces stay."""
    return unicodedata.normalize("NFC", cap_marks(without_hidden(text)))


FIRST_MARK = "\N{COMBINING GRAVE ACCENT}"


def cap_marks(text: str) -> str:
    """The text with at most MAX_MARKS combining marks in a row."""
    # No mark comes before these: most texts have none, and no letter of them is looked up.
    if text.isascii() or max(text) < FIRST_MARK:
        return text
    kept = []
    marks = 0
    for character in text:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or character in LETTERS_OF_MARKS


def without_hidden(text: str) -> str:
    """The text without invisible characters, except those that shape an emoji or a word."""
    annotated = ANNOTATION.sub(r"\1(\2)", text)
    kept: list[str] = []
    before = ""
    start = 0
    for match in HIDDEN_OR_FLAG.finditer(annotated):
        visible = annotated[start : match.start()]
        kept.append(visible)
        before = visible[-1:] or before
        start = match.end()
        if match["flag"] or _shapes(before, match[0], annotated[start : start + 1]):
            kept.append(match[0])
            before = match[0][-1]
    kept.append(annotated[start:])
    return "".join(kept)


def _shapes(before: str, hidden: str, after: str) -> bool:
    """Whether an invisible character changes how the visible ones beside it look."""
    if SELECTOR.match(hidden):
        return after == KEYCAP or _takes_selector(before)
    if hidden not in JOINERS or not before:
        return False
    if hidden == JOINER and _is_emoji(before) and _is_symbol(after):
        return True
    # A joiner shapes the last letter of a word too, as in Malayalam; a non-joiner only matters between two.
    return _is_complex(before) and (hidden == JOINER or _is_complex(after))


def _takes_selector(character: str) -> bool:
    if not character or character.isascii():
        return False
    category = unicodedata.category(character)
    return category in {"So", "Sm", "Po", "Sk"} or (category == "Lo" and character >= "\u1000")


def _is_emoji(before: str) -> bool:
    # After the sign itself come its selector or the colour of its skin.
    return bool(SELECTOR.match(before)) or unicodedata.category(before) in {"So", "Sm", "Sk", "Cf"}


def _is_symbol(after: str) -> bool:
    return bool(after) and unicodedata.category(after) in {"So", "Sm"}


def _is_complex(character: str) -> bool:
    """Whether it is a letter or a mark of a script beyond Latin, Greek, Cyrillic and Armenian."""
    return "\u0590" <= character < "\u1e00" and unicodedata.category(character)[0] in "LM"


def is_visible(text: str) -> bool:
    """Whether the text has a letter, a digit, a punctuation mark or a symbol that can be seen."""
    return PLAIN_LINE.fullmatch(text) is not None or any(
        unicodedata.category(character)[0] in "LNPS" and character != BRAILLE_BLANK
        for character in without_hidden(text)
    )


def tokens(text: str) -> list[str]:
    """The parts of a code or a number between spaces, dashes and punctuation, in capitals."""
    return [part for part in SEPARATORS.split(typed(text).upper()) if part]


def typed(text: str) -> str:
    """A line as it is typed on a keyboard: full-width characters as ASCII, every dash a hyphen."""
    return " ".join(unicodedata.normalize("NFKC", DASH.sub("-", line(text))).split())


def without_spaces(text: str) -> str:
    """As typed(), without the spaces."""
    return typed(text).replace(" ", "")


def without_direction(text: str) -> str:
    """The text without controls of direction, for media that cannot isolate it."""
    return DIRECTION.sub("", text)
