"""The sentence that was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.enums import Piece
from portal.cases.search import analysis
from portal.cases.search.snippets import MAX_LENGTH, snippet


def shown(text: str, query: str) -> str:
    """The sentence, with each hit in brackets."""
    found = snippet(Piece.MESSAGE, text, analysis.parse(query).terms)
    return "".join(f"[{part}]" if hit else part for part, hit in found.parts) if found else ""


def test_the_sentence_with_the_hit_is_shown() -> None:
    text = "Hej! Gungan vid kl. 10.02 är trasig.\n\nRing anna.l@exempel.se. Tack."
    assert shown(text, "trasigt") == "Gungan vid kl. 10.02 är [trasig]."
    assert shown(text, "anna.l@exempel.se") == "Ring [anna.l@exempel.se]."
    assert shown(text, "hej") == "[Hej]!"
    assert shown(text, "elefant") == ""


def test_the_sentence_with_the_most_hits_is_chosen() -> None:
    assert shown("En gunga. En trasig gunga. En gunga.", "gungor trasiga") == "En [trasig] [gunga]."


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "ord " * 100 + "gungan " + "ord " * 100
    found = shown(text, "gunga")
    assert found.startswith("… ord ")
    assert found.endswith(" ord …")
    assert "[gungan]" in found
    assert len(found) < MAX_LENGTH + 10


@pytest.mark.parametrize("text", ["x" * 500 + " gunga", "gunga " + "z" * 5000, "gunga " * 90])
def test_a_text_without_spaces_is_cut_too(text: str) -> None:
    found = shown(text, "gunga")
    assert "[gunga]" in found
    assert len(found) < MAX_LENGTH * 2 + 20


def test_markup_stays_text() -> None:
    assert shown("<b>gungan</b> & <script>", "gunga") == "<b>[gungan]</b> & <script>"


@given(st.text(alphabet="ab .!?\n-é", max_size=600), st.text(alphabet='ab "-é', max_size=30))
def test_what_is_shown_stands_in_the_text(text: str, query: str) -> None:
    terms = analysis.parse(query).terms
    found = snippet(Piece.MESSAGE, text, terms)
    assert bool(found) == bool(analysis.places(analysis.clean(text), terms))
    if found:
        assert any(hit for _part, hit in found.parts)
        said = "".join(part for part, _hit in found.parts)
        assert said.removeprefix("… ").removesuffix(" …") in analysis.clean(text)
