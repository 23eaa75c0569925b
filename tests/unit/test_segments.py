"""The parts of an SMS: what Swedish costs nothing extra, what does, and where a text is cut."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.segments import BASIC, EXTENSION, Segments, count

SINGLE = st.text(st.sampled_from(sorted(BASIC)), max_size=700)
GSM = st.text(st.sampled_from(sorted(BASIC | EXTENSION)), max_size=700)
# Texts in which signs of two units are common, or no part would ever end beside one.
DOUBLED = st.text(st.sampled_from("aö€[^"), min_size=150, max_size=700)
WIDE = st.text(st.sampled_from("aö🐄ç🏳"), min_size=60, max_size=300)
ANY = GSM | DOUBLED | WIDE | st.text(max_size=300)


def encoded(text: str) -> bytes:
    """The text in UTF-16, an independent count of UCS-2 units."""
    return text.encode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("gsm-7", 0, 1)),
        ("a" * 160, Segments("gsm-7", 160, 1)),
        ("a" * 161, Segments("gsm-7", 161, 2)),
        ("a" * 306, Segments("gsm-7", 306, 2)),
        ("a" * 307, Segments("gsm-7", 307, 3)),
        ("åäöÅÄÖÉé", Segments("gsm-7", 8, 1)),
        ("€" * 80, Segments("gsm-7", 160, 1)),
        ("€" * 80 + "a", Segments("gsm-7", 161, 2)),
        ("ç" * 70, Segments("ucs-2", 70, 1)),
        ("ç" * 71, Segments("ucs-2", 71, 2)),
        ("ç" * 134, Segments("ucs-2", 134, 2)),
        ("ç" * 135, Segments("ucs-2", 135, 3)),
        ("🐄" * 35, Segments("ucs-2", 70, 1)),
        ("🐄" * 35 + "a", Segments("ucs-2", 71, 2)),
    ],
)
def test_the_borders_are_those_of_the_standard(text: str, expected: Segments) -> None:
    assert count(text) == expected


def test_a_sign_of_two_units_is_never_cut_in_half() -> None:
    # 153 is odd: 76 euro signs fill a part but for one unit that nothing can use.
    assert count("€" * 152) == Segments("gsm-7", 304, 2)
    assert count("€" * 153) == Segments("gsm-7", 306, 3)
    assert count("🐄" * 66) == Segments("ucs-2", 132, 2)
    assert count("🐄" * 67) == Segments("ucs-2", 134, 3)


def test_the_alphabet_has_127_signs_and_ten_that_count_twice() -> None:
    # 128 places, one of which is the escape that the ten signs are reached by.
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


@pytest.mark.parametrize("sign", ["ç", "`", "\t", "\x1b", "–", "”", "’", "…", "\u00a0", "á", "👍", "\ud800"])
def test_one_sign_outside_the_alphabet_changes_the_whole_text(sign: str) -> None:
    assert count("a" * 100 + sign) == Segments("ucs-2", 100 + len(encoded(sign)) // 2, 2)


@given(SINGLE)
def test_the_length_of_plain_text_is_its_number_of_signs(text: str) -> None:
    parts = 1 if len(text) <= 160 else -(-len(text) // 153)
    assert count(text) == Segments("gsm-7", len(text), parts)


@given(GSM)
def test_a_sign_of_the_extension_counts_twice(text: str) -> None:
    assert count(text).length == len(text) + sum(text.count(sign) for sign in EXTENSION)


@given(ANY)
def test_other_text_is_counted_as_utf_16_is(text: str) -> None:
    found = count(text + "ç")
    assert (found.encoding, found.length) == ("ucs-2", len(encoded(text + "ç")) // 2)


@given(DOUBLED | WIDE)
def test_no_other_way_of_cutting_gives_fewer_parts(text: str) -> None:
    found = count(text)
    alone, room = (160, 153) if found.encoding == "gsm-7" else (70, 67)
    sizes = [len(encoded(s)) // 2 if found.encoding == "ucs-2" else 1 + (s in EXTENSION) for s in text]

    @cache
    def fewest(start: int) -> int:
        ends = (end for end in range(start + 1, len(sizes) + 1) if sum(sizes[start:end]) <= room)
        # The last two ends are enough to try: cutting earlier than that leaves more to the next part.
        return 0 if start == len(sizes) else 1 + min(fewest(end) for end in sorted(ends)[-2:])

    assert found.parts == (1 if found.length <= alone else fewest(0))


@given(ANY, ANY)
def test_more_text_is_never_sent_in_fewer_parts(text: str, more: str) -> None:
    assert count(text + more).parts >= count(text).parts
