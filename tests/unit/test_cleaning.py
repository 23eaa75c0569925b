"""Cleaning of pasted text: one way for every field."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.formats import cleaning

LINE_ENDS = ["\r\n", "\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029"]
HIDDEN_AT_ENDS = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u034f",
    "\ufe0f",
    "\U000e0100",
    "\u180e",
    "\u3164",
    "\U000e0041",
    "\ufff9",
    "\ufffc",
    "\u061c",
]
DIRECTION = [chr(code) for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
SPACES = [character for character in map(chr, range(0x3001)) if unicodedata.category(character) == "Zs"]
KEPT = [
    "👩\u200d🚒",
    "❤\ufe0f\u200d🔥",
    "👨🏽\u200d🌾",
    "🏳\ufe0f\u200d🌈",
    "1\ufe0f\u20e3",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "می\u200cخواهم",
    "क्\u200dष",
    "അവന്\u200d",
    "葛\U000e0100城",
    "☎\ufe0e",
]


@pytest.mark.parametrize("end", LINE_ENDS)
def test_every_line_end_is_a_newline_in_a_body_and_a_space_in_a_line(end: str) -> None:
    assert cleaning.body(f"{end}ett{end}två{end}") == "ett\ntvå"
    assert cleaning.line(f"{end}ett{end}två{end}") == "ett två"


def test_a_tab_stays_in_a_body_and_is_a_space_in_a_line() -> None:
    assert cleaning.body("a\tb") == "a\tb"
    assert cleaning.line("a\tb") == "a b"


def test_the_first_line_keeps_its_indentation() -> None:
    assert cleaning.body(" \n\t\n  ett\n  två  \n\n") == "  ett\n  två"


@pytest.mark.parametrize("space", SPACES)
def test_every_space_is_one_space_in_a_line(space: str) -> None:
    assert cleaning.line(f"{space}a{space}{space}b{space}") == "a b"


@pytest.mark.parametrize("hidden", HIDDEN_AT_ENDS + DIRECTION)
def test_what_is_not_seen_is_removed_at_the_ends_and_inside_a_word(hidden: str) -> None:
    written = f"{hidden}Ma{hidden}ja{hidden}"
    assert (cleaning.line(written), cleaning.body(written)) == ("Maja", "Maja")
    assert not cleaning.is_visible(hidden * 3)


def test_interlinear_annotation_is_made_visible() -> None:
    assert cleaning.line("\ufff9東京\ufffaTokyo\ufffb") == "東京(Tokyo)"


def test_bullets_of_word_are_bullets() -> None:
    assert cleaning.body("\uf0b7 ett\n\uf0b7 två") == "• ett\n• två"


@pytest.mark.parametrize("text", KEPT)
def test_what_shapes_an_emoji_or_a_word_stays(text: str) -> None:
    assert cleaning.line(text) == unicodedata.normalize("NFC", text)
    assert cleaning.line(f"Hej {text} du") == f"Hej {text} du"


@pytest.mark.parametrize("text", ["", " \n\t", "\u2800", "\u200b\ufeff", "\u0301", "\u3164", "\x07"])
def test_a_text_without_a_visible_character_is_not_visible(text: str) -> None:
    assert not cleaning.is_visible(text)


@pytest.mark.parametrize("text", ["a", "1", "?", "🌳", "私", "م", "\u200b.\u200b"])
def test_one_character_that_is_seen_is_enough(text: str) -> None:
    assert cleaning.is_visible(text)


def test_a_decomposed_text_is_as_long_as_it_looks() -> None:
    assert len(cleaning.body("a\N{COMBINING RING ABOVE}" * 20_000)) == 20_000


def test_marks_in_a_row_are_capped() -> None:
    assert len(cleaning.body("x" + "\u0323" * 10_000)) == 1 + cleaning.MAX_MARKS
    assert len(cleaning.body("x\u0323" * 100)) == 100 * len(unicodedata.normalize("NFC", "x\u0323"))


def test_every_character_that_normalisation_sorts_counts_as_a_mark() -> None:
    for code in range(0x110000):
        character = chr(code)
        if unicodedata.combining(unicodedata.normalize("NFKD", character)[0]):
            assert len(cleaning.cap_marks("x" + character * 40)) == 1 + cleaning.MAX_MARKS, hex(code)


def test_every_dash_of_unicode_is_a_hyphen_when_it_is_typed() -> None:
    dashes = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Pd"]
    for dash in [*dashes, "\u2212", "\u2043"]:
        assert cleaning.typed(f"a{dash}1") == "a-1", hex(ord(dash))


def test_full_width_characters_are_typed_as_ascii() -> None:
    assert cleaning.typed("ｍａｊａ＠ｅｘｅｍｐｅｌ．ｓｅ") == "maja@exempel.se"
    assert cleaning.without_spaces("０７０ － １７４") == "070-174"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaning.body(cleaning.body(text)) == cleaning.body(text)
    assert cleaning.line(cleaning.line(text)) == cleaning.line(text)


@given(st.text(st.characters(categories=["L", "N", "P", "So"], max_codepoint=0x24FF), max_size=50))
def test_what_is_seen_stays(text: str) -> None:
    assert cleaning.line(text) == unicodedata.normalize("NFC", text)
