"""The first words of a case: one line, cut between words, never longer than is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.senders.first_words import LENGTH, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I sommar?", "I sommar?"),
        ("Hej\n\n  du\tdär ", "Hej du där"),
        ("", ""),
        ("x" * LENGTH, "x" * LENGTH),
        ("x" * (LENGTH + 1), "x" * LENGTH + " …"),
        ("ord " * 40, "ord " * 29 + "ord …"),
    ],
)
def test_a_text_is_one_line_that_is_cut_between_words(text: str, shown: str) -> None:
    assert shortened(text) == shown


@given(st.text(max_size=3 * LENGTH))
def test_what_is_shown_begins_the_text_and_is_never_longer(text: str) -> None:
    line = shortened(text)
    assert len(line) <= LENGTH + 2
    assert "\n" not in line
    assert shortened(line.removesuffix(" …")) == line.removesuffix(" …")
